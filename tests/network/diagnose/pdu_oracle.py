"""Reads what was sent by itself (PS3.8 9.3, PS3.7 E.1), with no code of dcmecho or pynetdicom."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

REQUEST, ACCEPTANCE, DATA = 1, 2, 4
ECHO_RSP, FIND_RSP, MOVE_RSP, STORE_RSP, STORE_RQ = 0x8030, 0x8020, 0x8021, 0x8001, 0x0001


Command = Mapping[int, AbstractSet[int]]
"""The numbers in a DIMSE command, by element of group 0000. A broken one can have several."""

FIELD, STATUS = 0x0100, 0x0900


def pdus(sent: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the kind and the value of each whole PDU, up to the first that is none."""
    while len(sent) >= 6:
        kind, length = struct.unpack_from(">BxL", sent)
        if len(sent) < 6 + length:
            return
        yield kind, sent[6 : 6 + length]
        sent = sent[6 + length :]


def is_accepted(sent: bytes) -> bool:
    """Report whether the first PDU is an A-ASSOCIATE-AC."""
    return next(pdus(sent), (0, b""))[0] == ACCEPTANCE


def accepted_contexts(sent: bytes) -> set[int]:
    """Return the presentation contexts with result 0 of the A-ASSOCIATE-AC, if it is the first."""
    kind, value = next(pdus(sent), (0, b""))
    if kind != ACCEPTANCE:
        return set()
    return {item[0] for code, item in _items(value[68:]) if code == 0x21 and item[2:3] == b"\0"}


def called_title(sent: bytes) -> str:
    """Return the called AE title of the A-ASSOCIATE-RQ, if it is the first PDU; else nothing."""
    kind, value = next(pdus(sent), (0, b""))
    if kind != REQUEST or len(value) < 68:
        return ""
    return value[4:20].decode("latin-1").strip(" \0")


def commands(sent: bytes) -> Iterator[Command]:
    """Yield each whole DIMSE command, of an acceptor on the presentation contexts it accepted."""
    is_requestor = next(pdus(sent), (0, b""))[0] == REQUEST
    accepted = set(range(256)) if is_requestor else accepted_contexts(sent)
    parts: dict[int, bytes] = {}
    for context, is_command, is_last, part in _fragments(sent):
        if not is_command or context not in accepted:
            continue
        parts[context] = parts.get(context, b"") + part
        if is_last:
            yield _numbers(parts.pop(context))


def _fragments(sent: bytes) -> Iterator[tuple[int, bool, bool, bytes]]:
    """Yield the presentation data values (PS3.8 9.3.5.1, E.2)."""
    for kind, value in pdus(sent):
        while kind == DATA and len(value) >= 6:
            length, context, header = struct.unpack_from(">LBB", value)
            yield context, bool(header & 1), bool(header & 2), value[6 : 4 + length]
            value = value[4 + length :] if length >= 2 else b""


def _items(value: bytes) -> Iterator[tuple[int, bytes]]:
    while len(value) >= 4:
        code, length = struct.unpack_from(">BxH", value)
        yield code, value[4 : 4 + length]
        value = value[4 + length :]


def _elements(command: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the elements of group 0000 (implicit VR little endian)."""
    while len(command) >= 8:
        group, element, length = struct.unpack_from("<HHL", command)
        if group == 0:
            yield element, command[8 : 8 + length]
        command = command[8 + length :]


def _numbers(command: bytes) -> Command:
    found: dict[int, set[int]] = {}
    for element, value in _elements(command):
        if len(value) == 2:
            found.setdefault(element, set()).add(int.from_bytes(value, "little"))
    return found


def has(sent: Iterable[bytes], field: int, statuses: Iterable[int] = (0,)) -> bool:
    """Report whether some connection heard this command with one of these statuses."""
    wanted = frozenset(statuses)
    return any(
        field in each.get(FIELD, ()) and wanted & each.get(STATUS, frozenset())
        for one in sent
        for each in commands(one)
    )


def number_of(sent: Iterable[bytes], field: int) -> int:
    """Return how often this command was heard, whatever its status is."""
    return sum(field in each.get(FIELD, ()) for one in sent for each in commands(one))
