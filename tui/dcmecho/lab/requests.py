"""DIMSE requests as the practice peers read them, and their responses."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from dcmecho.dicom.pdu.build import WHOLE_COMMAND, command_set, data_tf, element, even
from dcmecho.dicom.pdu.commands import NO_DATASET
from dcmecho.dicom.pdu.read import Data, Pdu
from dcmecho.standard.command_fields import RESPONSE, CommandField
from dcmecho.standard.uids import VERIFICATION_SOP_CLASS

_LAST_OF_DATA = 0x02


@dataclass(frozen=True, slots=True)
class LabRequest:
    """The parts of a request that its response repeats (PS3.7 9.3), and the move destination."""

    command_field: int
    context_id: int
    message_id: int
    sop_class_uid: str = ""
    sop_instance_uid: str = ""
    destination: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of sub-operations in a C-MOVE-RSP (PS3.7 9.3.4.2)."""

    remaining: int = 0
    completed: int = 0
    failed: int = 0


def read_request(received: Pdu) -> LabRequest | None:
    """Return the request in a P-DATA-TF with one whole command, or ``None``."""
    if not isinstance(received.content, Data) or len(received.content.fragments) != 1:
        return None
    (fragment,) = received.content.fragments
    command = fragment.command
    if command is None or not fragment.is_last:
        return None
    return LabRequest(
        command.field or 0,
        fragment.context_id,
        command.message_id or 0,
        command.sop_class_uid,
        command.sop_instance_uid,
        str(command.move_destination),
    )


def response(
    request: LabRequest, status: int, counts: Counts | None = None, comment: str = ""
) -> bytes:
    """P-DATA-TF with the response to ``request``."""
    elements = [
        element(0x0100, struct.pack("<H", request.command_field | RESPONSE)),
        element(0x0120, struct.pack("<H", request.message_id)),
        element(0x0800, struct.pack("<H", NO_DATASET)),
        element(0x0900, struct.pack("<H", status)),
    ]
    if comment:
        elements.append(element(0x0902, even(comment, b" ")))
    if request.command_field == CommandField.C_STORE_RQ:
        elements.append(element(0x1000, even(request.sop_instance_uid)))
    if counts is not None:
        numbers = (counts.remaining, counts.completed, counts.failed, 0)
        elements += [
            element(0x1020 + n, struct.pack("<H", value)) for n, value in enumerate(numbers)
        ]
    return data_tf(request.context_id, command_set(*elements), WHOLE_COMMAND)


def echo_request(context_id: int, message_id: int) -> bytes:
    """P-DATA-TF with a C-ECHO-RQ (PS3.7 9.3.5.1)."""
    command = command_set(
        element(0x0002, even(VERIFICATION_SOP_CLASS)),
        element(0x0100, struct.pack("<H", CommandField.C_ECHO_RQ)),
        element(0x0110, struct.pack("<H", message_id)),
        element(0x0800, struct.pack("<H", NO_DATASET)),
    )
    return data_tf(context_id, command, WHOLE_COMMAND)


def store_request(context_id: int, message_id: int, sop_class_uid: str, instance_uid: str) -> bytes:
    """P-DATA-TF with a C-STORE-RQ (PS3.7 9.3.1.1). The data set follows in another PDU."""
    command = command_set(
        element(0x0002, even(sop_class_uid)),
        element(0x0100, struct.pack("<H", CommandField.C_STORE_RQ)),
        element(0x0110, struct.pack("<H", message_id)),
        element(0x0700, struct.pack("<H", 0)),
        element(0x0800, struct.pack("<H", 0)),
        element(0x1000, even(instance_uid)),
    )
    return data_tf(context_id, command, WHOLE_COMMAND)


def dataset(context_id: int, sop_class_uid: str, instance_uid: str) -> bytes:
    """P-DATA-TF with a whole test data set, Implicit VR Little Endian."""
    values = (
        (0x0008, 0x0016, even(sop_class_uid)),
        (0x0008, 0x0018, even(instance_uid)),
        (0x0010, 0x0010, b"PHANTOM "),
    )
    data = b"".join(struct.pack("<HHL", g, e, len(value)) + value for g, e, value in values)
    return data_tf(context_id, data, _LAST_OF_DATA)
