"""How soon a key shows on the screen with many targets, and whether a save blocks it.

Run: ``python benchmarks/console_scale.py [TARGETS] [KEYS]``. The console runs in a pseudo-terminal
of 120x36; a key's time ends with the last byte that it makes the console write. The tables also
show the processor time of the key, which other programs on the machine hardly change, and the bytes
that it made the console write. Prints medians; no pass or fail.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from console_on_pty import read_as_terminal

from dcmecho.console.app import ConsoleApp
from dcmecho.console.main.screen import MainScreen

_QUIET_S = 0.08
"""Time without output after which a key is done."""
_IDLE_SHARE = 0.02
"""Share of a processor that timers take while idle."""
_SAMPLE_S = 0.001
_PATIENCE_S = 30.0
_ESCAPE = b"\x1b[27u"
"""Escape as modern terminals send it, so the console need not wait for more bytes."""


def main() -> None:
    """Time keys through the terminal, then the event loop while a save is written."""
    targets = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    keys = int(sys.argv[2]) if len(sys.argv) > 2 else 15
    with tempfile.TemporaryDirectory() as folder:
        profiles = Path(folder) / "profiles.toml"
        write_profiles(profiles, targets)
        sys.stdout.write(f"{targets} targets, medians of {keys} keys, key to last painted byte\n")
        with Terminal(profiles) as terminal:
            sys.stdout.write(f"  first screen                {terminal.opened_ms:7.1f} ms\n")
            measured: dict[str, list[Answer]] = {}
            for name, key in steps(keys):
                measured.setdefault(name, []).append(terminal.press(key))
            for name, answers in measured.items():
                sys.stdout.write(f"  {name:<26}  {_words(answers)}\n")
        # A file of its own, because the console keeps what was typed for the other one.
        saved = Path(folder) / "saved.toml"
        write_profiles(saved, targets)
        asyncio.run(_save(saved))


@dataclass(frozen=True, slots=True)
class Answer:
    """The effect of a key: ms to the last byte, ms of processor time, bytes written."""

    wall_ms: float
    cpu_ms: float
    bytes_written: int


def _words(answers: Sequence[Answer]) -> str:
    walls = [answer.wall_ms for answer in answers]
    cpu_ms = statistics.median(answer.cpu_ms for answer in answers)
    written = statistics.median(answer.bytes_written for answer in answers)
    return (
        f"{statistics.median(walls):7.1f} ms   worst {max(walls):6.1f} ms"
        f"   processor {cpu_ms:5.1f} ms   {written:6.0f} bytes"
    )


def steps(keys: int) -> Sequence[tuple[str, bytes]]:
    """The keys to press, in order, starting at the top of the list."""
    page = (("page down", b"\x1b[6~"),)
    typed = [("filter, a keystroke", bytes([each])) for each in b"scanner 4"]
    filtered = (
        ("open the filter", b"/"),
        *typed,
        *[("filter, taken back", b"\x7f")] * 3,
        ("filter, kept", b"\r"),
        ("filter, taken away", _ESCAPE),
    )
    in_row = (("edit in the row", b"e"), ("leave the row", _ESCAPE))
    in_form = (("edit all fields", b"E"), ("leave the form", _ESCAPE))
    return (
        *[("cursor down", b"j")] * keys,
        *page * keys,
        *[("mark", b" ")] * keys,
        ("marks away", _ESCAPE),
        *filtered * max(1, keys // 5),
        *in_row * keys,
        *in_form * keys,
        ("edit in the row", b"e"),
        *[("a character in the row", b"x")] * keys,
        *[("next cell", b"\t")] * keys,
        ("from the row to all fields", b"\x0f"),
        *[("a character in the form", b"x")] * keys,
        *[("next field", b"\t")] * keys,
    )


def write_profiles(path: Path, targets: int) -> None:
    """Make a file of many targets in groups of fifty."""
    path.write_text(
        '[defaults]\ncalling_ae = "MY_WORKSTATION"\n\n'
        + "".join(
            f'[[target]]\nname = "Scanner {n} of the house"\ngroup = "Group {n // 50}"\n'
            f'host = "10.{n // 62500}.{n // 250 % 250}.{n % 250 + 1}"\nport = 104\n'
            f'called_ae = "CT_{n:05d}"\n\n'
            for n in range(targets)
        )
    )


class Terminal:
    """The console as a child process on a pseudo-terminal."""

    def __init__(self, profiles: Path) -> None:
        self._profiles = profiles

    def __enter__(self) -> Terminal:
        self._master, side = pty.openpty()
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
        began = time.perf_counter()
        self._child = subprocess.Popen(
            [sys.executable, "-m", "dcmecho", "--profiles", str(self._profiles)],
            stdin=side,
            stdout=side,
            stderr=side,
            start_new_session=True,
            env=os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
        )
        os.close(side)
        self.opened_ms, _ = self._last_byte(began, patience_s=10.0, quiet_s=1.0)
        return self

    def __exit__(self, *_: object) -> None:
        self._child.send_signal(signal.SIGTERM)
        self._last_byte(time.perf_counter(), patience_s=0.5, quiet_s=0.2)
        self._child.wait(timeout=10)
        os.close(self._master)

    def press(self, key: bytes) -> Answer:
        """Press a key, and return its effect up to the last byte that the console writes."""
        cpu_before_ms, began = self._cpu_ms, time.perf_counter()
        os.write(self._master, key)
        wall_ms, written = self._last_byte(began, patience_s=1.0, quiet_s=_QUIET_S)
        return Answer(wall_ms, self._cpu_ms - cpu_before_ms, written)

    @property
    def _cpu_ms(self) -> float:
        """Return the processor time of all threads of the console so far (``schedstat``: ns)."""
        return sum(int(each.split()[0]) for each in self._of_threads("schedstat")) / 1e6

    @property
    def _rests(self) -> bool:
        """Report whether no thread runs or waits for a processor."""
        return all(each.rpartition(")")[2].split()[0] == "S" for each in self._of_threads("stat"))

    def _of_threads(self, file: str) -> Sequence[str]:
        return [
            path.read_text() for path in Path(f"/proc/{self._child.pid}/task").glob(f"*/{file}")
        ]

    def _last_byte(self, began: float, patience_s: float, quiet_s: float) -> tuple[float, int]:
        """Return the ms from ``began`` to the last byte, and the number of bytes.

        The last one is that after which nothing came, and nothing was worked at, for ``quiet_s``.
        """
        last, written, worked_ms = began, 0, self._cpu_ms
        while True:
            if select.select([self._master], [], [], quiet_s)[0]:
                try:
                    written += len(read_as_terminal(self._master))
                except OSError:
                    break
                last = time.perf_counter()
            else:
                before_ms, worked_ms = worked_ms, self._cpu_ms
                is_still = self._rests and worked_ms - before_ms < _IDLE_SHARE * quiet_s * 1000
                is_late = time.perf_counter() - last > patience_s
                if is_still and (last > began or is_late):
                    break
        return (last - began) * 1000, written


async def _save(profiles: Path) -> None:
    app = ConsoleApp(profiles)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        screen = next(each for each in app.screen_stack if isinstance(each, MainScreen))
        await pilot.press("e", "x")
        lags: list[float] = []
        sampler = asyncio.create_task(_sample(lags))
        before = profiles.stat().st_ino
        began = time.perf_counter()
        await pilot.press("enter")
        async with asyncio.timeout(_PATIENCE_S):
            while profiles.stat().st_ino == before or screen.editing.editor is not None:
                await asyncio.sleep(_SAMPLE_S)
        took = time.perf_counter() - began
        sampler.cancel()
    sys.stdout.write(
        f"  save of one field           {took * 1000:7.1f} ms   the screen waited at most"
        f" {max(lags) * 1000:.1f} ms, median {statistics.median(lags) * 1000:.1f} ms\n"
    )


async def _sample(lags: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(_SAMPLE_S)
        lags.append(time.perf_counter() - began - _SAMPLE_S)


if __name__ == "__main__":
    main()
