"""Reads files whole, up to a limit, and refuses pipes, devices and sockets.

Opening a named pipe waits for a writer, possibly forever.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

MOST_BYTES = 16 * 1024 * 1024
"""Longest file that is read: a profile file of 100,000 targets, or all certificates of a system."""

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
    """Read a file whole. Raises ``OSError``, also if it is too long or not a regular file."""
    return read_with_status(path)[0]


def read_with_status(path: Path) -> tuple[bytes, os.stat_result]:
    """Read a file whole, and say whose this very file is. Raises like ``read_regular``."""
    with _opened(path) as file:
        return read_limited(file, str(path)), os.fstat(file.fileno())


def read_start(path: Path, most_bytes: int) -> bytes:
    """Read the first bytes of a file. Raises ``OSError``, also if it is not a regular file."""
    with _opened(path) as file:
        return file.read(most_bytes)


def read_limited(file: BinaryIO, name: str) -> bytes:
    """Read a stream whole. Raises ``OSError``, also if it is longer than ``MOST_BYTES``."""
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        limit = f"{MOST_BYTES >> 20} MB"
        raise OSError(errno.EFBIG, f"is longer than {limit}, the most that dcmecho reads", name)
    return content


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    require_regular(path)
    # The file could have been replaced since, so it is opened without waiting and checked again.
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    with open(descriptor, "rb") as file:
        _require(os.fstat(descriptor), path)
        yield file


def _require(found: os.stat_result, path: Path) -> None:
    if stat.S_ISREG(found.st_mode):
        return
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    kind = next((words for is_kind, words in _KINDS if is_kind(found.st_mode)), "something else")
    raise OSError(errno.EINVAL, f"is {kind}, not a regular file", str(path))
