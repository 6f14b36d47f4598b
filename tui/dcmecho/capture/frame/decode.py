"""From a record to what it holds: TCP segments, ICMP errors, name look-ups.

Written for speed: a capture has 100,000 frames a second. Nothing is copied but addresses, ports
and data that someone wants; no object is made for a frame.
"""

from __future__ import annotations

from collections import Counter
from struct import Struct
from typing import Protocol

from dcmecho.capture.conversation import NameLookUp, Seen, address_text
from dcmecho.capture.file.record import Record
from dcmecho.capture.frame import tunnels
from dcmecho.capture.frame.fragments import Fragments
from dcmecho.capture.frame.link import ETHERNET, IPV4, IPV6, LINKS, Network, link_words, raw
from dcmecho.capture.frame.names import PORT as NAME_PORT
from dcmecho.capture.frame.names import Names

_ICMP, _IPV4_IN_IP, _TCP, _UDP, _IPV6_IN_IP, _ICMPV6 = 1, 4, 6, 17, 41, 58
_HOP_BY_HOP, _ROUTING, _FRAGMENT, _AUTHENTICATION, _DESTINATION = 0, 43, 44, 51, 60
_EXTENSIONS = frozenset({_HOP_BY_HOP, _ROUTING, _FRAGMENT, _AUTHENTICATION, _DESTINATION})

_DEEPEST = 8
"""Most tunnels in one another."""

_IPV4_HEADER = Struct(">BxHHHBB").unpack_from
_IPV6_HEADER = Struct(">4xHBB").unpack_from
_TCP_HEADER = Struct(">4xIIHH").unpack_from
_PORTS = Struct(">HH").unpack_from

_ICMP_ERRORS = {4: frozenset({3, 11, 12}), 6: frozenset({1, 2, 3, 4})}
"""Types of messages that quote the packet which they are about."""

_CUT_IN_HEADERS = "cut inside the headers"
_MALFORMED = "malformed"


class Segments(Protocol):
    """Who takes what was decoded."""

    def segment(
        self,
        frame: int,
        time: float | None,
        key: bytes,
        numbers: tuple[int, int, int, int],
        length: int,
        data: bytes,
        begin: int,
        end: int,
        header: int,
        ttl: int,
        ip_number: int,
    ) -> None:
        """Take a TCP segment.

        ``key`` is both addresses, then both ports. ``numbers`` are the sequence number, that of the
        acknowledgement, header length and flags as in the header, and the window. The segment has
        ``length`` bytes of data, of which ``data[begin:end]`` are in the capture; its TCP header
        begins at ``header``.
        """

    def icmp(
        self, seen: Seen, key: bytes, by: str, version: int, kind: int, code: int, mtu: int | None
    ) -> None:
        """Take an ICMP error about a segment with this key."""


class Decoder:
    """Decodes records, counts what it cannot."""

    def __init__(self, segments: Segments) -> None:
        """Hand what is found to ``segments``."""
        self.frames = 0
        self.first: Seen | None = None
        self.cut = 0
        self.snaplen: int | None = None
        self.not_read: Counter[str] = Counter()
        self._segments = segments
        self._names = Names()
        self._fragments = Fragments()
        self._time: float | None = None
        self._wire_end = 0

    def look_ups(self) -> tuple[NameLookUp, ...]:
        """Return the questions to name servers."""
        return self._names.look_ups()

    def take(self, record: Record) -> None:
        """Decode a record."""
        data, at, end, original, self._time, link = record
        self.frames += 1
        if self.first is None:
            self.first = self.seen()
        self._wire_end = at + original
        if self._wire_end > end:
            self._note_cut(end - at)
        if link == ETHERNET and data[at + 12 : at + 14] == b"\x08\x00":
            self._ipv4(data, at + 14, end, 0)
            return
        read = LINKS.get(link)
        if read is None:
            self.not_read[link_words(link)] += 1
        else:
            self._network(data, read(data, at, end), end, 0)

    def _note_cut(self, captured: int) -> None:
        self.cut += 1
        if self.snaplen is None or captured < self.snaplen:
            self.snaplen = captured

    def seen(self) -> Seen:
        """Return the place of the frame that is decoded."""
        return Seen(self.frames, self._time)

    def _network(self, data: bytes, network: Network, end: int, depth: int) -> None:
        if network.protocol == IPV4:
            self._ipv4(data, network.at, end, depth)
        elif network.protocol == IPV6:
            self._ipv6(data, network.at, end, depth)

    def _ipv4(self, data: bytes, at: int, end: int, depth: int) -> None:
        if end - at < 20:
            self.not_read[_CUT_IN_HEADERS] += 1
            return
        version, length, number, fragment, ttl, protocol = _IPV4_HEADER(data, at)
        header = (version & 0xF) << 2
        # A network card that cuts into segments itself is handed a length of 0.
        wire_end = at + length if length else self._wire_end
        begin = at + header
        if version >> 4 != 4 or header < 20 or wire_end < begin:
            self.not_read[_MALFORMED] += 1
            return
        if fragment & 0x3FFF:
            self._fragment(data, at, begin, min(end, wire_end), number, fragment, ttl, protocol)
            return
        if protocol == _TCP:
            self._tcp(data, at + 12, 8, begin, end, wire_end, ttl, number)
        else:
            self._other(data, at + 12, 8, begin, min(end, wire_end), protocol, depth)

    def _fragment(
        self,
        data: bytes,
        at: int,
        begin: int,
        end: int,
        number: int,
        fragment: int,
        ttl: int,
        protocol: int,
    ) -> None:
        addresses = data[at + 12 : at + 20]
        offset = (fragment & 0x1FFF) << 3
        whole = self._fragments.add(
            (addresses + bytes((protocol,)), number),
            offset,
            data[begin:end],
            last=not fragment & 0x2000,
        )
        if whole is not None:
            self._put_together(addresses, whole, ttl, number, protocol)

    def _put_together(
        self, addresses: bytes, whole: bytes, ttl: int, number: int, protocol: int
    ) -> None:
        data = addresses + whole
        begin, end = len(addresses), len(data)
        if protocol == _TCP:
            self._tcp(data, 0, begin, begin, end, end, ttl, number)
        else:
            self._other(data, 0, begin, begin, end, protocol, _DEEPEST)

    def _ipv6(self, data: bytes, at: int, end: int, depth: int) -> None:
        if end - at < 40:
            self.not_read[_CUT_IN_HEADERS] += 1
            return
        length, protocol, ttl = _IPV6_HEADER(data, at)
        wire_end = at + 40 + length if length else self._wire_end
        begin = at + 40
        while protocol in _EXTENSIONS:
            if begin + 8 > end:
                self.not_read[_CUT_IN_HEADERS] += 1
                return
            if protocol == _FRAGMENT:
                self._fragment_6(data, at, begin, min(end, wire_end), ttl)
                return
            protocol, begin = _after_extension(data, protocol, begin)
        if wire_end < begin:
            self.not_read[_MALFORMED] += 1
        elif protocol == _TCP:
            self._tcp(data, at + 8, 32, begin, end, wire_end, ttl, 0)
        else:
            self._other(data, at + 8, 32, begin, min(end, wire_end), protocol, depth)

    def _fragment_6(self, data: bytes, at: int, begin: int, end: int, ttl: int) -> None:
        addresses = data[at + 8 : at + 40]
        protocol = data[begin]
        place = (data[begin + 2] << 8) | data[begin + 3]
        number = int.from_bytes(data[begin + 4 : begin + 8], "big")
        whole = self._fragments.add(
            (addresses, number), place & 0xFFF8, data[begin + 8 : end], last=not place & 1
        )
        if whole is not None:
            self._put_together(addresses, whole, ttl, 0, protocol)

    def _tcp(
        self,
        data: bytes,
        addresses: int,
        size: int,
        at: int,
        end: int,
        wire_end: int,
        ttl: int,
        ip_number: int,
    ) -> None:
        if end - at < 20:
            self.not_read[_CUT_IN_HEADERS] += 1
            return
        numbers = _TCP_HEADER(data, at)
        begin = at + (numbers[2] >> 12 << 2)
        length = wire_end - begin
        if length < 0 or begin < at + 20:
            self.not_read[_MALFORMED] += 1
            return
        self._segments.segment(
            self.frames,
            self._time,
            data[addresses : addresses + size] + data[at : at + 4],
            numbers,
            length,
            data,
            begin,
            min(end, wire_end),
            at,
            ttl,
            ip_number,
        )

    def _other(
        self, data: bytes, addresses: int, size: int, at: int, end: int, protocol: int, depth: int
    ) -> None:
        if protocol == _UDP:
            self._udp(data, addresses, size, at, end, depth)
        elif protocol == _ICMP and size == 8:
            self._icmp(data, addresses, size, at, end, 4)
        elif protocol == _ICMPV6:
            self._icmp(data, addresses, size, at, end, 6)
        elif depth < _DEEPEST:
            self._tunnel(data, at, end, protocol, depth)

    def _tunnel(self, data: bytes, at: int, end: int, protocol: int, depth: int) -> None:
        if protocol == tunnels.GRE:
            self._network(data, tunnels.gre(data, at, end), end, depth + 1)
        elif protocol in {_IPV4_IN_IP, _IPV6_IN_IP}:
            self._network(data, raw(data, at, end), end, depth + 1)

    def _udp(self, data: bytes, addresses: int, size: int, at: int, end: int, depth: int) -> None:
        if end - at < 8:
            return
        source, destination = _PORTS(data, at)
        if destination in tunnels.VXLAN_PORTS and depth < _DEEPEST:
            self._network(data, tunnels.vxlan(data, at + 8, end), end, depth + 1)
        elif destination == tunnels.GENEVE_PORT and depth < _DEEPEST:
            self._network(data, tunnels.geneve(data, at + 8, end), end, depth + 1)
        elif NAME_PORT in {source, destination}:
            half = size // 2
            sender = address_text(data[addresses : addresses + half])
            receiver = address_text(data[addresses + half : addresses + size])
            message = data[at + 8 : end]
            if destination == NAME_PORT:
                self._names.asked(self.seen(), sender, receiver, message)
            else:
                self._names.answered(self.seen(), receiver, sender, message)

    def _icmp(
        self, data: bytes, addresses: int, size: int, at: int, end: int, version: int
    ) -> None:
        """Read an error that quotes a packet: the quotation is no data of a stream."""
        if end - at < 8 or data[at] not in _ICMP_ERRORS[version]:
            return
        key = _quoted_key(data, at + 8, end)
        if key is None:
            return
        kind, code = data[at], data[at + 1]
        by = address_text(data[addresses : addresses + size // 2])
        mtu = None
        if version == 4 and (kind, code) == (3, 4):
            mtu = (data[at + 6] << 8) | data[at + 7]
        elif version == 6 and kind == 2:
            mtu = int.from_bytes(data[at + 4 : at + 8], "big")
        self._segments.icmp(self.seen(), key, by, version, kind, code, mtu)


def _after_extension(data: bytes, protocol: int, begin: int) -> tuple[int, int]:
    """Return the protocol after an extension header, and where it begins."""
    size = (data[begin + 1] + 2) * 4 if protocol == _AUTHENTICATION else (data[begin + 1] + 1) * 8
    return data[begin], begin + size


def _quoted_key(data: bytes, at: int, end: int) -> bytes | None:
    """Return addresses and ports of a quoted TCP segment, ``None`` if it is something else."""
    if at + 20 > end:
        return None
    if data[at] >> 4 == 4:
        ports = at + ((data[at] & 0xF) << 2)
        addresses, protocol = data[at + 12 : at + 20], data[at + 9]
    else:
        ports = at + 40
        addresses, protocol = data[at + 8 : at + 40], data[at + 6]
    if protocol != _TCP or ports + 4 > end:
        return None
    return addresses + data[ports : ports + 4]
