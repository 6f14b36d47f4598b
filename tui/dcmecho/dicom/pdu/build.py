"""PDUs and commands of an acceptor, byte by byte (PS3.8 9.3, PS3.7 9.3 and E.1).

Written without pynetdicom because the listener and the practice peers must send PDUs that a
library would not allow.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from dcmecho.dicom.pdu.commands import NO_DATASET
from dcmecho.standard.command_fields import CommandField
from dcmecho.standard.pdu_types import PduType
from dcmecho.standard.uids import APPLICATION_CONTEXT, VERIFICATION_SOP_CLASS


@dataclass(frozen=True, slots=True)
class Implementation:
    """The implementation named in the user information of an acceptance (PS3.7 D.3.3.2)."""

    class_uid: str
    version: str
    max_pdu_bytes: int


WHOLE_COMMAND = 0x03
"""Message control header of a fragment with a whole command (PS3.8 E.2)."""


def pdu(pdu_type: PduType, body: bytes) -> bytes:
    """Return a PDU: type, a reserved byte, the length in 4 bytes, the body."""
    return struct.pack(">BxL", pdu_type, len(body)) + body


def item(item_type: int, body: bytes) -> bytes:
    """Return an item of an A-ASSOCIATE PDU: type, reserved byte, 2 bytes of length, body."""
    return struct.pack(">BxH", item_type, len(body)) + body


def context_answer(context_id: int, result: int, transfer_syntax: str) -> bytes:
    """Return the answer to one presentation context (PS3.8 9.3.3.2)."""
    syntax = item(0x40, transfer_syntax.encode("ascii"))
    return item(0x21, struct.pack(">BxBx", context_id, result) + syntax)


def associate_ac(titles: bytes, contexts: Iterable[bytes], ours: Implementation) -> bytes:
    """Return an A-ASSOCIATE-AC (PS3.8 9.3.3); ``titles`` are bytes 11 to 74 of the request."""
    user_information = item(
        0x50,
        item(0x51, struct.pack(">L", ours.max_pdu_bytes))
        + item(0x52, ours.class_uid.encode("ascii"))
        + item(0x55, ours.version.encode("ascii")),
    )
    return pdu(
        PduType.ASSOCIATE_AC,
        struct.pack(">H2x", 1)
        + titles
        + item(0x10, APPLICATION_CONTEXT.encode("ascii"))
        + b"".join(contexts)
        + user_information,
    )


def associate_rj(result: int, source: int, reason: int) -> bytes:
    """Return an A-ASSOCIATE-RJ (PS3.8 9.3.4). Numbers outside the standard are allowed."""
    return pdu(PduType.ASSOCIATE_RJ, struct.pack(">xBBB", result, source, reason))


def abort(source: int, reason: int) -> bytes:
    """A-ABORT (PS3.8 9.3.8)."""
    return pdu(PduType.ABORT, struct.pack(">2xBB", source, reason))


RELEASE_RP = pdu(PduType.RELEASE_RP, bytes(4))
"""A-RELEASE-RP (PS3.8 9.3.7)."""


def response(
    context_id: int,
    command_field: int,
    message_id: int,
    status: int,
    sop_class_uid: str,
    sop_instance_uid: str = "",
) -> bytes:
    """Return a P-DATA-TF with a response to ``message_id``, without a data set (PS3.7 9.3)."""
    elements = [
        element(0x0100, struct.pack("<H", command_field)),
        element(0x0120, struct.pack("<H", message_id)),
        element(0x0800, struct.pack("<H", NO_DATASET)),
        element(0x0900, struct.pack("<H", status)),
    ]
    if sop_class_uid:
        elements.insert(0, element(0x0002, even(sop_class_uid)))
    if sop_instance_uid:
        elements.append(element(0x1000, even(sop_instance_uid)))
    return data_tf(context_id, command_set(*elements), WHOLE_COMMAND)


def command_set(*elements: bytes) -> bytes:
    """Return a command set that starts with its length (PS3.7 6.3.1)."""
    joined = b"".join(elements)
    return element(0x0000, struct.pack("<L", len(joined))) + joined


def data_tf(context_id: int, data: bytes, flags: int) -> bytes:
    """Return a P-DATA-TF with one fragment (PS3.8 9.3.5)."""
    return pdu(PduType.DATA_TF, struct.pack(">LBB", len(data) + 2, context_id, flags) + data)


def echo_rsp(context_id: int, message_id: int, status: int) -> bytes:
    """P-DATA-TF with a C-ECHO-RSP (PS3.7 9.3.5.2)."""
    return response(context_id, CommandField.C_ECHO_RSP, message_id, status, VERIFICATION_SOP_CLASS)


def element(number: int, value: bytes) -> bytes:
    """Return an element of command group 0000, Implicit VR Little Endian (PS3.7 6.3.1)."""
    return struct.pack("<HHL", 0x0000, number, len(value)) + value


def even(text: str, padding: bytes = b"\0") -> bytes:
    """Return ``text`` as a value with an even number of bytes (PS3.5 7.1.1)."""
    raw = text.encode("latin-1", "replace")
    return raw + padding * (len(raw) % 2)
