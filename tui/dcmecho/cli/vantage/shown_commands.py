"""Which ssh commands of vantage points the user was shown: a file of hashes in the state folder."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress

from dcmecho.journal.place import own_place
from dcmecho.regular_file import read_with_status

FILE_NAME = "vantages"


def is_shown_first(command: str) -> bool:
    """Report whether ``command`` was not shown to the user before, and keep that it is now.

    True each time where nothing can be kept.
    """
    place = own_place()
    if place is None:
        return True
    path = place.path.with_name(FILE_NAME)
    mark = hashlib.sha256(command.encode()).hexdigest()
    with suppress(OSError):
        if mark in read_with_status(path)[0].decode("ascii", "replace").split():
            return False
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
        descriptor = os.open(path, flags, 0o600)
        try:
            os.write(descriptor, f"{mark}\n".encode())
        finally:
            os.close(descriptor)
    return True
