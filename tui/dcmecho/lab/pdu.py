"""The few PDUs that the lab's peers speak, byte by byte (PS3.8 9.3, PS3.7 9.3.5).

Written without pynetdicom on purpose: the library that dcmecho diagnoses with must not be the one
that plays the peers, and some peers send what no library would.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

VERIFICATION_SOP_CLASS = "1.2.840.10008.1.1"
APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1"
IMPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2"

UNCOMPRESSED = (IMPLICIT_VR_LITTLE_ENDIAN, "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2")
"""The transfer syntaxes that the lab speaks, the one it prefers first."""

IMPLEMENTATION_CLASS_UID = "2.25.236093705432300330315597158338954359840"
IMPLEMENTATION_VERSION = "DCMECHO_LAB"
MAX_PDU_BYTES = 16384

C_ECHO_RQ = 0x0030
C_ECHO_RSP = 0x8030
NO_DATASET = 0x0101


class PduType(IntEnum):
    """The first byte of a PDU (PS3.8 9.3.1)."""

    ASSOCIATE_RQ = 0x01
    ASSOCIATE_AC = 0x02
    ASSOCIATE_RJ = 0x03
    P_DATA_TF = 0x04
    RELEASE_RQ = 0x05
    RELEASE_RP = 0x06
    ABORT = 0x07


class ContextResult(IntEnum):
    """The answer to one proposed presentation context (PS3.8 9.3.3.2)."""

    ACCEPTANCE = 0
    USER_REJECTION = 1
    NO_REASON = 2
    ABSTRACT_SYNTAX_NOT_SUPPORTED = 3
    TRANSFER_SYNTAXES_NOT_SUPPORTED = 4


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


def pdu(pdu_type: PduType, body: bytes) -> bytes:
    """One PDU: type, a reserved byte, the length in 4 bytes, the body."""
    return struct.pack(">BxL", pdu_type, len(body)) + body


def item(item_type: int, body: bytes) -> bytes:
    """One item of an A-ASSOCIATE PDU: type, a reserved byte, the length in 2 bytes, the body."""
    return struct.pack(">BxH", item_type, len(body)) + body


def associate_ac(request: AssociateRequest, answers: tuple[ContextAnswer, ...]) -> bytes:
    """A-ASSOCIATE-AC (PS3.8 9.3.3)."""
    contexts = b"".join(
        item(
            0x21,
            struct.pack(">BxBx", answer.context_id, answer.result)
            + item(0x40, answer.transfer_syntax.encode("ascii")),
        )
        for answer in answers
    )
    user_information = item(
        0x50,
        item(0x51, struct.pack(">L", MAX_PDU_BYTES))
        + item(0x52, IMPLEMENTATION_CLASS_UID.encode("ascii"))
        + item(0x55, IMPLEMENTATION_VERSION.encode("ascii")),
    )
    return pdu(
        PduType.ASSOCIATE_AC,
        struct.pack(">H2x", 1)
        + request.titles
        + item(0x10, APPLICATION_CONTEXT.encode("ascii"))
        + contexts
        + user_information,
    )


def associate_rj(result: int, source: int, reason: int) -> bytes:
    """A-ASSOCIATE-RJ (PS3.8 9.3.4); takes numbers outside the standard, as real peers do."""
    return pdu(PduType.ASSOCIATE_RJ, struct.pack(">xBBB", result, source, reason))


def abort(source: int, reason: int) -> bytes:
    """A-ABORT (PS3.8 9.3.8)."""
    return pdu(PduType.ABORT, struct.pack(">2xBB", source, reason))


RELEASE_RP = pdu(PduType.RELEASE_RP, bytes(4))
"""A-RELEASE-RP (PS3.8 9.3.7)."""


def echo_rsp(context_id: int, message_id: int, status: int) -> bytes:
    """P-DATA-TF with a C-ECHO-RSP that answers ``message_id`` (PS3.7 9.3.5.2)."""
    uid = VERIFICATION_SOP_CLASS.encode("ascii").ljust(18, b"\0")
    elements = (
        _element(0x0002, uid)
        + _element(0x0100, struct.pack("<H", C_ECHO_RSP))
        + _element(0x0120, struct.pack("<H", message_id))
        + _element(0x0800, struct.pack("<H", NO_DATASET))
        + _element(0x0900, struct.pack("<H", status))
    )
    command = _element(0x0000, struct.pack("<L", len(elements))) + elements
    return pdu(
        PduType.P_DATA_TF,
        struct.pack(">LBB", len(command) + 2, context_id, 0x03) + command,
    )


def _element(number: int, value: bytes) -> bytes:
    """Encode an element of the command group 0000, Implicit VR Little Endian (PS3.7 6.3.1)."""
    return struct.pack("<HHL", 0x0000, number, len(value)) + value


def parse_associate_rq(body: bytes) -> AssociateRequest:
    """Read the body of an A-ASSOCIATE-RQ. Raises :class:`InvalidPduError`."""
    if len(body) < 68:
        raise InvalidPduError(f"A-ASSOCIATE-RQ of {len(body)} bytes, at least 68 needed")
    items = tuple(_items(body[68:]))
    return AssociateRequest(
        called_ae=_title(body[4:20]),
        calling_ae=_title(body[20:36]),
        titles=body[4:68],
        application_context=next((_uid(value) for kind, value in items if kind == 0x10), ""),
        contexts=tuple(_context(value) for kind, value in items if kind == 0x20),
    )


def parse_echo_rq(body: bytes) -> EchoRequest:
    """Read the body of a P-DATA-TF that holds one whole C-ECHO-RQ.

    Raises :class:`InvalidPduError` for any other command, and for one cut in fragments.
    """
    if len(body) < 6 or body[5] != 0x03:
        raise InvalidPduError("P-DATA-TF does not hold one whole command")
    elements = dict(_command_elements(body[6:]))
    try:
        (command_field,) = struct.unpack("<H", elements[0x0100])
        (message_id,) = struct.unpack("<H", elements[0x0110])
    except (KeyError, struct.error) as error:
        raise InvalidPduError("command without command field or message id") from error
    if command_field != C_ECHO_RQ:
        raise InvalidPduError(f"command 0x{command_field:04X} is no C-ECHO-RQ")
    return EchoRequest(context_id=body[4], message_id=message_id)


def _title(field: bytes) -> str:
    return field.decode("latin-1").rstrip(" ")


def _uid(field: bytes) -> str:
    return field.decode("latin-1").rstrip("\0 ")


def _items(data: bytes) -> Iterator[tuple[int, bytes]]:
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
    syntaxes = [(kind, _uid(uid)) for kind, uid in _items(value[4:])]
    return ProposedContext(
        context_id=value[0],
        abstract_syntax=next((uid for kind, uid in syntaxes if kind == 0x30), ""),
        transfer_syntaxes=tuple(uid for kind, uid in syntaxes if kind == 0x40),
    )


def _command_elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    while data:
        if len(data) < 8:
            raise InvalidPduError("command element without a length")
        group, number, length = struct.unpack_from("<HHL", data)
        if group != 0 or len(data) < 8 + length:
            raise InvalidPduError(f"broken command element ({group:04X},{number:04X})")
        yield number, data[8 : 8 + length]
        data = data[8 + length :]
