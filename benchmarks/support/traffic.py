"""Writes a capture of many associations with C-STORE, as large as it is asked for."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

_SEGMENT = 1448
_SYN, _ACK, _PUSH, _FIN = 2, 16, 8, 1
_SERVER = bytes((10, 20, 2, 10))
_ETHERNET = bytes.fromhex("020000000001020000000002") + b"\x08\x00"
_TIMESTAMPS = b"\x01\x01\x08\x0a" + bytes(8)
_STORE = b"1.2.840.10008.5.1.4.1.1.2"
_IMPLICIT = b"1.2.840.10008.1.2"


class _Endpoint:
    def __init__(self, address: bytes, port: int, sequence: int) -> None:
        self.address, self.port, self.next = address, port, sequence
        self.number = sequence & 0xFFFF


def _frame(sender: _Endpoint, receiver: _Endpoint, flags: int, data: bytes = b"") -> bytes:
    sender.number = sender.number % 0xFFFF + 1
    length = 52 + len(data)
    network = struct.pack(">BBHHHBBH", 0x45, 0, length, sender.number, 0x4000, 64, 6, 0)
    ports = struct.pack(">HH", sender.port, receiver.port)
    acknowledged = receiver.next if flags & _ACK else 0
    transport = struct.pack(">IIHHHH", sender.next, acknowledged, 8 << 12 | flags, 502, 0, 0)
    sender.next = (sender.next + len(data) + bool(flags & (_SYN | _FIN))) & 0xFFFFFFFF
    addresses = sender.address + receiver.address
    return b"".join((_ETHERNET, network, addresses, ports, transport, _TIMESTAMPS, data))


def _item(kind: int, body: bytes) -> bytes:
    return struct.pack(">BxH", kind, len(body)) + body


def _associate(kind: int, context: bytes) -> bytes:
    titles = b"PACS".ljust(16) + b"CT1".ljust(16) + bytes(32)
    user = _item(0x50, _item(0x51, struct.pack(">I", 16384)) + _item(0x52, b"1.2.3.4"))
    body = b"\0\1\0\0" + titles + _item(0x10, b"1.2.840.10008.3.1.1.1") + context + user
    return struct.pack(">BxI", kind, len(body)) + body


def _request() -> bytes:
    return _associate(1, _item(0x20, b"\1\0\0\0" + _item(0x30, _STORE) + _item(0x40, _IMPLICIT)))


def _acceptance() -> bytes:
    return _associate(2, _item(0x21, b"\1\0\0\0" + _item(0x40, _IMPLICIT)))


def _element(group: int, number: int, value: bytes) -> bytes:
    return struct.pack("<HHI", group, number, len(value)) + value


def _command(*elements: tuple[int, bytes]) -> bytes:
    body = b"".join(_element(0, number, value) for number, value in elements)
    body = _element(0, 0, struct.pack("<I", len(body))) + body
    return _data_pdu(3, body)


def _data_pdu(kind: int, body: bytes) -> bytes:
    return struct.pack(">BxIIBB", 4, len(body) + 6, len(body) + 2, 1, kind) + body


def _short(number: int) -> bytes:
    return struct.pack("<H", number)


def _store(size: int) -> bytes:
    """Return the PDUs of a C-STORE-RQ with a dataset."""
    command = _command(
        (2, _STORE + b"\0"), (0x100, _short(1)), (0x110, _short(1)), (0x700, _short(0)),
        (0x800, _short(1)), (0x1000, b"1.2.3.4.5\0"),
    )  # fmt: skip
    dataset = _element(0x7FE0, 0x10, bytes(range(256)) * (size // 256))
    most = 16384 - 6
    pieces = [dataset[at : at + most] for at in range(0, len(dataset), most)]
    kinds = [0] * (len(pieces) - 1) + [2]
    return command + b"".join(map(_data_pdu, kinds, pieces))


def _stored() -> bytes:
    return _command(
        (2, _STORE + b"\0"), (0x100, _short(0x8001)), (0x120, _short(1)), (0x800, _short(0x101)),
        (0x900, _short(0)), (0x1000, b"1.2.3.4.5\0"),
    )  # fmt: skip


_RELEASE = {kind: bytes((kind, 0, 0, 0, 0, 4, 0, 0, 0, 0)) for kind in (5, 6)}


def _association(number: int, store: bytes) -> Iterator[bytes]:
    """Yield the frames of an association with one C-STORE."""
    address = bytes((10, 20, number >> 8 & 0xFF, number & 0xFF))
    client = _Endpoint(address, 32768 + number % 28000, number * 7919 + 0xFFFFF000 & 0xFFFFFFFF)
    server = _Endpoint(_SERVER, 104, number * 104729 & 0xFFFFFFFF)
    yield _frame(client, server, _SYN)
    yield _frame(server, client, _SYN | _ACK)
    yield _frame(client, server, _ACK)
    for sender, data in (
        (client, _request()),
        (server, _acceptance()),
        (client, store),
        (server, _stored()),
        (client, _RELEASE[5]),
        (server, _RELEASE[6]),
    ):
        other = server if sender is client else client
        for count, at in enumerate(range(0, len(data), _SEGMENT)):
            yield _frame(sender, other, _ACK | _PUSH, data[at : at + _SEGMENT])
            if count % 2:
                yield _frame(other, sender, _ACK)
        yield _frame(other, sender, _ACK)
    yield _frame(client, server, _FIN | _ACK)
    yield _frame(server, client, _FIN | _ACK)
    yield _frame(client, server, _ACK)


def _interleaved(associations: int, store: bytes, at_once: int = 4) -> Iterator[bytes]:
    running: list[Iterator[bytes]] = []
    for number in range(associations):
        running.append(_association(number, store))
        if len(running) == at_once or number == associations - 1:
            while running:
                for each in tuple(running):
                    frame = next(each, None)
                    if frame is None:
                        running.remove(each)
                    else:
                        yield frame


def write_capture(path: Path, associations: int = 6400, object_bytes: int = 26_112) -> int:
    """Write a pcap of associations with one C-STORE each; with these values it has 200 MB.

    Returns the number of frames.
    """
    store = _store(object_bytes)
    frames = 0
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for frame in _interleaved(associations, store):
            microseconds = frames * 300
            seconds = 1_790_000_000 + microseconds // 1_000_000
            head = struct.pack("<IIII", seconds, microseconds % 1_000_000, len(frame), len(frame))
            file.write(head + frame)
            frames += 1
    return frames
