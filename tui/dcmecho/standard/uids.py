"""The UIDs of the standard that dcmecho uses by name (PS3.6 A)."""

from __future__ import annotations

APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1"
"""DICOM's only application context name (PS3.7 A.2.1)."""

VERIFICATION_SOP_CLASS = "1.2.840.10008.1.1"
STUDY_ROOT_FIND = "1.2.840.10008.5.1.4.1.2.2.1"
STUDY_ROOT_MOVE = "1.2.840.10008.5.1.4.1.2.2.2"
MODALITY_WORKLIST_FIND = "1.2.840.10008.5.1.4.31"
MODALITY_PERFORMED_PROCEDURE_STEP = "1.2.840.10008.3.1.2.3.3"
MEDIA_STORAGE_DIRECTORY = "1.2.840.10008.1.3.10"
SECONDARY_CAPTURE_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.7"

BASIC_GRAYSCALE_PRINT = "1.2.840.10008.5.1.1.9"
BASIC_COLOR_PRINT = "1.2.840.10008.5.1.1.18"
"""The Print Management Meta SOP classes, which film printers offer (PS3.4 H.3)."""

PRESENTATION_LUT = "1.2.840.10008.5.1.1.23"
PRINT_JOB = "1.2.840.10008.5.1.1.14"

_STORAGE_ROOT = "1.2.840.10008.5.1.4.1.1."

IMPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2"
"""The transfer syntax that every application must support (PS3.5 10.1)."""

EXPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2.1"
EXPLICIT_VR_BIG_ENDIAN = "1.2.840.10008.1.2.2"
DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2.1.99"
JPEG_BASELINE = "1.2.840.10008.1.2.4.50"
JPEG_EXTENDED = "1.2.840.10008.1.2.4.51"
JPEG_LOSSLESS = "1.2.840.10008.1.2.4.70"
JPEG_LS_LOSSLESS = "1.2.840.10008.1.2.4.80"
JPEG_LS_NEAR_LOSSLESS = "1.2.840.10008.1.2.4.81"
JPEG_2000_LOSSLESS = "1.2.840.10008.1.2.4.90"
JPEG_2000 = "1.2.840.10008.1.2.4.91"
RLE_LOSSLESS = "1.2.840.10008.1.2.5"

UNCOMPRESSED = (IMPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_BIG_ENDIAN)
"""The transfer syntaxes without compression, the mandatory one first."""

NATIVE = (*UNCOMPRESSED, DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN)
"""The transfer syntaxes with uncompressed pixels; only the encoding of the data set differs."""

_STANDARD_ROOT = "1.2.840.10008."
_VIDEOS = ("1.2.840.10008.1.2.4.10", "1.2.840.10008.1.2.7.")
"""MPEG-2, MPEG-4 and HEVC, which are 100 to 108; SMPTE ST 2110."""


def is_private(uid: str) -> bool:
    """Report whether a UID is not one of the standard (PS3.5 9)."""
    return not uid.startswith(_STANDARD_ROOT)


def is_video(transfer_syntax: str) -> bool:
    """Report whether this is a transfer syntax for video (PS3.5 8.2.5 to 8.2.9)."""
    return transfer_syntax.startswith(_VIDEOS)


def is_storage(abstract_syntax: str) -> bool:
    """Report whether this is a storage SOP class of the standard (PS3.4 B.5)."""
    return abstract_syntax.startswith(_STORAGE_ROOT)
