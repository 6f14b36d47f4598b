"""Reads the file meta information of a DICOM file (PS3.10 7.1), up to its transfer syntax.

pydicom reads all of it, and takes a minute for one that is full of nested sequences.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

MOST_BYTES = 65_536
"""The first bytes of a file, which have everything that is read here."""

_PREAMBLE_BYTES = 128
_PREFIX = b"DICM"
_GROUP = 0x0002
_TRANSFER_SYNTAX = 0x0010
_LONG_VRS = frozenset((b"OB", b"OW", b"OF", b"OD", b"OL", b"OV", b"SQ", b"UC", b"UN", b"UR", b"UT"))
"""These have a length of 4 bytes, after 2 reserved bytes (PS3.5 7.1.2)."""


class NoFileMetaError(ValueError):
    """The bytes are not file meta information. The message says why."""


def read_file_meta(content: bytes) -> Mapping[int, bytes]:
    """Return the values of group 0002 by element number, up to the transfer syntax.

    Raises :class:`NoFileMetaError`.
    """
    start = _PREAMBLE_BYTES + len(_PREFIX)
    if content[_PREAMBLE_BYTES:start] != _PREFIX:
        raise NoFileMetaError("not a DICOM file (no DICM at byte 128, see PS3.10 7.1)")
    return dict(_elements(content, start))


def _elements(content: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    element = 0
    while element < _TRANSFER_SYNTAX and at + 8 <= len(content):
        group, element, vr, length = struct.unpack_from("<HH2sH", content, at)
        if group != _GROUP:
            return
        at += 8
        if vr in _LONG_VRS:
            length = int.from_bytes(content[at : at + 4], "little")
            at += 4
        elif not vr.isalpha() or not vr.isupper():
            raise NoFileMetaError(f"cannot be read as DICOM: no VR at byte {at - 4} (PS3.10 7.1)")
        if at + length > len(content):
            raise NoFileMetaError(
                f"cannot be read as DICOM: (0002,{element:04x}) claims {length} bytes at byte {at}"
            )
        yield element, content[at : at + length]
        at += length
