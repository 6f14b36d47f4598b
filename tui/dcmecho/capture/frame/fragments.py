"""Fragments of IP packets, put together again."""

from __future__ import annotations

_MOST_PACKETS = 64
_MOST_PARTS = 256
_MOST_BYTES = 1 << 16

Key = tuple[bytes, int]
"""Both addresses, and the number of the packet."""


class _Packet:
    """The parts of one packet that are there."""

    def __init__(self) -> None:
        self.parts: dict[int, bytes] = {}
        self.length: int | None = None

    def whole(self) -> bytes | None:
        """Return the payload of the packet, if nothing is missing."""
        if self.length is None:
            return None
        there = bytearray()
        for offset in sorted(self.parts):
            if offset > len(there):
                return None
            there[offset:] = self.parts[offset]
        return bytes(there[: self.length]) if len(there) >= self.length else None


class Fragments:
    """Packets of which not all fragments are there yet; the oldest are forgotten first."""

    def __init__(self) -> None:
        """Begin with none."""
        self._packets: dict[Key, _Packet] = {}

    def add(self, key: Key, offset: int, part: bytes, *, last: bool) -> bytes | None:
        """Take a fragment. Returns the payload of its packet when that is whole."""
        end = offset + len(part)
        if end > _MOST_BYTES:
            return None
        packet = self._packets.setdefault(key, _Packet())
        if len(packet.parts) < _MOST_PARTS:
            packet.parts.setdefault(offset, part)
        if last:
            packet.length = end
        whole = packet.whole()
        if whole is not None:
            del self._packets[key]
        elif len(self._packets) > _MOST_PACKETS:
            del self._packets[next(iter(self._packets))]
        return whole
