"""Link layers: where the network layer begins in a frame, and what it is.

Source: https://www.tcpdump.org/linktypes.html.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from dcmecho.capture.file.record import UNKNOWN_LINK

IPV4, IPV6 = 0x0800, 0x86DD
_VLANS = frozenset({0x8100, 0x88A8, 0x9100, 0x9200, 0x9300})
_PPPOE_SESSION = 0x8864
_MPLS = frozenset({0x8847, 0x8848})
_SNAP = b"\xaa\xaa\x03\x00\x00\x00"
_BIGGEST_802_3_LENGTH = 1500
_PPP_PROTOCOLS = {0x0021: IPV4, 0x0057: IPV6}

ETHERNET, PKTAP = 1, 258


class Network(NamedTuple):
    """The network layer of a frame: where it begins, and its EtherType (0: none that is known)."""

    at: int
    protocol: int


NOTHING = Network(0, 0)


def ethernet(data: bytes, at: int, end: int) -> Network:
    """Read an Ethernet frame with its tags."""
    return ethertype(data, at + 12, end)


def ethertype(data: bytes, at: int, end: int) -> Network:
    """Read an EtherType and what may stand between it and IP: VLAN tags, PPPoE, MPLS, SNAP."""
    while at + 2 <= end:
        found = (data[at] << 8) | data[at + 1]
        at += 2
        if found in _VLANS:
            at += 2
        elif found <= _BIGGEST_802_3_LENGTH and data[at : at + 6] == _SNAP:
            at += 6
        elif found == _PPPOE_SESSION:
            return _ppp_protocol(data, at + 6, end)
        elif found in _MPLS:
            return _mpls(data, at, end)
        else:
            return Network(at, found)
    return NOTHING


def _ppp_protocol(data: bytes, at: int, end: int) -> Network:
    if at + 2 > end:
        return NOTHING
    return Network(at + 2, _PPP_PROTOCOLS.get((data[at] << 8) | data[at + 1], 0))


def _mpls(data: bytes, at: int, end: int) -> Network:
    while at + 4 <= end:
        bottom = data[at + 2] & 1
        at += 4
        if bottom:
            return raw(data, at, end)
    return NOTHING


def raw(data: bytes, at: int, end: int) -> Network:
    """Read IP without a link layer: the version is in its first half byte."""
    if at >= end:
        return NOTHING
    return Network(at, {4: IPV4, 6: IPV6}.get(data[at] >> 4, 0))


def null(data: bytes, at: int, end: int) -> Network:
    """Read BSD loopback, by the version of IP: each system has other numbers for its families."""
    return raw(data, at + 4, end)


def cooked(data: bytes, at: int, end: int) -> Network:
    """Read Linux cooked capture, version 1."""
    return ethertype(data, at + 14, end)


def cooked_2(data: bytes, at: int, end: int) -> Network:
    """Read Linux cooked capture, version 2: the protocol comes first, tags behind the header."""
    if at + 20 > end:
        return NOTHING
    protocol = (data[at] << 8) | data[at + 1]
    if protocol in _VLANS:
        return ethertype(data, at + 22, end)
    return Network(at + 20, protocol)


def ppp(data: bytes, at: int, end: int) -> Network:
    """Read PPP, with or without its address and control bytes."""
    return _ppp_protocol(data, at + 2 if data[at : at + 2] == b"\xff\x03" else at, end)


def pktap(data: bytes, at: int, end: int) -> Network:
    """Read Apple's header, which names the link type of what follows."""
    if at + 12 > end:
        return NOTHING
    length = int.from_bytes(data[at : at + 4], "little")
    inner = int.from_bytes(data[at + 8 : at + 12], "little")
    read = LINKS.get(inner)
    return NOTHING if read is None or inner == PKTAP else read(data, at + length, end)


ReadLink = Callable[[bytes, int, int], Network]

LINKS: dict[int, ReadLink] = {
    0: null,
    ETHERNET: ethernet,
    9: ppp,
    12: raw,
    14: raw,
    50: ppp,
    101: raw,
    108: null,
    113: cooked,
    228: raw,
    229: raw,
    PKTAP: pktap,
    276: cooked_2,
}


def link_words(link: int) -> str:
    """Return words for frames that are not read."""
    if link == UNKNOWN_LINK:
        return "a packet of an interface that is not described"
    return f"link type {link}"
