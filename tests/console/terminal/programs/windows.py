"""Terminal programs that open a window, on a display of their own (Xvfb)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from tests.console.terminal.on_a_terminal import OPEN, PATHS
from tests.network.peers.real_peers import require_program

_PATIENCE_S = 40.0


@dataclass(frozen=True, slots=True)
class Display:
    """An X server without a screen."""

    name: str

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Display]:
        """Run Xvfb on a free display; skips if it is missing."""
        command = [
            require_program("Xvfb", "xvfb"),
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1280x800x24",
        ]
        reading, writing = os.pipe()
        server = subprocess.Popen(command, stdout=writing, stderr=subprocess.DEVNULL)
        os.close(writing)
        try:
            with open(reading, encoding="ascii") as output:
                number = output.readline().strip()
            yield cls(f":{number}")
        finally:
            server.kill()
            server.wait()

    def do(self, *command: str) -> str:
        """Run an X program on this display, and return what it prints."""
        done = subprocess.run(
            [require_program(command[0], command[0]), *command[1:]],
            env={**os.environ, "DISPLAY": self.name},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout


@dataclass(frozen=True, slots=True)
class Window:
    """The window of a terminal program with the console in it."""

    display: Display
    id: str
    process: subprocess.Popen[bytes]

    def press(self, *keys: str) -> None:
        """Press keys, by their X names, in this window."""
        self.display.do("xdotool", "windowfocus", "--sync", self.id)
        for key in keys:
            self.display.do("xdotool", "key", key)

    def picture(self, path: Path) -> None:
        """Save what the window shows as a PNG file (ImageMagick)."""
        self.display.do("import", "-window", self.id, str(path))


@contextmanager
def window(
    display: Display, program: Sequence[str], profiles: Path, code: str = OPEN
) -> Iterator[Window]:
    """Open the console in a terminal program; it gives its window a title when it is ready."""
    require_program(program[0], program[0])
    process = subprocess.Popen(
        [*program, "-e", sys.executable, "-c", code, str(profiles)],
        env={**PATHS, "HOME": str(profiles.parent), "DISPLAY": display.name, "LANG": "C.UTF-8"},
        cwd=profiles.parent,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        found = ""

        def is_open() -> bool:
            nonlocal found
            found = display.do("xdotool", "search", "--name", "^dcmecho: ")
            return bool(found)

        wait_until(is_open)
        yield Window(display, found.rsplit(maxsplit=1)[-1], process)
    finally:
        process.kill()
        process.wait()


def wait_until(condition: Callable[[], bool]) -> None:
    """Ask until ``condition`` is true. Fails if it never is."""
    deadline = monotonic() + _PATIENCE_S
    while not condition():
        assert monotonic() < deadline, "did not come about"
