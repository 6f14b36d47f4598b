"""Writes a text to a new file: whole, on the disk, and for its owner only."""

from __future__ import annotations

import os
from pathlib import Path

from dcmecho.owners import followed

_OWNER_ONLY = 0o600
"""The texts hold addresses and AE titles, which other users must not read."""


def write_new(path: Path, text: str) -> None:
    """Write ``text`` to a new file that only its owner can read.

    It is on the disk then. A write that fails leaves nothing behind. Raises ``FileExistsError`` or
    another ``OSError``, also if somebody else can have planted a link on the way.
    """
    place = followed(path.absolute().parent) / path.name
    data = text.encode("utf-8")
    try:
        _write_nameless(place, data)
    except FileExistsError:
        raise
    except OSError:
        # Not every file system has files without a name (open(2)).
        _write_named(place, data)
    sync_folder(place.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk. Raises ``OSError``."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except PermissionError:
        # The folder may be changed but not listed, and only an open one can be synced alone.
        os.sync()
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_nameless(place: Path, data: bytes) -> None:
    """Write first, and name the file then: whoever is killed before that leaves nothing."""
    flags = os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC
    descriptor = os.open(place.parent, flags, _OWNER_ONLY)
    try:
        _write(descriptor, data)
        # Only with the descriptor of a folder Python calls linkat(2), which follows the link.
        os.link(f"/proc/self/fd/{descriptor}", place, src_dir_fd=descriptor)
    finally:
        os.close(descriptor)


def _write_named(place: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    descriptor = os.open(place, flags, _OWNER_ONLY)
    try:
        _write(descriptor, data)
    except BaseException:
        place.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def _write(descriptor: int, data: bytes) -> None:
    with open(descriptor, "wb", closefd=False) as file:
        file.write(data)
        file.flush()
        os.fsync(descriptor)
