"""What UIDs are called in the standard's dictionary (PS3.6), as pydicom has it."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def uid_name(uid: str) -> str:
    """The name of a UID from pydicom's dictionary; the UID itself where it has none."""
    from pydicom.uid import UID

    return UID(uid, validation_mode=0).name if uid else ""
