"""Makes frames and captures."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

FIN, SYN, RST, PUSH, ACK = 1, 2, 4, 8, 16
CLIENT, SERVER = (bytes((10, 0, 0, 1)), 40000), (bytes((10, 0, 0, 2)), 104)

Address = tuple[bytes, int]


class Packet(NamedTuple):
    """A TCP segment over IPv4."""

    source: Address
    target: Address
    sequence: int
    flags: int = ACK
    acknowledged: int = 0
    data: bytes = b""
    number: int = 1
    ttl: int = 64
    window: int = 500
    options: bytes = b""

    def reply(self, **values: object) -> Packet:
        """Return a segment in the other direction."""
        return self._replace(source=self.target, target=self.source, data=b"", **values)  # type: ignore[arg-type]

    def ip(self) -> bytes:
        """Return the IP packet."""
        options = self.options + b"\0" * (-len(self.options) % 4)
        header = 20 + len(options)
        tcp = struct.pack(
            ">HHIIHHHH",
            self.source[1],
            self.target[1],
            self.sequence & 0xFFFFFFFF,
            self.acknowledged & 0xFFFFFFFF,
            header << 10 | self.flags,
            self.window,
            0,
            0,
        )
        length = 20 + header + len(self.data)
        start = struct.pack(">BBHHHBBH", 0x45, 0, length, self.number, 0x4000, self.ttl, 6, 0)
        return start + self.source[0] + self.target[0] + tcp + options + self.data

    def ethernet(self) -> bytes:
        """Return the frame."""
        return b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + self.ip()


class Record(NamedTuple):
    """A frame in a file."""

    frame: bytes
    time: float = 1_790_000_000.0
    captured: int | None = None
    """Bytes of it that the file has; ``None``: all."""


def pcap(
    records: Iterable[Record],
    link: int = 1,
    order: str = "<",
    magic: int = 0xA1B2C3D4,
    fraction: int = 1_000_000,
    more: bytes = b"",
) -> bytes:
    """Return a pcap."""
    parts = [struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, 262144, link)]
    for record in records:
        seconds, part = divmod(round(record.time * fraction), fraction)
        data = record.frame[: record.captured]
        parts += [
            struct.pack(f"{order}IIII", seconds, part, len(data), len(record.frame)),
            more,
            data,
        ]
    return b"".join(parts)


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    """Return a block of a pcapng."""
    body += b"\0" * (-len(body) % 4)
    length = struct.pack(f"{order}I", len(body) + 12)
    return struct.pack(f"{order}I", kind) + length + body + length


def section(order: str = "<") -> bytes:
    """Return the block that begins a section."""
    return block(0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(
    link: int = 1, order: str = "<", snaplen: int = 0, options: Sequence[tuple[int, bytes]] = ()
) -> bytes:
    """Return the block of an interface."""
    body = struct.pack(f"{order}HHI", link, 0, snaplen)
    for code, value in options:
        padding = b"\0" * (-len(value) % 4)
        body += struct.pack(f"{order}HH", code, len(value)) + value + padding
    return block(1, body, order)


def packet(frame: bytes, ticks: int, number: int = 0, order: str = "<") -> bytes:
    """Return an enhanced packet block."""
    values = number, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame)
    return block(6, struct.pack(f"{order}IIIII", *values) + frame, order)


def old_packet(frame: bytes, ticks: int, number: int = 0, order: str = "<") -> bytes:
    """Return an obsolete packet block."""
    values = number, 0, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame)
    return block(2, struct.pack(f"{order}HHIIII", *values) + frame, order)


def simple_packet(frame: bytes, order: str = "<") -> bytes:
    """Return a simple packet block."""
    return block(3, struct.pack(f"{order}I", len(frame)) + frame, order)


def written(folder: Path, content: bytes, *, packed: bool = False) -> Path:
    """Write a file."""
    path = folder / ("capture.pcap.gz" if packed else "capture.pcap")
    path.write_bytes(gzip.compress(content) if packed else content)
    return path


def handshake(isn: int = 1000, server_isn: int = 9000) -> list[Packet]:
    """Return SYN, SYN-ACK and ACK."""
    syn = Packet(CLIENT, SERVER, isn, SYN, options=b"\2\4\5\xb4")
    answer = Packet(SERVER, CLIENT, server_isn, SYN | ACK, isn + 1, options=b"\2\4\5\xb4")
    return [syn, answer, Packet(CLIENT, SERVER, isn + 1, ACK, server_isn + 1, number=2)]


def frames(packets: Iterable[Packet], step: float = 0.001) -> list[Record]:
    """Return records of packets, one each millisecond."""
    return [
        Record(each.ethernet(), 1_790_000_000 + index * step) for index, each in enumerate(packets)
    ]
