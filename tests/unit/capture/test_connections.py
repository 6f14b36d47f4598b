"""What is told of a connection: who opened and ended it, what was repeated, lost, refused."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest

from dcmecho.capture.conversation import Conversation, Ended, Missing, Opened, Seen, Way
from dcmecho.capture.tcp import table
from tests.unit.capture.listening import Heard, hear, only
from tests.unit.capture.packets import (
    ACK,
    CLIENT,
    FIN,
    PUSH,
    RST,
    SERVER,
    SYN,
    Packet,
    Record,
    frames,
    handshake,
    pcap,
    written,
)

START = 1_790_000_000


def request(data: bytes = b"request", at: int = 0, number: int = 10, **values: Any) -> Packet:
    """Data of the client, behind the usual handshake."""
    return Packet(CLIENT, SERVER, 1001 + at, ACK | PUSH, 9001, data, number, **values)


def answer(
    data: bytes = b"",
    at: int = 0,
    acked: int = 7,
    flags: int = ACK,
    number: int = 20,
    **values: Any,
) -> Packet:
    """What the server sends, behind the usual handshake."""
    return Packet(SERVER, CLIENT, 9001 + at, flags, 1001 + acked, data, number, **values)


def heard_of(folder: Path, *packets: Packet, step: float = 0.001) -> list[Heard]:
    return hear(written(folder, pcap(frames(packets, step))))[0]


def told(folder: Path, *packets: Packet, step: float = 0.001) -> Conversation:
    """Return the only conversation of these packets."""
    (heard,) = heard_of(folder, *packets, step=step)
    return heard.conversation


def test_the_times_of_a_handshake_and_of_a_request(tmp_path: Path) -> None:
    found = told(tmp_path, *handshake(), request(), answer(), answer(b"answer"))
    assert found.opened is Opened.SYN
    assert found.established
    assert (found.client.syn, found.server.syn) == (Seen(1, START), Seen(2, START + 0.001))
    assert (found.client.isn, found.server.isn, found.client.mss) == (1000, 9000, 1460)
    assert [(each.offset, each.seen.frame) for each in found.client.acks] == [(0, 2), (7, 5)]
    assert found.client.first_data == Seen(4, START + 0.003)
    assert found.ended is Ended.CAPTURE_ENDED


def test_a_refused_connection(tmp_path: Path) -> None:
    syn = handshake()[0]
    found = told(tmp_path, syn, syn.reply(sequence=0, flags=RST | ACK, acknowledged=1001))
    assert not found.established
    assert found.ended is Ended.RESET
    assert [reset.seen.frame for reset in found.server.resets] == [2]
    assert found.client.resets == ()


def test_a_syn_that_is_repeated(tmp_path: Path) -> None:
    syn = handshake()[0]
    found = told(tmp_path, syn, syn._replace(number=2), syn._replace(number=3), step=1.0)
    assert (found.client.syns, found.client.duplicates) == (3, 0)
    assert not found.established


def test_a_port_that_is_used_again_is_another_conversation(tmp_path: Path) -> None:
    first = [*handshake(), request(b"first")]
    second = [*handshake(500_000, 700_000)]
    data = Packet(CLIENT, SERVER, 500_001, ACK, 700_001, b"second", 30)
    one, other = heard_of(tmp_path, *first, *second, data)
    assert one.conversation.ended is Ended.REPLACED
    assert bytes(one.data_of[Way.FROM_CLIENT]) == b"first"
    assert bytes(other.data_of[Way.FROM_CLIENT]) == b"second"
    assert (one.meeting.number, other.meeting.number) == (1, 2)


def test_a_capture_that_begins_in_the_middle_takes_the_lower_port_for_the_server(
    tmp_path: Path,
) -> None:
    (heard,) = heard_of(tmp_path, answer(b"answer"), request(b"more"))
    assert heard.meeting.opened is Opened.GUESSED
    assert heard.meeting.client.port == 40000
    assert bytes(heard.data_of[Way.FROM_SERVER]) == b"answer"
    assert bytes(heard.data_of[Way.FROM_CLIENT]) == b"more"
    assert heard.conversation.established


def test_a_syn_that_stands_late_in_the_file_still_opens(tmp_path: Path) -> None:
    syn, syn_ack, ack = handshake()
    heard = only(written(tmp_path, pcap(frames([request(), ack, syn_ack, syn, answer(b"ok")]))))
    assert heard.meeting.opened is not Opened.GUESSED
    assert str(heard.meeting.client) == "10.0.0.1:40000"
    assert bytes(heard.data_of[Way.FROM_CLIENT]) == b"request"
    assert heard.conversation.client.isn == 1000
    assert heard.gaps == []


def test_the_last_echoes_of_a_connection_open_no_other(tmp_path: Path) -> None:
    fin = Packet(CLIENT, SERVER, 1001, FIN | ACK, 9001, number=3)
    ends = [fin, fin.reply(sequence=9001, flags=FIN | ACK, acknowledged=1002)]
    others = [
        Record(Packet((bytes((10, 0, 1, 1)), 1000 + index), SERVER, 1, SYN).ethernet(), START + 9)
        for index in range(1100)
    ]
    late = Record(fin._replace(number=99).ethernet(), START + 10)
    heard, _ = hear(written(tmp_path, pcap([*frames([*handshake(), *ends]), *others, late])))
    assert len(heard) == 1101
    assert heard[0].conversation.ended is Ended.CLOSED


def test_a_copy_with_a_lower_ttl_is_no_retransmission(tmp_path: Path) -> None:
    packets = [each for packet in (*handshake(), request()) for each in (packet, packet)]
    copies = [each._replace(ttl=64 - index % 2) for index, each in enumerate(packets)]
    found = told(tmp_path, *copies)
    assert (found.client.duplicates, found.server.duplicates) == (3, 1)
    assert (found.client.retransmissions, found.client.syns) == (0, 1)
    assert found.client.ttls == {64}


@pytest.mark.parametrize(("step", "repeated"), [(0.001, 0), (0.3, 1)])
def test_without_numbers_a_repetition_comes_later_than_a_copy(
    tmp_path: Path, step: float, repeated: int
) -> None:
    data = request(number=0)
    found = told(tmp_path, *handshake(), data, data, step=step)
    assert (found.client.retransmissions, found.client.duplicates) == (repeated, 1 - repeated)


def test_a_segment_that_is_repeated_and_never_acknowledged(tmp_path: Path) -> None:
    small, large = request(b"x" * 100), request(b"y" * 1448, at=100)
    again = [large._replace(number=20 + index) for index in range(5)]
    found = told(tmp_path, *handshake(), small, answer(acked=100), large, *again, step=0.4).client
    ((offset, length, first, last, times),) = found.repeated
    assert (offset, length, first.frame, last.frame, times) == (100, 1448, 6, 11, 5)
    assert (found.retransmissions, found.acked, found.end) == (5, 100, 1548)
    assert (found.largest, found.largest_acked) == (1448, 100)


def test_what_was_overtaken_was_not_sent_again(tmp_path: Path) -> None:
    parts = [request(bytes([each]) * 10, at=10 * each, number=10 + each) for each in range(4)]
    found = told(tmp_path, *handshake(), parts[0], parts[2], parts[3], parts[1], step=0.2).client
    assert (found.retransmissions, found.overtaken) == (0, 1)
    late = parts[1]._replace(number=99)
    found = told(tmp_path, *handshake(), parts[0], parts[2], parts[3], late).client
    assert (found.retransmissions, found.overtaken) == (1, 0)


def test_bytes_that_never_came_are_lost_where_nobody_acknowledges_them(tmp_path: Path) -> None:
    (heard,) = heard_of(tmp_path, *handshake(), request(b"late", at=10), answer(acked=0))
    ((way, gap),) = heard.gaps
    assert (way, gap) == (Way.FROM_CLIENT, (0, 10, Missing.LOST))
    assert bytes(heard.data_of[Way.FROM_CLIENT]) == b"late"
    (heard,) = heard_of(tmp_path, *handshake(), request(b"late", at=10), answer(acked=14))
    assert [gap.why for _, gap in heard.gaps] == [Missing.BY_CAPTURE]
    (heard,) = heard_of(tmp_path, handshake()[0], request(b"late", at=10))
    assert [gap.why for _, gap in heard.gaps] == [Missing.UNKNOWN]


def test_what_is_acknowledged_and_in_no_file_was_lost_by_the_capture(tmp_path: Path) -> None:
    (heard,) = heard_of(tmp_path, *handshake(), answer(b"answer", acked=50))
    ((way, gap),) = heard.gaps
    assert (way, gap) == (Way.FROM_CLIENT, (0, 50, Missing.BY_CAPTURE))
    assert heard.conversation.client.acked == 50


def test_selective_acknowledgements_are_told_until_the_hole_is_filled(tmp_path: Path) -> None:
    sack = b"\1\1\5\x0a" + struct.pack(">II", 1011, 1021)
    timestamps = b"\1\1\x08\x0a" + bytes(8)
    tells = answer(acked=0)._replace(options=timestamps + sack)
    packets = [*handshake(), request(b"x" * 10), request(b"y" * 10, at=10), tells]
    assert told(tmp_path, *packets).client.sacked == ((10, 10),)
    assert told(tmp_path, *packets, answer(acked=20)).client.sacked == ()


def test_a_window_of_0_is_told_until_it_opens(tmp_path: Path) -> None:
    shut = [answer(window=0, number=20 + index) for index in range(3)]
    window = told(tmp_path, *handshake(), request(), *shut).server.zero_window
    assert window is not None
    assert (window.first.frame, window.last.frame, window.times, window.open_again) == (
        5,
        7,
        3,
        False,
    )
    window = told(tmp_path, *handshake(), request(), *shut, answer(number=30)).server.zero_window
    assert window is not None
    assert window.open_again
    assert told(tmp_path, *handshake(), answer(flags=RST, window=0)).server.zero_window is None


def test_probes_that_keep_a_connection_open_are_no_repetitions(tmp_path: Path) -> None:
    probes = [request(b"", at=6, number=30), request(b"t", at=6, number=31)]
    found = told(tmp_path, *handshake(), request(), answer(), *probes, step=10.0).client
    assert (found.keepalives, found.retransmissions) == (2, 0)


@pytest.mark.parametrize("first", [Way.FROM_CLIENT, Way.FROM_SERVER])
def test_who_sent_the_first_fin(tmp_path: Path, first: Way) -> None:
    fins = [
        Packet(CLIENT, SERVER, 1001, FIN | ACK, 9001, number=3),
        Packet(SERVER, CLIENT, 9001, FIN | ACK, 1001, number=4),
    ]
    if first is Way.FROM_SERVER:
        fins.reverse()
    found = told(tmp_path, *handshake(), *fins)
    assert found.ended is Ended.CLOSED
    fin = found.stream(first).fin
    assert fin is not None
    assert fin.frame == 4
    assert found.client.fin_in_order
    assert found.server.fin_in_order


def test_a_fin_behind_a_hole_is_not_in_order(tmp_path: Path) -> None:
    fin = Packet(CLIENT, SERVER, 1051, FIN | ACK, 9001, number=3)
    found = told(tmp_path, *handshake(), fin).client
    assert (found.end, found.received, found.fin_in_order) == (50, 0, False)


def test_resets_are_told_with_their_ttl_and_place(tmp_path: Path) -> None:
    reset = answer(at=4, flags=RST, ttl=57)
    found = told(tmp_path, *handshake(), request(), answer(b"ABCD"), reset).server
    assert [(each.ttl, each.offset) for each in found.resets] == [(57, 4)]
    assert found.ttls == {64}


def test_one_direction_alone(tmp_path: Path) -> None:
    syn, _, ack = handshake()
    found = told(tmp_path, syn, ack, request())
    assert found.one_sided
    assert found.established
    assert found.client.acked is None
    assert not told(tmp_path, *handshake()).one_sided


def test_what_is_too_far_away_belongs_to_another_connection(tmp_path: Path) -> None:
    far = request(b"far", at=1 << 31)
    (heard,) = heard_of(tmp_path, *handshake(), request(), far, request(b"!", at=7, number=30))
    assert bytes(heard.data_of[Way.FROM_CLIENT]) == b"request!"
    assert heard.conversation.client.end == 8


def test_when_too_many_are_open_those_that_say_nothing_are_handed_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "_MOST_OPEN", 16)
    syns = [
        Packet((bytes((10, 0, 1, index)), 1000), SERVER, index, SYN, number=index + 1)
        for index in range(40)
    ]
    heard = heard_of(tmp_path, *syns)
    endings = [each.conversation.ended for each in heard]
    assert endings[0] is Ended.FORGOTTEN
    assert endings[-1] is Ended.CAPTURE_ENDED
    assert len(heard) == 40


def test_a_stream_that_waits_too_long_behind_a_hole_goes_on(tmp_path: Path) -> None:
    parts = [request(bytes(1000), at=10 + 1000 * each, number=each + 10) for each in range(5000)]
    (heard,) = heard_of(tmp_path, *handshake(), *parts)
    assert heard.length(Way.FROM_CLIENT) == 5_000_010
    # It was handed over while more came, not at the end.
    assert heard.calls[0][1].frame < 4300


def test_of_very_many_holes_each_is_a_gap(tmp_path: Path) -> None:
    parts = [request(b"ab", at=10 + 12 * each, number=each + 10) for each in range(600)]
    (heard,) = heard_of(tmp_path, *handshake(), *parts, answer(acked=12 * 600))
    assert heard.length(Way.FROM_CLIENT) == 12 * 600
    assert bytes(heard.data_of[Way.FROM_CLIENT]) == b"ab" * 600
    assert len(heard.gaps) == 600
    assert heard.conversation.client.gap_bytes == 6000
