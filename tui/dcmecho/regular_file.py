"""Reads files whole, and refuses pipes, devices and sockets instead of waiting for them.

Opening a named pipe waits for a writer, possibly forever.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

_KINDS = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def require_regular(path: Path) -> None:
    """Check that ``path`` is a regular file, without opening it. Raises ``OSError`` if not."""
    _require(path.stat(), path)


def read_regular(path: Path) -> bytes:
    """Read a file whole. Raises ``OSError``, also if it is not a regular file."""
    return read_with_status(path)[0]


def read_with_status(path: Path) -> tuple[bytes, os.stat_result]:
    """Read a file whole, and say whose this very file is. Raises like ``read_regular``."""
    require_regular(path)
    # The file could have been replaced since, so it is opened without waiting and checked again.
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    with open(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        _require(found, path)
        return file.read(), found


def _require(found: os.stat_result, path: Path) -> None:
    if stat.S_ISREG(found.st_mode):
        return
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    kind = next((words for is_kind, words in _KINDS if is_kind(found.st_mode)), "something else")
    raise OSError(errno.EINVAL, f"is {kind}, not a regular file", str(path))
