"""Reads the header of a PDU (PS3.8 9.3.1: type, reserved, length)."""

from __future__ import annotations

from dcmecho.standard.pdu_types import PduType

HEADER_BYTES = 6
_TPKT = b"\x03\x00\x00"


class PduFault(ValueError):
    """A PDU cannot be read. The message says what is wrong, and at which byte of the PDU."""


def is_pdu(data: bytes) -> bool:
    """Return false if the first bytes cannot begin a PDU."""
    if not data:
        return True
    return PduType.ASSOCIATE_RQ <= data[0] <= PduType.ABORT and not _is_tpkt(data)


def _is_tpkt(data: bytes) -> bool:
    """Return true for a remote desktop packet (RFC 1006 6), which also begins with 3 and 0."""
    return data[:3] == _TPKT and len(data) >= HEADER_BYTES and data[3] > 0


def claimed_bytes(data: bytes) -> int | None:
    """Return the claimed length of the PDU with its header, or ``None`` without a full header."""
    if len(data) < HEADER_BYTES:
        return None
    return HEADER_BYTES + int.from_bytes(data[2:6], "big")
