"""The secret that keys the pseudonyms of a user's redacted reports: a file in the state folder."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from dcmecho.journal.errors import JournalError
from dcmecho.journal.place import own_place
from dcmecho.new_file import write_new
from dcmecho.owners import followed, who_else_writes
from dcmecho.regular_file import read_with_status

FILE_NAME = "redaction.key"

_BYTES = 32
_ONLY_THE_OWNER = 0o077


def own_secret() -> bytes:
    """Return the user's secret, and make it if there is none. Raises ``JournalError``.

    A user without a home gets one for this process only, so that later pseudonyms are others.
    """
    place = own_place()
    if place is None:
        return secrets.token_bytes(_BYTES)
    try:
        return _kept(place.path.parent)
    except (OSError, ValueError) as error:
        path = place.path.with_name(FILE_NAME)
        words = getattr(error, "strerror", None) or str(error)
        raise JournalError(f"the key of redacted reports, {path}: {words}") from error


def _kept(folder: Path) -> bytes:
    with suppress(FileExistsError):
        folder.absolute().mkdir(mode=0o700, parents=True)
    path = followed(folder) / FILE_NAME
    if not os.path.lexists(path):
        with suppress(FileExistsError):
            write_new(path, secrets.token_hex(_BYTES) + "\n")
    return _read(path)


def _read(path: Path) -> bytes:
    """Read it if it is the user's alone. Raises ``OSError`` or ``ValueError``."""
    if path.is_symlink():
        raise ValueError("it is a link")
    content, found = read_with_status(path)
    if reason := who_else_writes(found):
        raise ValueError(reason)
    if found.st_mode & _ONLY_THE_OWNER:
        raise ValueError("others can read it. Delete it, and a new one is made")
    with suppress(ValueError):
        secret = bytes.fromhex(content.decode("ascii"))
        if len(secret) == _BYTES:
            return secret
    raise ValueError("it is not a key. Delete it, and a new one is made")
