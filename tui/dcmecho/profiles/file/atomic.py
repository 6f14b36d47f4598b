"""Replaces a file atomically: after a crash it is either the old or the new one."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from dcmecho.profiles.book.locate import real_place


def replace_file(path: Path, content: bytes) -> None:
    """Replace ``path``, or the file it links to, with ``content``, creating missing folders.

    The file keeps its mode, and its owner and group if this user is allowed to set them. The
    previous version is kept next to it as ``profiles.toml~``. Raises ``OSError``; the file is then
    unchanged.
    """
    place = real_place(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    with _temporary(place) as temporary:
        _write_like(place, temporary, content)
        _keep_previous(place)
        os.replace(temporary, place)
    _sync_folder(place.parent)


def backup_of(path: Path) -> Path:
    """Return the path of the previous version of ``path``, or of the file it links to."""
    place = real_place(path)
    return place.with_name(f"{place.name}~")


def remove_leftovers(path: Path) -> None:
    """Remove temporary files of killed saves. The caller must hold the lock."""
    place = real_place(path)
    leftover = re.compile(rf"\.{re.escape(place.name)}\.[0-9a-f]{{8}}")
    with contextlib.suppress(OSError):
        for name in os.listdir(place.parent):
            if leftover.fullmatch(name):
                place.with_name(name).unlink(missing_ok=True)


@contextlib.contextmanager
def _temporary(place: Path) -> Iterator[Path]:
    """Yield a new path in the same folder, and delete the file there afterwards."""
    temporary = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _write_like(place: Path, new: Path, content: bytes) -> None:
    """Write a new file to the disk, with the ownership of the one at ``place``."""
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    with open(descriptor, "wb") as file:
        _copy_ownership(place, file.fileno())
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _keep_previous(place: Path) -> None:
    """Keep the file under a second name; copy it if hard links are not possible."""
    if not place.exists():
        return
    with _temporary(place) as temporary:
        try:
            os.link(place, temporary)
        except OSError:
            _write_like(place, temporary, place.read_bytes())
        os.replace(temporary, backup_of(place))


def _copy_ownership(place: Path, descriptor: int) -> None:
    try:
        old = place.stat()
    except FileNotFoundError:
        return
    for owner in (-1, old.st_uid):
        with contextlib.suppress(PermissionError):
            os.fchown(descriptor, owner, old.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(old.st_mode))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
