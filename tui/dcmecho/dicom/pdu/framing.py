"""Where a PDU begins and ends in a stream of bytes (PS3.8 9.3.1: type, reserved, length)."""

from __future__ import annotations

from typing import NamedTuple

from dcmecho.standard.pdu_types import PduType

HEADER_BYTES = 6
_TPKT = b"\x03\x00\x00"


class PduFault(ValueError):
    """A PDU that cannot be read: what is wrong, and at which byte of the PDU."""


class Frame(NamedTuple):
    """One PDU, header included, and what follows it."""

    pdu: bytes
    rest: bytes


def is_pdu(data: bytes) -> bool:
    """False where the first bytes cannot begin a PDU."""
    if not data:
        return True
    return PduType.ASSOCIATE_RQ <= data[0] <= PduType.ABORT and not _is_tpkt(data)


def _is_tpkt(data: bytes) -> bool:
    """True for the packets of remote desktop (RFC 1006 6): they too begin with a 3 and a 0."""
    return data[:3] == _TPKT and len(data) >= HEADER_BYTES and data[3] > 0


def claimed_bytes(data: bytes) -> int | None:
    """How long the PDU says it is, header included; ``None`` while its header is not complete."""
    if len(data) < HEADER_BYTES:
        return None
    return HEADER_BYTES + int.from_bytes(data[2:6], "big")


def next_frame(data: bytes) -> Frame | None:
    """The first PDU of ``data``; ``None`` where it is not complete."""
    end = claimed_bytes(data)
    if end is None or len(data) < end:
        return None
    return Frame(data[:end], data[end:])
