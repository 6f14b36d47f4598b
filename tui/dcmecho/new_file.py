"""Writes a text to a new file: whole, on the disk, and for its owner only."""

from __future__ import annotations

import os
from contextlib import suppress
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
    sync_name(place)


def sync_name(path: Path) -> None:
    """Wait until the new name of a file is on the disk. Raises ``OSError``."""
    # Without the right to list the folder, the file is synced: its new name goes with it.
    for each in (path.parent, path):
        with suppress(PermissionError):
            descriptor = os.open(each, os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            return


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
