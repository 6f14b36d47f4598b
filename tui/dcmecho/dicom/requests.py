"""The three PDUs that a C-ECHO sends, byte by byte (PS3.8 9.3, PS3.7 9.3.5.1).

Written here so that a diagnosis loads neither pynetdicom nor pydicom and starts none of their
threads; a test holds the bytes to those that pynetdicom encodes.
"""

from __future__ import annotations

import struct

from dcmecho import __version__
from dcmecho.diagnosis.model import ContextProposal, RunOptions, Target
from dcmecho.dicom.framing import PduType

IMPLEMENTATION_CLASS_UID = "2.25.15942859386349496160196438484690522751"
"""Ours, from a UUID (PS3.5 B.2); what the peer's log shows of us."""

IMPLEMENTATION_VERSION = "DCMECHO_" + "".join(__version__.split(".")[:2])

APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1"
"""DICOM's application context name (PS3.7 A.2.1)."""

VERIFICATION = "1.2.840.10008.1.1"
"""Verification SOP Class (PS3.4 A.4)."""

RELEASE_REQUEST = struct.pack(">BBII", PduType.RELEASE_RQ, 0, 4, 0)
"""A-RELEASE-RQ (PS3.8 9.3.6)."""

_FIRST_SYNTAXES = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2")
_DEFLATED = "1.2.840.10008.1.2.1.99"
_PROTOCOL_VERSION = 1
_AE_TITLE_BYTES = 16
_RESERVED_BYTES = 32
_C_ECHO_RQ = 0x0030
_NO_DATASET = 0x0101
_LAST_COMMAND_FRAGMENT = 0x03
"""Message control header of a command in one piece (PS3.8 E.2)."""


def associate_request(target: Target, options: RunOptions) -> bytes:
    """A-ASSOCIATE-RQ (PS3.8 9.3.2) that proposes what ``options`` say, Verification else.

    Context n has the id 2n + 1, counted from 0.
    """
    body = struct.pack(">HH", _PROTOCOL_VERSION, 0)
    body += _ae_title(target.called_ae) + _ae_title(target.calling_ae) + bytes(_RESERVED_BYTES)
    body += _item(0x10, (options.application_context or APPLICATION_CONTEXT).encode())
    for number, proposal in enumerate(options.contexts or _verification(options)):
        body += _context(2 * number + 1, proposal)
    body += _item(
        0x50,
        _item(0x51, struct.pack(">I", target.max_pdu_bytes))
        + _item(0x52, IMPLEMENTATION_CLASS_UID.encode())
        + _item(0x55, IMPLEMENTATION_VERSION.encode()),
    )
    return struct.pack(">BBI", PduType.ASSOCIATE_RQ, 0, len(body)) + body


def echo_request(context_id: int, message_id: int) -> bytes:
    """P-DATA-TF (PS3.8 9.3.5) with a C-ECHO-RQ (PS3.7 9.3.5.1)."""
    elements = (
        _element(0x0002, VERIFICATION.encode() + b"\0" * (len(VERIFICATION) % 2))
        + _element(0x0100, struct.pack("<H", _C_ECHO_RQ))
        + _element(0x0110, struct.pack("<H", message_id))
        + _element(0x0800, struct.pack("<H", _NO_DATASET))
    )
    command = _element(0x0000, struct.pack("<I", len(elements))) + elements
    value = struct.pack(">IBB", len(command) + 2, context_id, _LAST_COMMAND_FRAGMENT) + command
    return struct.pack(">BBI", PduType.DATA_TF, 0, len(value)) + value


def transfer_syntaxes(count: int) -> tuple[str, ...]:
    """The first ``count`` UIDs in DCMTK's order; deflated last: some peers take it and fail."""
    if count <= len(_FIRST_SYNTAXES):
        return _FIRST_SYNTAXES[:count]
    from pynetdicom import ALL_TRANSFER_SYNTAXES

    others = [syntax for syntax in ALL_TRANSFER_SYNTAXES if syntax not in _FIRST_SYNTAXES]
    others.sort(key=lambda syntax: syntax == _DEFLATED)
    return (*_FIRST_SYNTAXES, *others)[:count]


def _verification(options: RunOptions) -> tuple[ContextProposal, ...]:
    syntaxes = transfer_syntaxes(options.transfer_syntaxes)
    return (ContextProposal(VERIFICATION, syntaxes),) * options.presentation_contexts


def _context(context_id: int, proposal: ContextProposal) -> bytes:
    body = bytes([context_id, 0, 0, 0]) + _item(0x30, proposal.abstract_syntax.encode())
    body += b"".join(_item(0x40, syntax.encode()) for syntax in proposal.transfer_syntaxes)
    return _item(0x20, body)


def _ae_title(title: str) -> bytes:
    return title.encode("ascii").ljust(_AE_TITLE_BYTES)


def _item(kind: int, data: bytes) -> bytes:
    """An item of an A-ASSOCIATE PDU (PS3.8 9.3.2)."""
    return struct.pack(">BBH", kind, 0, len(data)) + data


def _element(number: int, value: bytes) -> bytes:
    """An element of group 0000, Implicit VR Little Endian (PS3.7 6.3.1)."""
    return struct.pack("<HHI", 0, number, len(value)) + value
