"""Tunnels that mirrors and clouds use: where the inner frame begins."""

from __future__ import annotations

from dcmecho.capture.frame.link import NOTHING, Network, ethernet, ethertype, raw

GRE = 47
_ERSPAN, _ERSPAN_3, _BRIDGED = 0x88BE, 0x22EB, 0x6558

VXLAN_PORTS = frozenset({4789, 8472})
GENEVE_PORT = 6081


def gre(data: bytes, at: int, end: int) -> Network:
    """Read GRE and what is in it: IP, Ethernet, or a frame of a mirror port (ERSPAN)."""
    if at + 4 > end:
        return NOTHING
    flags, version = data[at], data[at + 1] & 7
    if version:
        return NOTHING
    protocol = (data[at + 2] << 8) | data[at + 3]
    # Checksum, key, sequence number: four bytes each.
    numbered = flags & 0x10
    inner = at + 4 + 4 * (flags >> 7 & 1) + 4 * (flags >> 5 & 1) + 4 * bool(numbered)
    if protocol == _ERSPAN:
        return ethernet(data, inner + 8 if numbered else inner, end)
    if protocol == _ERSPAN_3:
        return _erspan_3(data, inner, end)
    if protocol == _BRIDGED:
        return ethernet(data, inner, end)
    return ethertype(data, at + 2, at + 4)._replace(at=inner)


def _erspan_3(data: bytes, at: int, end: int) -> Network:
    if at + 12 > end:
        return NOTHING
    more = 8 * (data[at + 11] & 1)
    return ethernet(data, at + 12 + more, end)


def vxlan(data: bytes, at: int, end: int) -> Network:
    """Read VXLAN, if it is marked as such."""
    if at + 8 > end or data[at] & 0x08 == 0:
        return NOTHING
    return ethernet(data, at + 8, end)


def geneve(data: bytes, at: int, end: int) -> Network:
    """Read Geneve: options, then Ethernet or IP."""
    if at + 8 > end or data[at] >> 6:
        return NOTHING
    inner = at + 8 + 4 * (data[at] & 0x3F)
    if data[at + 2 : at + 4] == b"\x65\x58":
        return ethernet(data, inner, end)
    return raw(data, inner, end)
