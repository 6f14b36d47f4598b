"""What the lab's archives offer beside Verification."""

from __future__ import annotations

from dcmecho.diagnosis.services.catalogue import catalogue
from dcmecho.diagnosis.services.summary import SERVICES
from dcmecho.diagnosis.uids import (
    DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
    EXPLICIT_VR_LITTLE_ENDIAN,
    IMPLICIT_VR_LITTLE_ENDIAN,
    JPEG_BASELINE,
)
from dcmecho.lab.behaviour import Offer

_NOT_OFFERED = ("1.2.840.10008.5.1.4.31", "1.2.840.10008.3.1.2.3.3")
"""Modality Worklist and MPPS: an archive has none."""

QUERIES = tuple(
    each.uid
    for each in catalogue().sop_classes
    if each.group == SERVICES and each.uid not in _NOT_OFFERED
)
"""Query/Retrieve and Storage Commitment."""

OBJECTS = tuple(each.uid for each in catalogue().sop_classes if each.group != SERVICES)
"""The storage SOP classes of the catalogue."""

_COMPRESSED = (
    DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
    "1.2.840.10008.1.2.5",
    JPEG_BASELINE,
    "1.2.840.10008.1.2.4.51",
    "1.2.840.10008.1.2.4.70",
    "1.2.840.10008.1.2.4.80",
    "1.2.840.10008.1.2.4.81",
    "1.2.840.10008.1.2.4.90",
    "1.2.840.10008.1.2.4.91",
)

EVERYTHING = (
    Offer(QUERIES),
    Offer(OBJECTS, (IMPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN, *_COMPRESSED)),
)
"""What a common archive takes: no HTJ2K and no video."""
