"""Software that announces itself with the same UID and version at every site (PS3.7 D.3.3.2)."""

from __future__ import annotations

import re

_UIDS = (
    "1.2.276.0.7230010.3.0.3.",
    "1.2.40.0.13.1.",
    "1.2.826.0.1.3680043.2.135.",
    "1.2.826.0.1.3680043.9.3811.",
    "1.2.826.0.1.3680043.9.55600.",
    "1.2.826.0.1.3680043.10.854",
    "1.2.840.113654.2.3.",
    "1.3.6.1.4.1.30071.8",
    "1.3.6.1.4.1.5962.99.",
)
"""DCMTK and Orthanc, dcm4che, Conquest, pynetdicom, odil, dcmjs-dimse, CTN, fo-dicom, PixelMed."""

_SHORT_END = re.compile(r"(?:\.?[0-9]{1,4}){0,6}")
"""What follows in an implementation class UID: versions. A UID of a site goes on for longer."""

_VERSION = re.compile(
    r"(?:OFFIS_DCMTK_|PYNETDICOM_|dcm4che-|fo-dicom |DCMJS-DIMSE-V|Odil |PIXELMEDJAVA|MIRCTN"
    r"|Orthanc ?|ORTHANC_)[0-9][0-9A-Z._]*"
)


def is_known_uid(uid: str) -> bool:
    """Report whether an implementation class UID names a product and no site."""
    root = next((each for each in _UIDS if uid.startswith(each)), "")
    return bool(root) and _SHORT_END.fullmatch(uid.removeprefix(root)) is not None


def is_known_version(version: str) -> bool:
    """Report whether an implementation version name is that of a product."""
    return _VERSION.fullmatch(version) is not None
