"""Association PDUs with any part made odd, byte by byte (PS3.8 9.3)."""

from __future__ import annotations

import struct

VERIFICATION = b"1.2.840.10008.1.1"
IMPLICIT_LE = "1.2.840.10008.1.2"

_USER = struct.pack(">BBHI", 0x51, 0, 4, 16384) + struct.pack(">BBH", 0x52, 0, 7) + b"1.2.3.4"


def item(kind: int, data: bytes) -> bytes:
    """Encode one item."""
    return struct.pack(">BBH", kind, 0, len(data)) + data


def accepted_context(context_id: int, syntax: str = IMPLICIT_LE, result: int = 0) -> bytes:
    """Encode the answer to one presentation context."""
    return item(0x21, bytes([context_id, 0, result, 0]) + item(0x40, syntax.encode()))


def request(called: str = "PACS", calling: str = "WS") -> bytes:
    """Encode an A-ASSOCIATE-RQ that proposes Verification with Implicit VR Little Endian."""
    proposed = item(0x20, b"\1\0\0\0" + item(0x30, VERIFICATION) + item(0x40, IMPLICIT_LE.encode()))
    return _associate(1, called.encode().ljust(16), calling.encode().ljust(16), proposed, _USER)


def accept(
    called: bytes = b"PACS            ",
    contexts: bytes | None = None,
    user: bytes | None = None,
    version: bytes = b"",
) -> bytes:
    """Encode an A-ASSOCIATE-AC; ``user`` are the sub-items of the user information."""
    if user is None:
        user = _USER + (item(0x55, version) if version else b"")
    answered = accepted_context(1) if contexts is None else contexts
    return _associate(2, called, b"WS".ljust(16), answered, user)


def _associate(kind: int, called: bytes, calling: bytes, contexts: bytes, user: bytes) -> bytes:
    body = struct.pack(">HH", 1, 0) + called + calling + bytes(32)
    body += item(0x10, b"1.2.840.10008.3.1.1.1") + contexts
    if user:
        body += item(0x50, user)
    return struct.pack(">BBI", kind, 0, len(body)) + body
