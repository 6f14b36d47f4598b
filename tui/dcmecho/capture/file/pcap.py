"""The pcap form: all magic numbers, both orders of bytes."""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

from dcmecho.capture.file.record import MOST_BYTES, DamagedError, Records, ends_inside
from dcmecho.capture.file.source import Source

HEADER_BYTES = 24


class _Kind(NamedTuple):
    order: str
    fraction: float
    """Seconds in one unit of the second number of a time."""
    more: int
    """Bytes of a record's header after the usual 16."""


_KINDS = {
    number.to_bytes(4, "big" if order == ">" else "little"): _Kind(order, fraction, more)
    for number, fraction, more in (
        (0xA1B2C3D4, 1e-6, 0),
        (0xA1B23C4D, 1e-9, 0),
        # Alexey Kuznetzov's: interface, protocol and type of packet in each record.
        (0xA1B2CD34, 1e-6, 8),
    )
    for order in "<>"
}

LINK_TYPE_MASK = 0xFFFF
"""Above are the length of checksums behind frames, and flags."""


def is_pcap(beginning: bytes) -> bool:
    """Whether a file that begins so is a pcap."""
    return beginning[:4] in _KINDS


def read_pcap(source: Source) -> Records:
    """Yield the records. Raises ``DamagedError``."""
    buffer = source.more(b"", 0, HEADER_BYTES)
    if len(buffer) < HEADER_BYTES:
        raise ends_inside("its header")
    order, fraction, more = _KINDS[buffer[:4]]
    link = Struct(f"{order}I").unpack_from(buffer, 20)[0] & LINK_TYPE_MASK
    unpack = Struct(f"{order}IIII").unpack_from
    head = 16 + more
    at = HEADER_BYTES
    number = 0
    while True:
        number += 1
        start = at + head
        if start > len(buffer):
            buffer = source.more(buffer, at, head)
            at, start = 0, head
            if len(buffer) < head:
                break
        seconds, part, captured, original = unpack(buffer, at)
        end = start + captured
        if end > len(buffer):
            if captured > MOST_BYTES:
                raise DamagedError(f"record {number} claims {captured} bytes")
            buffer = source.more(buffer, at, head + captured)
            at, start, end = 0, head, head + captured
            if end > len(buffer):
                raise ends_inside(f"record {number}")
        yield buffer, start, end, original, seconds + part * fraction, link
        at = end
    if buffer:
        raise ends_inside(f"record {number}")
