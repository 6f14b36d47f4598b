"""UIDs as a peer sends them, and their names from the DICOM dictionary (PS3.6) of pydicom."""

from __future__ import annotations

from functools import lru_cache

from dcmecho.diagnosis.sanitize import printable
from dcmecho.dicom.deferring import LOADING


def read_uid(data: bytes) -> str:
    """Return a UID without its padding (PS3.5 9.1), printable: it is compared with known ones."""
    return printable(data.rstrip(b"\0 "))


@lru_cache(maxsize=4096)
def uid_name(uid: str) -> str:
    """Return the name of a UID from pydicom's dictionary, or the UID if it has none."""
    with LOADING:
        import pydicom

    return pydicom.uid.UID(uid, validation_mode=0).name if uid else ""
