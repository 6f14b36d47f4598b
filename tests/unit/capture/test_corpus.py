"""Every capture of the corpus is read, and has the conversations that its truth names."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from dcmecho.capture.conversation import Ended, Missing, Way
from dcmecho.capture.read import Looks, NotACaptureError
from tests.unit.capture.listening import CAPTURES, Heard, hear, only

TRUTHS = sorted(CAPTURES.glob("*.toml"))
NO_CAPTURES = {
    "202-garbage": Looks.OTHER,
    "204-tcpdump-text": Looks.TEXT,
    "207-dicom-file": Looks.DICOM_FILE,
}


def capture(name: str) -> Path:
    (found,) = (path for path in CAPTURES.glob(f"{name}*") if path.suffix != ".toml")
    return found


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda path: path.stem)
def test_it_has_the_conversations_of_its_truth(truth: Path) -> None:
    known: dict[str, Any] = tomllib.loads(truth.read_text("utf-8"))
    file = CAPTURES / known["file"]
    looks = NO_CAPTURES.get(truth.stem)
    if looks is not None:
        with pytest.raises(NotACaptureError) as error:
            hear(file)
        assert error.value.looks is looks
        return
    heard, facts = hear(file)
    wanted = {(each["client"], each["server"]) for each in known.get("association", ())}
    found = [(str(each.meeting.client), str(each.meeting.server)) for each in heard]
    assert wanted <= set(found)
    assert len(set(found)) == len(found)
    assert facts.not_read == ()
    assert bool(facts.damaged) == (
        truth.stem in {"203-absurd-record-length", "206-pcapng-block-length-lies"}
    )


def test_the_corpus_has_captures_of_all_kinds() -> None:
    assert len(TRUTHS) >= 117


def request(heard: Heard) -> bytes:
    return bytes(heard.data_of[Way.FROM_CLIENT])


@pytest.mark.parametrize(
    "name",
    [
        "155-vlan", "157-vlan-one-way", "165-null-swapped", "166-loop", "168-raw", "172-kuz",
        "173-comments", "175-simple", "177-other", "185-ip-fragments", "186-vxlan", "187-erspan",
        "188-gzip", "192-ip-options",
    ],
)  # fmt: skip
def test_each_link_layer_and_tunnel_gives_the_same_bytes(name: str) -> None:
    heard = only(capture(name))
    assert len(request(heard)) == 211
    assert request(heard)[:6] == bytes.fromhex("0100000000cd")
    assert heard.data_of[Way.FROM_SERVER].hex() == "03000000000400010107"
    assert heard.gaps == []
    assert heard.conversation.ended is Ended.CLOSED


def test_bytes_that_the_capture_lost_are_no_loss_of_the_network() -> None:
    heard = only(capture("182"))
    ((way, gap),) = heard.gaps
    assert (way, gap.why) == (Way.FROM_CLIENT, Missing.BY_CAPTURE)
    assert heard.conversation.client.retransmissions == 0


def test_sequence_numbers_that_wrap_and_records_out_of_order_change_nothing() -> None:
    plain = only(capture("007"))
    for name in ("179", "181"):
        other = only(capture(name))
        assert other.data_of == plain.data_of
        assert other.gaps == []
        assert other.conversation.client.retransmissions == 0


@pytest.mark.parametrize(("name", "count"), [("091", 27), ("092", 16)])
def test_a_frame_that_was_captured_twice_is_no_retransmission(name: str, count: int) -> None:
    heard, facts = hear(capture(name))
    assert facts.duplicates == count
    for each in heard:
        for way in Way:
            assert each.conversation.stream(way).retransmissions == 0


def test_a_cut_segment_gives_what_it_has_and_a_gap() -> None:
    heard, facts = hear(capture("111"))
    first = heard[0]
    assert facts.snaplen == 68
    assert {gap.why for _, gap in first.gaps} == {Missing.CUT}
    assert first.length(Way.FROM_CLIENT) == first.conversation.client.end
    assert request(first)[:2] == b"\1\0"


def test_an_answer_that_was_lost_on_the_way_is_told_with_what_came_behind_it() -> None:
    server = only(capture("107")).conversation.server
    assert server.sacked == ((2896, 1233),)
    assert [gap.why for gap in server.gaps] == [Missing.LOST]
    assert server.acked == 0


def test_a_peer_that_stops_reading_is_told() -> None:
    window = only(capture("094")).conversation.server.zero_window
    assert window is not None
    assert window.times >= 9
    assert not window.open_again


def test_a_question_to_a_silent_name_server_is_told() -> None:
    _, facts = hear(capture("113"))
    (look_up,) = facts.look_ups
    assert str(look_up.name) == "1.2.20.10.in-addr.arpa"
    assert (look_up.client, look_up.times, look_up.answered) == ("10.20.2.10", 3, None)


def test_an_icmp_error_belongs_to_the_conversation_that_it_quotes() -> None:
    conversation = only(capture("075")).conversation
    (error,) = conversation.icmp
    assert (error.by, error.type, error.code, error.about) == ("10.20.1.1", 3, 13, Way.FROM_CLIENT)


def test_a_reset_by_a_firewall_has_another_ttl() -> None:
    (healthy, refused), _ = hear(capture("074"))
    assert healthy.conversation.server.ttls == {63}
    assert [each.ttl for each in refused.conversation.server.resets] == [64]
    assert not refused.conversation.established


def test_simple_packets_have_no_times() -> None:
    heard = only(capture("175"))
    assert heard.conversation.first.time is None
    assert heard.conversation.last.frame == 10
