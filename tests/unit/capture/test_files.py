"""Every form of file gives the same conversation; what is no capture is said to be none."""

from __future__ import annotations

import gzip
import os
import signal
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dcmecho.capture.conversation import Conversation, Ended, Way
from dcmecho.capture.read import Looks, NotACaptureError, Progress, read_captures
from dcmecho.capture.reader import Meeting
from tests.unit.capture.listening import Heard, hear, only
from tests.unit.capture.packets import (
    ACK,
    CLIENT,
    FIN,
    SERVER,
    Packet,
    block,
    frames,
    handshake,
    interface,
    old_packet,
    packet,
    pcap,
    section,
    simple_packet,
    written,
)

START = 1_790_000_000
REQUEST = b"\1\0\0\0\0\4\0\1\0\0"


def talk(request: bytes = REQUEST, port: int = 40000) -> list[Packet]:
    """A handshake, a request, its acknowledgement and both FINs."""
    data = Packet(CLIENT, SERVER, 1001, ACK, 9001, request, number=3)
    end = 1001 + len(request)
    every = [
        *handshake(),
        data,
        data.reply(sequence=9001, acknowledged=end),
        Packet(CLIENT, SERVER, end, FIN | ACK, 9001, number=4),
        Packet(SERVER, CLIENT, 9001, FIN | ACK, end + 1, number=5),
        Packet(CLIENT, SERVER, end + 1, ACK, 9002, number=6),
    ]
    return [
        each._replace(
            source=(each.source[0], port) if each.source == CLIENT else each.source,
            target=(each.target[0], port) if each.target == CLIENT else each.target,
        )
        for each in every
    ]


RECORDS = frames(talk())
FRAMES = [each.frame for each in RECORDS]


def check(heard: Heard) -> None:
    assert bytes(heard.data_of[Way.FROM_CLIENT]) == REQUEST
    assert heard.conversation.ended is Ended.CLOSED


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("magic", "fraction", "more"),
    [(0xA1B2C3D4, 10**6, b""), (0xA1B23C4D, 10**9, b""), (0xA1B2CD34, 10**6, bytes(8))],
)
def test_a_pcap_of_each_magic_number(
    tmp_path: Path, order: str, magic: int, fraction: int, more: bytes
) -> None:
    content = pcap(RECORDS, order=order, magic=magic, fraction=fraction, more=more)
    heard = only(written(tmp_path, content))
    check(heard)
    assert heard.conversation.last.time == pytest.approx(START + 0.007, abs=2e-6)


def test_the_length_of_a_checksum_behind_frames_is_no_link_type(tmp_path: Path) -> None:
    check(only(written(tmp_path, pcap(RECORDS, link=0x5400_0001))))


def test_sections_in_both_orders_with_interfaces_of_their_own(tmp_path: Path) -> None:
    first = section("<") + interface(1) + packet(FRAMES[0], START * 10**6)
    interfaces = [
        interface(101, ">", options=[(9, b"\x03")]),
        interface(1, ">", options=[(2, b"eth0"), (9, b"\x8a"), (14, struct.pack(">q", START))]),
    ]
    second = section(">") + b"".join(interfaces)
    second += packet(FRAMES[1][14:], START * 1000 + 1, 0, ">")
    second += b"".join(packet(each, 2 * 1024, 1, ">") for each in FRAMES[2:])
    heard = only(written(tmp_path, first + second))
    check(heard)
    syn_ack = heard.conversation.server.syn
    assert syn_ack is not None
    assert syn_ack.time == pytest.approx(START + 0.001)
    assert heard.conversation.last.time == pytest.approx(START + 2)


def test_all_kinds_of_packet_blocks_among_others(tmp_path: Path) -> None:
    kinds = (packet, old_packet)
    content = section() + interface() + block(4, b"names of hosts") + block(0x0BAD, bytes(70_000))
    for index, frame in enumerate(FRAMES):
        content += kinds[index % 2](frame, START * 10**6 + index)
        content += block(5, bytes(8)) + block(10, b"CLIENT_RANDOM secret")
    check(only(written(tmp_path, content)))


def test_simple_packets_are_cut_as_their_interface_says(tmp_path: Path) -> None:
    cut = b"".join(block(3, struct.pack("<I", len(each)) + each[:60]) for each in FRAMES)
    heard = only(written(tmp_path, section() + interface(snaplen=60) + cut))
    assert bytes(heard.data_of[Way.FROM_CLIENT]) == REQUEST[:6]
    plain = b"".join(map(simple_packet, FRAMES))
    check(only(written(tmp_path, section() + interface() + plain)))


def test_a_packet_of_an_interface_that_is_not_there_is_counted(tmp_path: Path) -> None:
    content = section() + interface() + packet(FRAMES[0], START, number=7)
    _, facts = hear(written(tmp_path, content))
    assert facts.not_read == (("a packet of an interface that is not described", 1),)


@pytest.mark.parametrize("pieces", [1, 3])
def test_gzip_in_one_piece_or_several(tmp_path: Path, pieces: int) -> None:
    content = pcap(RECORDS)
    size = -(-len(content) // pieces)
    parts = [content[at : at + size] for at in range(0, len(content), size)]
    path = tmp_path / "capture.pcap.gz"
    path.write_bytes(b"".join(map(gzip.compress, parts)) + bytes(20))
    heard, facts = hear(path)
    check(heard[0])
    assert facts.form == "pcap, gzip"
    assert facts.damaged is None


def test_a_gzip_file_that_ends_too_early_keeps_what_was_read(tmp_path: Path) -> None:
    compressor = zlib.compressobj(wbits=31)
    content = compressor.compress(pcap(RECORDS)) + compressor.flush(zlib.Z_SYNC_FLUSH)
    path = tmp_path / "capture.pcap.gz"
    path.write_bytes(content)
    (heard,), facts = hear(path)
    check(heard)
    assert facts.damaged == "the gzip file ends too early"


def test_a_gzip_file_of_something_else_is_no_capture(tmp_path: Path) -> None:
    path = written(tmp_path, b"a text\n" * 100, packed=True)
    with pytest.raises(NotACaptureError, match="is text"):
        hear(path)


@pytest.mark.parametrize(
    ("content", "looks"),
    [
        (b"", Looks.EMPTY),
        (b"10:41:02 IP 10.0.0.1.40000 > 10.0.0.2.104: Flags [S]\n", Looks.TEXT),
        ("Überschrift einer Datei\r\n".encode(), Looks.TEXT),
        ("Überschrift\n".encode("utf-16"), Looks.TEXT),
        (bytes(128) + b"DICM" + bytes(90), Looks.DICOM_FILE),
        (b"snoop\0\0\0" + bytes(90), Looks.OTHER_CAPTURE),
        (b"GMBU" + bytes(90), Looks.OTHER_CAPTURE),
        (b"\x1f\x8b" + bytes(90), Looks.OTHER),
        (b"\x7fELF" + bytes(200), Looks.OTHER),
        (b"\xd4\xc3", Looks.OTHER),
    ],
)
def test_what_is_no_capture_is_said_to_be_none(
    tmp_path: Path, content: bytes, looks: Looks
) -> None:
    with pytest.raises(NotACaptureError) as error:
        hear(written(tmp_path, content))
    assert error.value.looks is looks


def test_a_file_that_is_not_there_or_a_folder_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        hear(tmp_path / "missing")
    with pytest.raises(IsADirectoryError):
        hear(tmp_path)


def unexpected(_meeting: Meeting) -> Heard:
    raise AssertionError


def test_of_several_files_one_that_is_none_is_told_before_any_is_read(tmp_path: Path) -> None:
    good = written(tmp_path, pcap(RECORDS))
    bad = tmp_path / "notes.txt"
    bad.write_bytes(b"notes\n")
    with pytest.raises(NotACaptureError, match=r"notes\.txt is text"):
        read_captures([str(good), str(bad)], unexpected)


@pytest.mark.parametrize("cut", range(1, 90, 7))
@pytest.mark.parametrize("content", [pcap(RECORDS), section() + interface() + packet(FRAMES[0], 1)])
def test_a_cut_file_keeps_what_was_read_and_says_where(
    tmp_path: Path, content: bytes, cut: int
) -> None:
    _, facts = hear(written(tmp_path, content[:-cut]))
    assert facts.damaged is not None
    assert "ends in the middle of" in facts.damaged


def test_a_record_that_claims_4_gib_is_damage(tmp_path: Path) -> None:
    content = pcap(RECORDS) + struct.pack("<IIII", 1, 1, 0xFFFFFFF0, 0xFFFFFFF0)
    (heard,), facts = hear(written(tmp_path, content))
    check(heard)
    assert facts.damaged == f"record {len(RECORDS) + 1} claims 4294967280 bytes"


@pytest.mark.parametrize("length", [0, 3, 0xFFFFFFFF])
@pytest.mark.parametrize("kind", [6, 0x0BAD])
def test_a_block_whose_length_lies_ends_the_reading(tmp_path: Path, length: int, kind: int) -> None:
    good = section() + interface() + b"".join(packet(each, 1) for each in FRAMES)
    bad = struct.pack("<II", kind, length) + bytes(40)
    (heard,), facts = hear(written(tmp_path, good + bad))
    check(heard)
    assert facts.damaged is not None


def test_parts_of_a_ring_buffer_are_read_in_the_order_of_their_times(tmp_path: Path) -> None:
    parts = [RECORDS[:3], RECORDS[3:6], RECORDS[6:]]
    paths = [tmp_path / name for name in ("c.pcap", "b.pcap", "a.pcap")]
    for path, records in zip(paths, parts, strict=True):
        path.write_bytes(pcap(records))
    (heard,), facts = hear(*reversed(paths))
    check(heard)
    assert facts.frames == len(RECORDS)


def test_progress_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, pcap(RECORDS * 9000))
    told: list[Progress] = []
    read_captures([str(path)], Heard, told.append)
    assert len(told) >= 10
    assert told[-1].bytes_read == told[-1].size == path.stat().st_size
    assert [each.frames for each in told] == sorted(each.frames for each in told)


class Printing(Heard):
    """Says that it has ended, on standard output."""

    def end(self, conversation: Conversation) -> None:
        super().end(conversation)
        sys.stdout.write(f"{conversation.client.endpoint} {conversation.ended.name}\n")
        sys.stdout.flush()


READER = (
    "from dcmecho.capture.read import read_captures;"
    "from tests.unit.capture.test_files import Printing;"
    "read_captures(['-'], Printing)"
)


@contextmanager
def reading() -> Iterator[subprocess.Popen[bytes]]:
    """A process that reads its standard input and prints each conversation that has ended."""
    with subprocess.Popen(
        [sys.executable, "-c", READER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    ) as process:
        yield process


def test_a_stream_is_read_as_it_comes() -> None:
    with reading() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        content = pcap(RECORDS)
        for piece in (content[:24], content[24:100], content[100:]):
            process.stdin.write(piece)
            process.stdin.flush()
        # It has ended, and is told while the stream is still open.
        assert process.stdout.readline() == b"10.0.0.1:40000 CLOSED\n"
        process.stdin.write(pcap(frames(talk(port=40001)[:4]))[24:])
        process.stdin.close()
        assert process.stdout.read() == b"10.0.0.1:40001 CAPTURE_ENDED\n"
        assert process.wait() == 0


def test_ctrl_c_ends_a_stream_as_its_end_does() -> None:
    with reading() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(pcap([*RECORDS, *frames(talk(port=40001)[:4])]))
        process.stdin.flush()
        assert process.stdout.readline() == b"10.0.0.1:40000 CLOSED\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == b"10.0.0.1:40001 CAPTURE_ENDED\n"
        assert process.wait() == 0
