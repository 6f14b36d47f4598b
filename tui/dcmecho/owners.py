"""Who else can change a file, or where a path leads."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from dcmecho.diagnosis.target.digits import is_whole

_MOST_LINKS = 40
"""As the kernel follows (path_resolution(7))."""
_SUDO_USER_ID = "SUDO_UID"


class PlantedLinkError(OSError):
    """A link lies in a folder that somebody else can write, to lead a write elsewhere perhaps."""


def trusted_users() -> frozenset[int]:
    """Return the ids of the users whose files are this user's own.

    They are this user, root, and with sudo(8) the user who called it.
    """
    caller = os.environ.get(_SUDO_USER_ID, "") if os.geteuid() == 0 else ""
    called_by = {int(caller)} if is_whole(caller) else set()
    return frozenset({os.geteuid(), 0, *called_by})


def who_else_writes(found: os.stat_result, what: str = "it") -> str:
    """Say who else can change a file, a folder or a link; empty if nobody can.

    An access list counts as well: its mask is shown as the rights of the group (acl(5)).
    """
    if found.st_uid not in trusted_users():
        return f"{what} belongs to {user_name(found.st_uid)}"
    if stat.S_ISLNK(found.st_mode):
        return ""
    if found.st_mode & stat.S_IWOTH:
        return f"everyone can write to {what}"
    if found.st_mode & stat.S_IWGRP:
        return f"the group {_group_name(found.st_gid)} can write to {what}"
    return ""


def followed(path: Path) -> Path:
    """Return where a path leads, with all links followed; it need not exist.

    Raises ``PlantedLinkError``, or another ``OSError`` if a folder cannot be looked at.
    """
    waiting = [*reversed((Path.cwd() / path).parts)]
    place, links = Path(waiting.pop()), 0
    while waiting:
        step = place / waiting.pop()
        if step.name == "..":
            place = place.parent
        elif step.is_symlink():
            links += 1
            _check_link(step, links)
            target = Path(os.readlink(step))
            place = Path(target.anchor) if target.anchor else place
            waiting += reversed(target.parts[1:] if target.anchor else target.parts)
        else:
            place = step
    return place


def _check_link(link: Path, links: int) -> None:
    if links > _MOST_LINKS:
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(link))
    if reason := who_else_writes(link.parent.stat(), "its folder"):
        raise PlantedLinkError(errno.ELOOP, f"{link} is a link, and {reason}", str(link))


def user_name(uid: int) -> str:
    """Return the name of a user, or words for one without a name."""
    try:
        import pwd

        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _group_name(gid: int) -> str:
    try:
        import grp

        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
