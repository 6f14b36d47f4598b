"""Files that are read whole: a pipe, a device or a socket in their place is refused, not waited on.

Opening a named pipe waits for a writer, for ever where there is none.
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
    """Look at ``path`` without opening it.

    Raises ``OSError`` for what is no regular file, and for what cannot be looked at.
    """
    _require(path.stat(), path)


def read_regular(path: Path) -> bytes:
    """Read a file whole. Raises ``OSError``, also for what is no regular file."""
    require_regular(path)
    # It may be another one by now: so it is opened without waiting, and looked at again.
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    with open(descriptor, "rb") as file:
        _require(os.fstat(descriptor), path)
        return file.read()


def _require(found: os.stat_result, path: Path) -> None:
    if stat.S_ISREG(found.st_mode):
        return
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    kind = next((words for is_kind, words in _KINDS if is_kind(found.st_mode)), "something else")
    raise OSError(errno.EINVAL, f"is {kind}, and has to be a regular file", str(path))
