"""The services that the practice archives offer besides Verification."""

from __future__ import annotations

from dcmecho.diagnosis.services.catalogue import SERVICES, catalogue
from dcmecho.lab.behaviour import Offer
from dcmecho.standard.uids import (
    BASIC_COLOR_PRINT,
    BASIC_GRAYSCALE_PRINT,
    DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
    EXPLICIT_VR_LITTLE_ENDIAN,
    IMPLICIT_VR_LITTLE_ENDIAN,
    JPEG_2000,
    JPEG_2000_LOSSLESS,
    JPEG_BASELINE,
    JPEG_EXTENDED,
    JPEG_LOSSLESS,
    JPEG_LS_LOSSLESS,
    JPEG_LS_NEAR_LOSSLESS,
    MODALITY_PERFORMED_PROCEDURE_STEP,
    MODALITY_WORKLIST_FIND,
    PRESENTATION_LUT,
    PRINT_JOB,
    RLE_LOSSLESS,
)

PRINTING = (BASIC_GRAYSCALE_PRINT, BASIC_COLOR_PRINT, PRESENTATION_LUT, PRINT_JOB)
"""The services of a film printer."""

_NOT_OFFERED = (MODALITY_WORKLIST_FIND, MODALITY_PERFORMED_PROCEDURE_STEP, *PRINTING)
"""Services of a RIS or a printer, not of an archive."""

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
    RLE_LOSSLESS,
    JPEG_BASELINE,
    JPEG_EXTENDED,
    JPEG_LOSSLESS,
    JPEG_LS_LOSSLESS,
    JPEG_LS_NEAR_LOSSLESS,
    JPEG_2000_LOSSLESS,
    JPEG_2000,
)

EVERYTHING = (
    Offer(QUERIES),
    Offer(OBJECTS, (IMPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN, *_COMPRESSED)),
)
"""The offers of a common archive: no HTJ2K and no video."""
