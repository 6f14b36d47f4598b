"""Makes files that may be used by exactly those who may use another file."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

_ACCESS_LIST = "system.posix_acl_access"


def make_folder(folder: Path) -> None:
    """Make a folder, if missing, that only this user can use (XDG base directories)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def create_like(place: Path, new: Path) -> int:
    """Create an empty file, open for reading and writing, that is used like the file ``place``.

    It has the mode, group and access list of that file, whatever the umask, and its owner if this
    user may set it. If there is none, the file is for this user only. Raises ``OSError``, also if
    ``new`` exists.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    descriptor = os.open(new, flags, 0o600)
    with contextlib.suppress(OSError):
        _take_after(place.stat(), descriptor)
        os.setxattr(descriptor, _ACCESS_LIST, os.getxattr(place, _ACCESS_LIST))
    return descriptor


@contextlib.contextmanager
def temporary(place: Path) -> Iterator[Path]:
    """Yield a new path beside ``place``, and delete the file there afterwards."""
    path = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _take_after(old: os.stat_result, descriptor: int) -> None:
    for owner in (-1, old.st_uid):
        with contextlib.suppress(PermissionError):
            os.fchown(descriptor, owner, old.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(old.st_mode))
