"""Standard streams that were closed, that are full, or whose reader has exited."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TextIO


class LostOutput(io.TextIOBase):
    """Stands for stdout once it cannot be written; ``reason`` says why. Discards all text."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason

    def write(self, text: str, /) -> int:
        """Discard ``text``."""
        return len(text)


class LenientStream(io.TextIOBase):
    """A stream of messages. What cannot be written is lost: a check goes on without it."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    def write(self, text: str, /) -> int:
        """Write what is possible."""
        with contextlib.suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush what is possible."""
        with contextlib.suppress(OSError):
            self._stream.flush()

    def isatty(self) -> bool:
        """Report whether it is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """Return its descriptor."""
        return self._stream.fileno()


def prepare() -> None:
    """Make the standard streams usable, whatever the caller did with them."""
    # They are None if the caller closed them (<&- >&-).
    sys.stdin = sys.stdin or open(os.devnull)  # noqa: SIM115
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.stderr = LenientStream(sys.stderr)


def lose_stdout(error: OSError) -> None:
    """Discard all further output, because stdout cannot be written."""
    sys.stdout = LostOutput(error.strerror or str(error))


def lost_stdout() -> str:
    """Return why stdout could not be written; empty if all was."""
    return sys.stdout.reason if isinstance(sys.stdout, LostOutput) else ""
