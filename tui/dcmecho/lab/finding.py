"""C-FIND as the lab's peers speak it: the request is recognised, the answer has no match."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from dcmecho.lab import pdu

_P_DATA_TF = 4
_COMMAND_FIELD = bytes.fromhex("0000 0001 0200 0000")
_MESSAGE_ID = bytes.fromhex("0000 1001 0200 0000")
_C_FIND_RQ = 0x0020
_C_FIND_RSP = 0x8020
_NO_DATASET = 0x0101


@dataclass(frozen=True, slots=True)
class FindRequest:
    """The parts of a C-FIND-RQ that its answer repeats (PS3.7 9.3.2.1)."""

    context_id: int
    message_id: int


def find_request(pdu_type: int, body: bytes) -> FindRequest | None:
    """Read a P-DATA-TF that holds the command of a C-FIND-RQ; ``None`` for any other PDU."""
    if pdu_type != _P_DATA_TF or len(body) < 6 or body[5] != 0x03:
        return None
    if _number(body, _COMMAND_FIELD) != _C_FIND_RQ:
        return None
    return FindRequest(context_id=body[4], message_id=_number(body, _MESSAGE_ID))


def find_rsp(request: FindRequest, status: int) -> bytes:
    """P-DATA-TF with a C-FIND-RSP without an identifier (PS3.7 9.3.2.2)."""
    elements = b"".join(
        struct.pack("<HHLH", 0, number, 2, value)
        for number, value in (
            (0x0100, _C_FIND_RSP),
            (0x0120, request.message_id),
            (0x0800, _NO_DATASET),
            (0x0900, status),
        )
    )
    command = struct.pack("<HHLL", 0, 0, 4, len(elements)) + elements
    fragment = struct.pack(">LBB", len(command) + 2, request.context_id, 0x03) + command
    return pdu.pdu(pdu.PduType(_P_DATA_TF), fragment)


def _number(body: bytes, element: bytes) -> int:
    """The value of an element of two bytes; 0 where it is not there."""
    at = body.find(element)
    return int.from_bytes(body[at + 8 : at + 10], "little") if at >= 0 else 0
