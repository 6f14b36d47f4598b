"""Consoles that lose their terminal at a random moment, and what is left of them."""

from __future__ import annotations

import os
import pty
import random
import select
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import Popen
from time import monotonic
from uuid import uuid4

from tests.console.terminal.on_a_terminal import PATHS
from tests.network.peers.ssh_server import SshServer

ENDED_WITHIN_S = 2.0
"""The promise: no process of ours outlives its terminal, or a signal to end, by this."""

_KEYS = (
    b"",
    b"q",
    b"r",
    b"a",
    b"w",
    b"L",
    b"g",
    b"eabc",
    b"nxyz",
    b"s",
    b"\x03",
    b":",
    b"?",
    b"/x",
)
"""What the user may have typed last."""

_MARK = "DCMECHO_TEST_MARK"
_ON_ITS_TERMINAL = ("setsid", "--ctty")
_IN_A_SHELL = (*_ON_ITS_TERMINAL, "sh", "-c", '"$@"; true', "sh")
"""A shell that leads the session, as after a login, and then the console in it."""


class LostConsole:
    """A console on a terminal that it will lose; ``main`` is our end of it."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], mark: str) -> None:
        self._mark = mark
        self.main, side = pty.openpty()
        self._process = Popen(command, stdin=side, stdout=side, stderr=side, env=env)
        os.close(side)

    @property
    def left(self) -> list[int]:
        """The processes of the console that live."""
        self._process.poll()
        return [int(each.name) for each in Path("/proc").iterdir() if _has(each, self._mark)]

    def read_for(self, seconds: float) -> None:
        """Let time pass, and take what is written meanwhile."""
        until = monotonic() + seconds
        while (rest := until - monotonic()) > 0:
            ready = [self.main] if self.main >= 0 else []
            if select.select(ready, [], [], rest)[0]:
                with suppress(OSError):
                    os.read(self.main, 65536)

    def type_at(self, draw: random.Random) -> None:
        """Wait for a random moment; before most of them the user has seen it and typed."""
        if draw.random() < 0.25:
            self.read_for(draw.uniform(0.0, 1.5))
            return
        seen = b""
        while b"Quit" not in seen:
            seen += os.read(self.main, 65536)
        os.write(self.main, draw.choice(_KEYS))
        self.read_for(draw.uniform(0.0, 0.8))

    def close(self) -> None:
        """Hang up."""
        if self.main >= 0:
            os.close(self.main)
            self.main = -1

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to each of its processes."""
        for pid in self.left:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def end(self) -> None:
        """Kill what is left."""
        self.signal(signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        self.close()


@contextmanager
def console_at_a_random_moment(profiles: Path, seed: int) -> Iterator[LostConsole]:
    """Open a console, type something, and give it at a random moment afterwards."""
    draw, mark = random.Random(seed), str(uuid4())
    lead = _IN_A_SHELL if draw.random() < 0.5 else _ON_ITS_TERMINAL
    yield from _at_a_moment(
        LostConsole((*lead, *_console(profiles)), _environment(profiles, mark), mark), draw
    )


@contextmanager
def console_over_ssh(profiles: Path, server: SshServer, seed: int) -> Iterator[LostConsole]:
    """Give a console at a random moment behind a connection to ``server``."""
    draw, mark = random.Random(seed), str(uuid4())
    command = server.command(_console(profiles), _environment(profiles, mark))
    yield from _at_a_moment(LostConsole(command, PATHS, mark), draw)


def _at_a_moment(console: LostConsole, draw: random.Random) -> Iterator[LostConsole]:
    try:
        console.type_at(draw)
        yield console
    finally:
        console.end()


def _console(profiles: Path) -> Sequence[str]:
    return (sys.executable, "-m", "dcmecho", "--profiles", str(profiles))


def _environment(profiles: Path, mark: str) -> dict[str, str]:
    size = {"COLUMNS": "80", "LINES": "24"}
    terminal = {"TERM": "xterm-256color", "LANG": "C.UTF-8", **size}
    return {**PATHS, **terminal, "HOME": str(profiles.parent), _MARK: mark}


def _has(process: Path, mark: str) -> bool:
    try:
        return f"{_MARK}={mark}".encode() in (process / "environ").read_bytes()
    except OSError:
        return False
