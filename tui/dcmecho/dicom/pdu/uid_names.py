"""The names of UIDs from the DICOM dictionary (PS3.6), as contained in pydicom."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def uid_name(uid: str) -> str:
    """Return the name of a UID from pydicom's dictionary, or the UID if it has none."""
    from pydicom.uid import UID

    return UID(uid, validation_mode=0).name if uid else ""
