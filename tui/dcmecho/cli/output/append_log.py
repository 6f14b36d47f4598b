"""Appends lines to a file for days, through log rotation and times of a full disk."""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

from dcmecho.owners import followed, who_else_writes

_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT
_FLAGS = _APPEND | os.O_CLOEXEC | os.O_NOCTTY | os.O_NOFOLLOW | os.O_NONBLOCK
"""``O_NONBLOCK`` makes a pipe without a reader an error instead of blocking."""

_OWNER_ONLY = 0o600
"""The lines hold addresses and AE titles, which other users must not read."""

_READ_BY_OTHERS = stat.S_IRGRP | stat.S_IROTH


class AppendLog:
    """A log file of this user. Each line is one ``write``.

    Raises ``OSError`` if the file cannot be opened, or if somebody else can change it or where its
    path leads. Later errors are printed once on stderr, with another message when writing works
    again. The lines in between are lost.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = _opened(path)
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
            self._file = _opened(self._path)
        return self._file

    def _is_current(self, file: int) -> bool:
        try:
            return os.path.samestat(os.stat(self._path), os.fstat(file))
        except FileNotFoundError:
            return False


def _opened(path: Path) -> int:
    """Open the file, or make one for this user only. Raises ``OSError``."""
    place = followed(path)
    file = os.open(place, _FLAGS, _OWNER_ONLY)
    found = os.fstat(file)
    if reason := _objection(found, place):
        os.close(file)
        raise OSError(errno.EPERM, f"it is not yours alone: {reason}", str(path))
    if stat.S_ISREG(found.st_mode) and found.st_mode & _READ_BY_OTHERS:
        _say(f"{path} can be read by others (mode {stat.S_IMODE(found.st_mode):o})")
    return file


def _objection(found: os.stat_result, place: Path) -> str:
    if not (stat.S_ISREG(found.st_mode) or stat.S_ISFIFO(found.st_mode)):
        return ""
    if reason := who_else_writes(found):
        return reason
    folder = who_else_writes(place.parent.stat(), "its folder") if found.st_nlink > 1 else ""
    return f"the file has another name, and {folder}" if folder else ""


def _say(text: str) -> None:
    with suppress(OSError):
        sys.stderr.write(f"dcmecho: {text}\n")
