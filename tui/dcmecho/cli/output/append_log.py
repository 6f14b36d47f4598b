"""Appends lines to a file for days: it may be rotated, and the disk may be full for a while."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK
"""``O_NONBLOCK``: a pipe that nobody reads is an error, not a wait."""

_OWNER_ONLY = 0o600
"""Addresses and AE titles are nobody else's business."""


class AppendLog:
    """Each line is written whole, with one ``write``. Raises ``OSError`` where it cannot be opened.

    Later faults are told once on stderr, and again when it works again; lines meanwhile are lost.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = os.open(path, _FLAGS, _OWNER_ONLY)
        self._torn = False
        self._lost = 0

    def write(self, line: str) -> None:
        """Append one line, to the file that has the name now. Raises nothing."""
        try:
            self._append(self._current(), line)
        except OSError as error:
            if not self._lost:
                reason = error.strerror or str(error)
                _say(f"{self._path} cannot be written: {reason}; the watch goes on without it")
            self._lost += 1
        else:
            if self._lost:
                lines = "1 line was lost" if self._lost == 1 else f"{self._lost} lines were lost"
                _say(f"{self._path} is written again; {lines}")
            self._lost = 0

    def close(self) -> None:
        """Close the file. Raises nothing."""
        if self._file is not None:
            with suppress(OSError):
                os.close(self._file)
            self._file = None

    def _append(self, file: int, line: str) -> None:
        # A line that was cut off by a full disk must not swallow the next one.
        data = ("\n" if self._torn else "").encode() + line.encode() + b"\n"
        written = os.write(file, data)
        if written < len(data):
            self._torn = True
            os.write(file, data[written:])
        self._torn = False

    def _current(self) -> int:
        """The open file, or the new one of its name where it was moved away or removed."""
        if self._file is not None and not self._is_current(self._file):
            self.close()
            self._torn = False
        if self._file is None:
            self._file = os.open(self._path, _FLAGS, _OWNER_ONLY)
        return self._file

    def _is_current(self, file: int) -> bool:
        try:
            return os.path.samestat(os.stat(self._path), os.fstat(file))
        except FileNotFoundError:
            return False


def _say(text: str) -> None:
    with suppress(OSError):
        sys.stderr.write(f"dcmecho: {text}\n")
