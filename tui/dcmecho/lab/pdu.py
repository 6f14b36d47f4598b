"""What the lab's peers read and answer (PS3.8 9.3, PS3.7 9.3.5).

Read without pynetdicom, and without dcmecho's own reader, on purpose: what is diagnosed with must
not be what plays the peers.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from dcmecho.dicom import building
from dcmecho.dicom.building import (
    RELEASE_RP,
    abort,
    associate_rj,
    echo_rsp,
    item,
    pdu,
)
from dcmecho.standard.command_fields import CommandField
from dcmecho.standard.context_results import ContextResult
from dcmecho.standard.pdu_types import PduType
from dcmecho.standard.uids import IMPLICIT_VR_LITTLE_ENDIAN

__all__ = [
    "RELEASE_RP",
    "AssociateRequest",
    "ContextAnswer",
    "ContextResult",
    "EchoRequest",
    "InvalidPduError",
    "PduType",
    "ProposedContext",
    "abort",
    "associate_ac",
    "associate_rj",
    "command_elements",
    "echo_rsp",
    "item",
    "items",
    "parse_associate_rq",
    "parse_echo_rq",
    "pdu",
]

IMPLEMENTATION_CLASS_UID = "2.25.236093705432300330315597158338954359840"
IMPLEMENTATION_VERSION = "DCMECHO_LAB"
MAX_PDU_BYTES = 16384

_IMPLEMENTATION = building.Implementation(
    IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION, MAX_PDU_BYTES
)


class InvalidPduError(ValueError):
    """The lab's client sent bytes that the standard does not allow."""


@dataclass(frozen=True, slots=True)
class ProposedContext:
    """A presentation context of an A-ASSOCIATE-RQ (PS3.8 9.3.2.2)."""

    context_id: int
    abstract_syntax: str
    transfer_syntaxes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AssociateRequest:
    """An A-ASSOCIATE-RQ (PS3.8 9.3.2).

    ``called_ae`` and ``calling_ae`` are without trailing spaces; a leading space stays, as most
    archives compare titles that way. ``titles`` are the 64 bytes that an acceptance repeats.
    """

    called_ae: str
    calling_ae: str
    titles: bytes
    application_context: str
    contexts: tuple[ProposedContext, ...]


@dataclass(frozen=True, slots=True)
class ContextAnswer:
    """The answer to one presentation context in an A-ASSOCIATE-AC (PS3.8 9.3.3.2)."""

    context_id: int
    result: ContextResult
    transfer_syntax: str = IMPLICIT_VR_LITTLE_ENDIAN


@dataclass(frozen=True, slots=True)
class EchoRequest:
    """The parts of a C-ECHO-RQ that its answer repeats (PS3.7 9.3.5.1)."""

    context_id: int
    message_id: int


def associate_ac(request: AssociateRequest, answers: tuple[ContextAnswer, ...]) -> bytes:
    """A-ASSOCIATE-AC (PS3.8 9.3.3)."""
    contexts = (
        building.context_answer(answer.context_id, answer.result, answer.transfer_syntax)
        for answer in answers
    )
    return building.associate_ac(request.titles, contexts, _IMPLEMENTATION)


def parse_associate_rq(body: bytes) -> AssociateRequest:
    """Read the body of an A-ASSOCIATE-RQ. Raises :class:`InvalidPduError`."""
    if len(body) < 68:
        raise InvalidPduError(f"A-ASSOCIATE-RQ of {len(body)} bytes, at least 68 needed")
    parts = tuple(items(body[68:]))
    return AssociateRequest(
        called_ae=_title(body[4:20]),
        calling_ae=_title(body[20:36]),
        titles=body[4:68],
        application_context=next((_uid(value) for kind, value in parts if kind == 0x10), ""),
        contexts=tuple(_context(value) for kind, value in parts if kind == 0x20),
    )


def parse_echo_rq(body: bytes) -> EchoRequest:
    """Read the body of a P-DATA-TF that holds one whole C-ECHO-RQ.

    Raises :class:`InvalidPduError` for any other command, and for one cut in fragments.
    """
    if len(body) < 6 or body[5] != 0x03:
        raise InvalidPduError("P-DATA-TF does not hold one whole command")
    elements = dict(command_elements(body[6:]))
    try:
        (command_field,) = struct.unpack("<H", elements[0x0100])
        (message_id,) = struct.unpack("<H", elements[0x0110])
    except (KeyError, struct.error) as error:
        raise InvalidPduError("command without command field or message id") from error
    if command_field != CommandField.C_ECHO_RQ:
        raise InvalidPduError(f"command 0x{command_field:04X} is no C-ECHO-RQ")
    return EchoRequest(context_id=body[4], message_id=message_id)


def _title(field: bytes) -> str:
    return field.decode("latin-1").rstrip(" ")


def _uid(field: bytes) -> str:
    return field.decode("latin-1").rstrip("\0 ")


def items(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Read the items of an A-ASSOCIATE PDU. Raises :class:`InvalidPduError`."""
    while data:
        if len(data) < 4:
            raise InvalidPduError("item without a length")
        kind, length = struct.unpack_from(">BxH", data)
        if len(data) < 4 + length:
            raise InvalidPduError(f"item 0x{kind:02X} is longer than its PDU")
        yield kind, data[4 : 4 + length]
        data = data[4 + length :]


def _context(value: bytes) -> ProposedContext:
    if len(value) < 4:
        raise InvalidPduError("presentation context without an id")
    syntaxes = [(kind, _uid(uid)) for kind, uid in items(value[4:])]
    return ProposedContext(
        context_id=value[0],
        abstract_syntax=next((uid for kind, uid in syntaxes if kind == 0x30), ""),
        transfer_syntaxes=tuple(uid for kind, uid in syntaxes if kind == 0x40),
    )


def command_elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Read the elements of a command set (PS3.7 6.3.1). Raises :class:`InvalidPduError`."""
    while data:
        if len(data) < 8:
            raise InvalidPduError("command element without a length")
        group, number, length = struct.unpack_from("<HHL", data)
        if group != 0 or len(data) < 8 + length:
            raise InvalidPduError(f"broken command element ({group:04X},{number:04X})")
        yield number, data[8 : 8 + length]
        data = data[8 + length :]
