"""The pcapng form: sections, interfaces, and the three kinds of packet blocks.

All other blocks (names, statistics, secrets of TLS, comments) are skipped unread.
Source: draft-ietf-opsawg-pcapng.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

from dcmecho.capture.file.record import (
    MOST_BYTES,
    UNKNOWN_LINK,
    DamagedError,
    Record,
    Records,
    ends_inside,
)
from dcmecho.capture.file.source import Source

SECTION_MAGIC = b"\x0a\x0d\x0d\x0a"
_SECTION = 0x0A0D0D0A
_INTERFACE, _OLD_PACKET, _SIMPLE_PACKET, _PACKET = 1, 2, 3, 6
_ORDER_MAGIC = {b"\x1a\x2b\x3c\x4d": ">", b"\x4d\x3c\x2b\x1a": "<"}
_TIME_RESOLUTION, _TIME_OFFSET = 9, 14
_SMALLEST_BLOCK = 12
_READ = frozenset({_SECTION, _INTERFACE, _OLD_PACKET, _SIMPLE_PACKET, _PACKET})


class _Interface(NamedTuple):
    link: int = UNKNOWN_LINK
    snaplen: int = 0
    ticks: float = 1e6
    """In a second."""
    offset: int = 0
    """Seconds that are added to each time."""


class _Layouts:
    """How numbers are read in the order of bytes of a section."""

    def __init__(self) -> None:
        self.use("<")

    def use(self, order: str) -> None:
        """Read numbers in this order."""
        self.block = Struct(f"{order}II").unpack_from
        self.packet = Struct(f"{order}IIIII").unpack_from
        self.old_packet = Struct(f"{order}HHIIII").unpack_from
        self.number = Struct(f"{order}I").unpack_from
        self.interface = Struct(f"{order}HHI").unpack_from
        self.option = Struct(f"{order}HH").unpack_from
        self.seconds = Struct(f"{order}q").unpack_from


def is_pcapng(beginning: bytes) -> bool:
    """Whether a file that begins so is a pcapng."""
    return beginning[:4] == SECTION_MAGIC and beginning[8:12] in _ORDER_MAGIC


def read_pcapng(source: Source) -> Records:
    """Yield the packets of all sections. Raises ``DamagedError``."""
    layouts = _Layouts()
    interfaces: list[_Interface] = []
    for kind, buffer, at, end in _blocks(source, layouts):
        if kind == _PACKET:
            found = _packet(layouts, interfaces, buffer, at, end)
        elif kind == _SECTION:
            interfaces = []
            continue
        elif kind == _INTERFACE:
            interfaces.append(_interface(layouts, buffer, at, end))
            continue
        elif kind == _SIMPLE_PACKET:
            found = _simple_packet(layouts, interfaces, buffer, at, end)
        else:
            found = _old_packet(layouts, interfaces, buffer, at, end)
        yield found


def _blocks(source: Source, layouts: _Layouts) -> Iterator[tuple[int, bytes, int, int]]:
    """Yield the blocks to read: kind, buffer, where the body begins and ends.

    Sets ``layouts`` to the order of bytes of each section.
    """
    buffer, at, number = b"", 0, 0
    while True:
        number += 1
        if len(buffer) - at < _SMALLEST_BLOCK:
            buffer = source.more(buffer, at, _SMALLEST_BLOCK)
            at = 0
            if len(buffer) < _SMALLEST_BLOCK:
                break
        if buffer[at : at + 4] == SECTION_MAGIC:
            layouts.use(_order(buffer[at + 8 : at + 12], number))
        kind, length = layouts.block(buffer, at)
        if length < _SMALLEST_BLOCK or (length > MOST_BYTES and kind in _READ):
            raise DamagedError(f"block {number} claims a length of {length} bytes")
        length += -length % 4
        if kind not in _READ:
            buffer, at = _skip(source, buffer, at + length, number)
            continue
        if at + length > len(buffer):
            buffer = source.more(buffer, at, length)
            at = 0
            if length > len(buffer):
                raise ends_inside(f"block {number}")
        yield kind, buffer, at + 8, at + length - 4
        at += length
    if buffer:
        raise ends_inside(f"block {number}")


def _order(magic: bytes, number: int) -> str:
    if magic not in _ORDER_MAGIC:
        raise DamagedError(f"block {number} begins a section without an order of bytes")
    return _ORDER_MAGIC[magic]


def _skip(source: Source, buffer: bytes, at: int, number: int) -> tuple[bytes, int]:
    """Go on to a place that may be far behind the buffer, without keeping what is between."""
    while at > len(buffer):
        at -= len(buffer)
        buffer = source.more(b"", 0, 1)
        if not buffer:
            raise ends_inside(f"block {number}")
    return buffer, at


def _interface(layouts: _Layouts, buffer: bytes, at: int, end: int) -> _Interface:
    if end - at < 8:
        return _Interface()
    link, _, snaplen = layouts.interface(buffer, at)
    options = dict(_options(layouts, buffer, at + 8, end))
    offset = options.get(_TIME_OFFSET, b"")
    return _Interface(
        link,
        snaplen,
        _ticks(options.get(_TIME_RESOLUTION, b"")),
        layouts.seconds(offset)[0] if len(offset) == 8 else 0,
    )


def _ticks(resolution: bytes) -> float:
    """Return the ticks in a second: a power of 10, or of 2 with the highest bit."""
    if len(resolution) != 1:
        return 1e6
    power = resolution[0] & 0x7F
    return float(2**power) if resolution[0] & 0x80 else 10.0**power


def _options(layouts: _Layouts, buffer: bytes, at: int, end: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= end:
        code, length = layouts.option(buffer, at)
        at += 4
        if not code or at + length > end:
            return
        yield code, buffer[at : at + length]
        at += length + -length % 4


def _packet(
    layouts: _Layouts, interfaces: list[_Interface], buffer: bytes, at: int, end: int
) -> Record:
    if end - at < 20:
        return buffer, at, at, 0, None, UNKNOWN_LINK
    number, high, low, captured, original = layouts.packet(buffer, at)
    return _of_interface(interfaces, number, buffer, at + 20, end, captured, original, high, low)


def _old_packet(
    layouts: _Layouts, interfaces: list[_Interface], buffer: bytes, at: int, end: int
) -> Record:
    if end - at < 20:
        return buffer, at, at, 0, None, UNKNOWN_LINK
    number, _, high, low, captured, original = layouts.old_packet(buffer, at)
    return _of_interface(interfaces, number, buffer, at + 20, end, captured, original, high, low)


def _of_interface(
    interfaces: list[_Interface],
    number: int,
    buffer: bytes,
    at: int,
    end: int,
    captured: int,
    original: int,
    high: int,
    low: int,
) -> Record:
    interface = interfaces[number] if number < len(interfaces) else _Interface()
    seconds = ((high << 32) | low) / interface.ticks + interface.offset
    return buffer, at, min(at + captured, end), original, seconds, interface.link


def _simple_packet(
    layouts: _Layouts, interfaces: list[_Interface], buffer: bytes, at: int, end: int
) -> Record:
    if end - at < 4:
        return buffer, at, at, 0, None, UNKNOWN_LINK
    (original,) = layouts.number(buffer, at)
    interface = interfaces[0] if interfaces else _Interface()
    captured = min(original, interface.snaplen or original)
    return buffer, at + 4, min(at + 4 + captured, end), original, None, interface.link
