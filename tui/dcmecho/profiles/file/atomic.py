"""Replaces a file atomically: after a crash it is either the old or the new one."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

from dcmecho.new_file import sync_name
from dcmecho.profiles.book.locate import real_place
from dcmecho.profiles.file.likeness import create_like, make_folder, temporary


def replace_file(path: Path, content: bytes) -> None:
    """Replace ``path``, or the file it links to, with ``content``, creating missing folders.

    The file keeps its mode, and its owner and group if this user is allowed to set them. A new one
    is for this user only. The previous version is kept next to it as ``profiles.toml~``. Raises
    ``OSError``; the file is then unchanged.
    """
    place = real_place(path)
    make_folder(place.parent)
    with temporary(place) as new:
        _write_like(place, new, content)
        _keep_previous(place)
        os.replace(new, place)
    sync_name(place)


def backup_of(path: Path) -> Path:
    """Return the path of the previous version of ``path``, or of the file it links to."""
    place = real_place(path)
    return place.with_name(f"{place.name}~")


def remove_leftovers(path: Path) -> None:
    """Remove temporary files of this user's killed saves. The caller must hold the lock."""
    place = real_place(path)
    leftover = re.compile(rf"\.{re.escape(place.name)}\.[0-9a-f]{{8}}")
    with contextlib.suppress(OSError):
        for name in os.listdir(place.parent):
            found = place.with_name(name)
            if leftover.fullmatch(name) and found.lstat().st_uid == os.geteuid():
                found.unlink(missing_ok=True)


def _write_like(place: Path, new: Path, content: bytes) -> None:
    """Write a new file to the disk, with the ownership of the one at ``place``."""
    with open(create_like(place, new), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _keep_previous(place: Path) -> None:
    """Keep the file under a second name; copy it if hard links are not possible."""
    if not place.exists():
        return
    with temporary(place) as copy:
        try:
            os.link(place, copy)
        except OSError:
            _write_like(place, copy, place.read_bytes())
        os.replace(copy, backup_of(place))
