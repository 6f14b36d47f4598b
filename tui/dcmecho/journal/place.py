"""Where the journal is, and whether SQLite can keep one there."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from dcmecho.diagnosis.sanitize import path_text
from dcmecho.journal.errors import JournalError
from dcmecho.owners import followed

FILE_NAME = "history.db"

DAMAGED = ".damaged-"
"""Between the name of a journal and the time at which it was set aside."""

_OWNER_ONLY = 0o600
_AS_THE_FILE = 0o660
_MOUNTS = "/proc/self/mountinfo"
_NETWORK = ("nfs", "cifs", "smb", "ceph", "gluster", "lustre", "afs", "9p", "fuse.sshfs", "beegfs")
"""How the types of network file systems begin. Its readers share memory, so that a database cannot
be shared by several machines (sqlite.org/wal.html)."""


class Place(NamedTuple):
    """The file of a journal. ``like`` is the profile file whose mode and group a shared one has."""

    path: Path
    like: Path | None = None


def own_place() -> Place | None:
    """Return the user's own journal, in the state folder (XDG Base Directory Specification).

    ``None`` for a user without a home, such as a service, who keeps none.
    """
    if state := os.environ.get("XDG_STATE_HOME", "").strip():
        return Place(Path(state, "dcmecho", FILE_NAME))
    home = Path(os.path.expanduser("~"))
    return Place(home / ".local" / "state" / "dcmecho" / FILE_NAME) if home.is_dir() else None


def checked(place: Place) -> Path:
    """Return the real path, with its folder made. Raises ``JournalError``."""
    try:
        folder = place.path.absolute().parent
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700 if place.like is None else 0o777, parents=True)
        path = followed(folder) / place.path.name
        if path.is_symlink():
            path = followed(path)
        with suppress(FileNotFoundError):
            if not stat.S_ISREG(path.stat().st_mode):
                raise JournalError("it is not a regular file")
    except OSError as error:
        raise JournalError(error.strerror or str(error)) from error
    if kind := _network_type(path):
        raise JournalError(f"it is on a network file system ({kind})")
    return path


def mode_and_group(place: Place) -> tuple[int, int]:
    """Return the mode of a new journal, and its group, -1 for the usual one."""
    if place.like is not None:
        with suppress(OSError):
            found = place.like.stat()
            return found.st_mode & _AS_THE_FILE | _OWNER_ONLY, found.st_gid
    return _OWNER_ONLY, -1


def set_aside(place: Place) -> list[Path]:
    """Return the damaged journals that were set aside here, and SQLite's files beside them."""
    begins = f"{place.path.name}{DAMAGED}"
    return sorted(each for each in place.path.parent.iterdir() if each.name.startswith(begins))


def shown(place: Place) -> str:
    """Return the path for a message."""
    return path_text(place.path)


def _network_type(path: Path) -> str:
    """Return the type of the network file system that a path is on; empty if it is on none."""
    try:
        lines = Path(_MOUNTS).read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    mounts = (line.split(" - ", 1) for line in lines if " - " in line)
    found = {_unescaped(left.split()[4]): right.split()[0] for left, right in mounts}
    holder = next((str(each) for each in path.parents if str(each) in found), "/")
    kind = found.get(holder, "")
    return kind if kind.startswith(_NETWORK) else ""


def _unescaped(path: str) -> str:
    """Return a mount point without the octal escapes of proc(5)."""
    for octal, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        path = path.replace(octal, character)
    return path
