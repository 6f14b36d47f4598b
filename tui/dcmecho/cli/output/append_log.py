"""Appends lines to a file for days, through log rotation and times of a full disk."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK
"""``O_NONBLOCK`` makes a pipe without a reader an error instead of blocking."""

_OWNER_ONLY = 0o600
"""The lines hold addresses and AE titles, which other users must not read."""


class AppendLog:
    """A log file. Each line is one ``write``. Raises ``OSError`` if the file cannot be opened.

    Later errors are printed once on stderr, with another message when writing works again. The
    lines in between are lost.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = os.open(path, _FLAGS, _OWNER_ONLY)
        self._torn = False
        self._lost = 0

    def write(self, line: str) -> None:
        """Append one line to the file that now has the path. Raises nothing."""
        try:
            self._append(self._current(), line)
        except OSError as error:
            if not self._lost:
                reason = error.strerror or str(error)
                _say(f"cannot write {self._path}: {reason}. The watch goes on without it")
            self._lost += 1
        else:
            if self._lost:
                lines = "1 line was lost" if self._lost == 1 else f"{self._lost} lines were lost"
                _say(f"{self._path} can be written again; {lines}")
            self._lost = 0

    def close(self) -> None:
        """Close the file. Raises nothing."""
        if self._file is not None:
            with suppress(OSError):
                os.close(self._file)
            self._file = None

    def _append(self, file: int, line: str) -> None:
        # After a line that a full disk cut off, the next one must start on its own line.
        data = ("\n" if self._torn else "").encode() + line.encode() + b"\n"
        written = os.write(file, data)
        if written < len(data):
            self._torn = True
            os.write(file, data[written:])
        self._torn = False

    def _current(self) -> int:
        """Return the open file, or a new one if it was moved or removed."""
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
