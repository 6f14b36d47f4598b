"""Each link layer, tag and tunnel leads to the same IP packet."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from dcmecho.capture.conversation import Way
from tests.unit.capture.listening import hear, only
from tests.unit.capture.packets import (
    ACK,
    CLIENT,
    SERVER,
    Packet,
    Record,
    handshake,
    pcap,
    written,
)

START = 1_790_000_000
DATA = b"\1\0\0\0\0\4\0\1\0\0" * 20
PACKETS = [*handshake(), Packet(CLIENT, SERVER, 1001, ACK, 9001, DATA, number=3)]
MACS = bytes(range(12))


def ipv4(protocol: int, payload: bytes, **fields: int) -> bytes:
    """An IPv4 packet of another protocol, as the outside of a tunnel."""
    length = fields.get("length", 20 + len(payload))
    header = struct.pack(
        ">BBHHHBBH",
        0x45, 0, length, fields.get("number", 1), fields.get("fragment", 0), 64, protocol, 0,
    )  # fmt: skip
    return header + bytes((10, 9, 0, 1, 10, 9, 0, 2)) + payload


def ipv6(
    packet: Packet, protocol: int = 6, extension: bytes = b"", part: slice = slice(None)
) -> bytes:
    """A segment, or a part of it, over IPv6."""
    tcp = packet.ip()[20:][part]
    header = struct.pack(">IHBB", 0x60000000, len(extension) + len(tcp), protocol, 64)
    addresses = (b"\xfd" + bytes(11) + each[0] for each in (packet.source, packet.target))
    return header + b"".join(addresses) + extension + tcp


def udp(port: int, payload: bytes) -> bytes:
    return struct.pack(">HHHH", 50000, port, 8 + len(payload), 0) + payload


def ethernet(kind: int, payload: bytes) -> bytes:
    return MACS + struct.pack(">H", kind) + payload


def gre(protocol: int, payload: bytes, flags: int = 0, more: bytes = b"") -> bytes:
    return ipv4(47, struct.pack(">HH", flags, protocol) + more + payload)


FRAMES: dict[str, tuple[int, Callable[[bytes], bytes]]] = {
    "ethernet": (1, lambda ip: ethernet(0x0800, ip)),
    "padded": (1, lambda ip: ethernet(0x0800, ip) + b"\xee" * 20),
    "vlan": (1, lambda ip: ethernet(0x8100, b"\0\5\x08\0" + ip)),
    "three tags": (1, lambda ip: ethernet(0x88A8, b"\0\5\x81\0\0\6\x91\0\0\7\x08\0" + ip)),
    "802.3 with SNAP": (1, lambda ip: ethernet(500, b"\xaa\xaa\3\0\0\0\x08\0" + ip)),
    "PPPoE": (1, lambda ip: ethernet(0x8864, b"\x11\0\0\1\0\x64\0\x21" + ip)),
    "MPLS": (1, lambda ip: ethernet(0x8847, b"\0\1\0\x40\0\2\1\x40" + ip)),
    "null": (0, lambda ip: b"\2\0\0\0" + ip),
    "null, swapped": (0, lambda ip: b"\0\0\0\2" + ip),
    "loop": (108, lambda ip: b"\0\0\0\2" + ip),
    "raw 12": (12, lambda ip: ip),
    "raw 14": (14, lambda ip: ip),
    "raw 101": (101, lambda ip: ip),
    "IPv4 228": (228, lambda ip: ip),
    "PPP": (9, lambda ip: b"\xff\3\0\x21" + ip),
    "PPP without address": (50, lambda ip: b"\0\x21" + ip),
    "cooked": (113, lambda ip: bytes(14) + b"\x08\0" + ip),
    "cooked, VLAN": (113, lambda ip: bytes(14) + b"\x81\0\0\5\x08\0" + ip),
    "cooked 2": (276, lambda ip: b"\x08\0" + bytes(18) + ip),
    "cooked 2, VLAN": (276, lambda ip: b"\x81\0" + bytes(18) + b"\0\5\x08\0" + ip),
    "pktap": (258, lambda ip: struct.pack("<III", 24, 1, 101) + bytes(12) + ip),
    "IP in IP": (101, lambda ip: ipv4(4, ip)),
    "GRE": (101, lambda ip: gre(0x0800, ip)),
    "GRE with key and number": (101, lambda ip: gre(0x0800, ip, 0x3000, bytes(8))),
    "GRE, bridged": (101, lambda ip: gre(0x6558, ethernet(0x0800, ip))),
    "ERSPAN I": (101, lambda ip: gre(0x88BE, ethernet(0x0800, ip))),
    "ERSPAN II": (101, lambda ip: gre(0x88BE, bytes(8) + ethernet(0x0800, ip), 0x1000, bytes(4))),
    "ERSPAN III": (
        101,
        lambda ip: gre(0x22EB, bytes(11) + b"\1" + bytes(8) + ethernet(0x0800, ip)),
    ),
    "VXLAN": (101, lambda ip: ipv4(17, udp(4789, b"\x08" + bytes(7) + ethernet(0x0800, ip)))),
    "Geneve": (
        101,
        lambda ip: ipv4(17, udp(6081, b"\1\0\x65\x58" + bytes(8) + ethernet(0x0800, ip))),
    ),
    "VLAN in VXLAN": (
        101,
        lambda ip: ipv4(
            17, udp(4789, b"\x08" + bytes(7) + ethernet(0x8100, b"\0\5\x08\0" + ip))
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FRAMES)
def test_it_is_found_behind_each_link_layer_and_in_each_tunnel(tmp_path: Path, name: str) -> None:
    link, wrap = FRAMES[name]
    records = [Record(wrap(each.ip()), START) for each in PACKETS]
    heard = only(written(tmp_path, pcap(records, link=link)))
    assert bytes(heard.data_of[Way.FROM_CLIENT]) == DATA
    assert str(heard.meeting.server) == "10.0.0.2:104"


@pytest.mark.parametrize(
    ("protocol", "extension"),
    [
        (6, b""),
        (0, b"\6\0" + bytes(6)),
        (60, b"\6\1" + bytes(14)),
        (43, b"\x3c\0" + bytes(6) + b"\6\0" + bytes(6)),
        (51, b"\6\4" + bytes(22)),
    ],
)
@pytest.mark.parametrize("link", [1, 229])
def test_ipv6_with_extension_headers(
    tmp_path: Path, protocol: int, extension: bytes, link: int
) -> None:
    packets = [ipv6(each, protocol, extension) for each in PACKETS]
    records = [Record(ethernet(0x86DD, each) if link == 1 else each, START) for each in packets]
    heard = only(written(tmp_path, pcap(records, link=link)))
    assert bytes(heard.data_of[Way.FROM_CLIENT]) == DATA
    assert str(heard.meeting.client) == "[fd00::a00:1]:40000"


def fragments(packet: bytes, size: int) -> list[bytes]:
    """Cut an IPv4 packet."""
    payload = packet[20:]
    found = []
    for at in range(0, len(payload), size):
        more = 0x2000 if at + size < len(payload) else 0
        part = payload[at : at + size]
        place = struct.pack(">HHH", 20 + len(part), 77, more | at >> 3)
        found.append(packet[:2] + place + packet[8:20] + part)
    return found


@pytest.mark.parametrize("backwards", [False, True])
def test_fragments_of_ipv4_are_put_together(tmp_path: Path, backwards: bool) -> None:
    parts = fragments(PACKETS[3].ip(), 64)
    assert len(parts) == 4
    every = [each.ip() for each in PACKETS[:3]] + (parts[::-1] if backwards else parts)
    heard = only(written(tmp_path, pcap([Record(each, START) for each in every], link=101)))
    assert bytes(heard.data_of[Way.FROM_CLIENT]) == DATA


def test_fragments_of_ipv6_are_put_together(tmp_path: Path) -> None:
    packets = [ipv6(each) for each in PACKETS[:3]]
    length = len(PACKETS[3].ip()) - 20
    for at in range(0, length, 80):
        place = at | (at + 80 < length)
        extension = struct.pack(">BBHI", 6, 0, place, 7)
        packets.append(ipv6(PACKETS[3], 44, extension, slice(at, at + 80)))
    heard = only(written(tmp_path, pcap([Record(each, START) for each in packets], link=101)))
    assert bytes(heard.data_of[Way.FROM_CLIENT]) == DATA


def test_fragments_that_never_end_take_no_memory(tmp_path: Path) -> None:
    part = bytes(64)
    every = [
        Record(ipv4(6, part, number=index % 65536, fragment=0x2000 | index % 900), START)
        for index in range(5000)
    ]
    heard, facts = hear(written(tmp_path, pcap(every, link=101)))
    assert heard == []
    assert facts.frames == 5000


def test_tunnels_in_tunnels_end(tmp_path: Path) -> None:
    packet = PACKETS[0].ip()
    for _ in range(200):
        packet = ipv4(4, packet)
    heard, _ = hear(written(tmp_path, pcap([Record(packet, START)], link=101)))
    assert heard == []


def test_offload_hands_over_a_length_of_0(tmp_path: Path) -> None:
    data = DATA * 100
    packet = PACKETS[3]._replace(data=data).ip()
    large = packet[:2] + b"\0\0" + packet[4:]
    every = [*(each.ip() for each in PACKETS[:3]), large]
    heard = only(written(tmp_path, pcap([Record(each, START) for each in every], link=101)))
    assert bytes(heard.data_of[Way.FROM_CLIENT]) == data
    assert heard.conversation.client.largest == len(data)


def test_a_record_that_is_shorter_than_its_packet_is_cut(tmp_path: Path) -> None:
    """The record says that it is whole, the IP header knows better."""
    every = [*(each.ip() for each in PACKETS[:3]), PACKETS[3].ip()[:90]]
    heard = only(written(tmp_path, pcap([Record(each, START) for each in every], link=101)))
    assert bytes(heard.data_of[Way.FROM_CLIENT]) == DATA[:50]
    assert heard.conversation.client.end == len(DATA)


@pytest.mark.parametrize(
    ("frame", "link", "words"),
    [
        (bytes(60), 147, "link type 147"),
        (ethernet(0x0800, PACKETS[0].ip()[:30]), 1, "cut inside the headers"),
        (ethernet(0x0800, b"\x41" + PACKETS[0].ip()[1:]), 1, "malformed"),
    ],
)
def test_what_cannot_be_read_is_counted(
    tmp_path: Path, frame: bytes, link: int, words: str
) -> None:
    _, facts = hear(written(tmp_path, pcap([Record(frame, START)], link=link)))
    assert facts.not_read == ((words, 1),)


def test_what_is_no_ip_is_passed_over(tmp_path: Path) -> None:
    every = [ethernet(kind, bytes(46)) for kind in (0x0806, 0x88CC, 38)] + [ethernet(0x0800, b"")]
    heard, facts = hear(written(tmp_path, pcap([Record(each, START) for each in every])))
    assert (heard, facts.frames) == ([], 4)
