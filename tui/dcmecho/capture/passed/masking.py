"""PDUs without what may be a secret or of a patient: passwords, comments, what is not known."""

from __future__ import annotations

import struct

from dcmecho.dicom.pdu.framing import HEADER_BYTES
from dcmecho.dicom.pdu.read import Associate, Pdu

_FIXED_BYTES = 74
"""Of an A-ASSOCIATE PDU, before its items (PS3.8 9.3.2)."""
_VALUE_HEADER_BYTES = 6
_SHOWN_ITEMS = frozenset({0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57})
"""User items that hold numbers, UIDs and a version name. User identity (0x58, 0x59) does not."""
_SHOWN_ELEMENTS = frozenset({
    0x0000, 0x0002, 0x0003, 0x0100, 0x0110, 0x0120, 0x0600, 0x0700, 0x0800, 0x0900, 0x0901, 0x0903,
    0x1000, 0x1001, 0x1002, 0x1005, 0x1008, 0x1020, 0x1021, 0x1022, 0x1023, 0x1030, 0x1031,
})  # fmt: skip
"""Elements of group 0000 with numbers, UIDs, tags and titles; the comment (0902) is free text."""


def masked_pdu(pdu: Pdu) -> bytes:
    """Return the bytes of a whole PDU other than P-DATA-TF, what may be secret as ``*``."""
    if pdu.fault:
        return pdu.data[:HEADER_BYTES]
    if not isinstance(pdu.content, Associate):
        return pdu.data
    shown = pdu.data
    for item in pdu.content.user_items:
        if item.data and item.kind not in _SHOWN_ITEMS:
            length = struct.pack(">H", len(item.data))
            shown = shown.replace(length + item.data, length + b"*" * len(item.data))
    return shown


def masked_beginning(kind: int, data: bytes) -> bytes:
    """Return the beginning of a PDU of which the rest is not there."""
    return data[:_FIXED_BYTES] if kind in {1, 2} else data[:HEADER_BYTES]


def masked_command(value: bytes) -> bytes:
    """Return a presentation data value with a command, its texts as ``*``.

    A fragment of a command that does not begin with an element is masked whole.
    """
    shown = bytearray(value[:_VALUE_HEADER_BYTES])
    at = _VALUE_HEADER_BYTES
    while at < len(value):
        group, element, length = (
            struct.unpack_from("<HHI", value, at) if at + 8 <= len(value) else (1, 0, 0)
        )
        end = at + 8 + length
        if group != 0 or end > len(value):
            return bytes(shown) + b"*" * (len(value) - at)
        shown += value[at : at + 8]
        shown += value[at + 8 : end] if element in _SHOWN_ELEMENTS else b"*" * length
        at = end
    return bytes(shown)
