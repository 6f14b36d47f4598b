"""How soon a key shows on the screen with many targets, and whether a save holds the screen.

Run: ``python benchmarks/console_scale.py [TARGETS] [KEYS]``. The console runs in a pseudo-terminal
of 120x36; a key's time ends with the last byte that it makes the console write. Prints medians;
decides nothing.
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
from pathlib import Path

from dcmecho.console.app import ConsoleApp

_QUIET_S = 0.08
"""After so long without a byte a key is done."""
_SAMPLE_S = 0.001


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
            for name, pressed in steps(keys):
                times = [terminal.press(key) for key in pressed]
                median, worst = statistics.median(times), max(times)
                sys.stdout.write(f"  {name:<26}  {median:7.1f} ms   worst {worst:.1f} ms\n")
        asyncio.run(_save(profiles))


def steps(keys: int) -> Sequence[tuple[str, Sequence[bytes]]]:
    """What is pressed, one after the other, on a list that begins at its top."""
    return (
        ("cursor down", [b"j"] * keys),
        ("page down", [b"\x1b[6~"] * keys),
        ("mark", [b" "] * keys),
        ("marks away", [b"\x1b"]),
        ("open the filter", [b"/"]),
        ("filter, a keystroke", [bytes([each]) for each in b"scanner 4999"]),
        ("filter, taken back", [b"\x7f"] * 8),
        ("filter, kept", [b"\r"]),
        ("filter, taken away", [b"\x1b"]),
        ("edit in the row", [b"e"]),
        ("a character in the row", [b"x"] * keys),
        ("next cell", [b"\t"] * keys),
        ("all fields", [b"\x0f"]),
        ("a character in the form", [b"x"] * keys),
        ("next field", [b"\t"] * keys),
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
    """The console as a child on a pseudo-terminal."""

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
        self.opened_ms = self._last_byte_ms(began, patience_s=10.0, quiet_s=1.0)
        return self

    def __exit__(self, *_: object) -> None:
        self._child.send_signal(signal.SIGTERM)
        self._last_byte_ms(time.perf_counter(), patience_s=0.5, quiet_s=0.5)
        self._child.wait(timeout=10)
        os.close(self._master)

    def press(self, key: bytes) -> float:
        """Press a key. Gives the ms to the last byte that it made the console write."""
        began = time.perf_counter()
        os.write(self._master, key)
        return self._last_byte_ms(began, patience_s=2.0, quiet_s=_QUIET_S)

    def _last_byte_ms(self, began: float, patience_s: float, quiet_s: float) -> float:
        last = began
        wait_s = patience_s
        while select.select([self._master], [], [], wait_s)[0]:
            try:
                os.read(self._master, 65536)
            except OSError:
                break
            last = time.perf_counter()
            wait_s = quiet_s
        return (last - began) * 1000


async def _save(profiles: Path) -> None:
    app = ConsoleApp(profiles)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await pilot.press("e", "x")
        lags: list[float] = []
        sampler = asyncio.create_task(_sample(lags))
        before = profiles.stat().st_ino
        began = time.perf_counter()
        await pilot.press("enter")
        while profiles.stat().st_ino == before or len(app.screen.query("#cells")):
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
