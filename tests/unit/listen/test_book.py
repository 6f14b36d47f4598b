"""The outcome of listening, and the possible reasons if nothing arrived."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from dcmecho.cli.listen import listening_exit_code
from dcmecho.diagnosis.listen.absence import LocalFirewall, absence
from dcmecho.diagnosis.listen.book import KEPT_CALLS, CallBook, ListeningOutcome, left_s
from dcmecho.diagnosis.listen.calls import AeTitle, Call, CallEnding
from dcmecho.diagnosis.listen.events import (
    CallChanged,
    CallsClosedUnread,
    ClosedUnreadReason,
    ListeningStarted,
    ListeningStopped,
    StopReason,
)
from dcmecho.diagnosis.listen.verdict import Expectation
from dcmecho.diagnosis.network.connection import Address
from dcmecho.exit_codes import ExitCode
from dcmecho.report import listen as listen_text
from dcmecho.report.json import listen as listen_json
from tests.unit.listen.calling import AT, PEER, bare_call, call, request

EXPECTED = Expectation(AeTitle.of("MY_WORKSTATION"), 11112, peer="CT 2")
BOUND = (Address("192.168.1.20", 11112),)
NAT = "address translation (NAT)"


def book(*calls: Call, reason: StopReason = StopReason.TIME_OVER) -> CallBook:
    told = CallBook(EXPECTED)
    told.add(ListeningStarted(AT, BOUND, 600.0))
    for each in calls:
        told.add(CallChanged(each))
    told.add(ListeningStopped(AT + timedelta(seconds=600), reason))
    return told


@pytest.mark.parametrize(
    ("calls", "reason", "outcome", "code"),
    [
        ((call(),), StopReason.ASKED, ListeningOutcome.REACHED, ExitCode.OK),
        (
            (call(), call(request("X"), number=2)),
            StopReason.TIME_OVER,
            ListeningOutcome.REACHED,
            ExitCode.OK,
        ),
        (
            (call(request("X")),),
            StopReason.TIME_OVER,
            ListeningOutcome.WRONG,
            ExitCode.OTHERS_CALLED,
        ),
        (
            (bare_call(CallEnding.CLOSED_BY_PEER),),
            StopReason.ASKED,
            ListeningOutcome.WRONG,
            ExitCode.OTHERS_CALLED,
        ),
        ((), StopReason.TIME_OVER, ListeningOutcome.NOTHING, ExitCode.NOBODY_CALLED),
        ((), StopReason.ASKED, ListeningOutcome.NOTHING, ExitCode.INTERRUPTED),
    ],
    ids=str,
)
def test_outcome_and_exit_code(
    calls: tuple[Call, ...], reason: StopReason, outcome: ListeningOutcome, code: ExitCode
) -> None:
    told = book(*calls, reason=reason)
    assert told.outcome is outcome
    assert listening_exit_code(told.outcome, reason) is code


def test_a_call_is_replaced_by_what_it_became_and_the_newest_comes_first() -> None:
    told = book(call(answer=None, ending=None), call(number=2), call())
    assert [(each.call.number, each.call.ending) for each in told.newest_first] == [
        (2, CallEnding.RELEASED),
        (1, CallEnding.RELEASED),
    ]


def test_a_flood_of_calls_is_counted_and_not_kept() -> None:
    told = book(call(), *(bare_call(CallEnding.CLOSED_BY_PEER, n) for n in range(2, 1500)))
    assert (len(told.newest_first), told.calls) == (KEPT_CALLS, 1499)
    assert told.outcome is ListeningOutcome.REACHED


def test_a_flood_of_long_requests_is_counted_and_not_kept() -> None:
    long = replace(request(), pdu_bytes=61_000)
    told = book(*(call(long, number=n) for n in range(1, 100)), call(number=100))
    assert told.calls == 100
    assert [each.call.number for each in told.newest_first] == list(range(100, 82, -1))


def test_connections_that_were_turned_away_are_no_silence() -> None:
    told = book()
    told.add(CallsClosedUnread(AT, PEER, ClosedUnreadReason.TOO_OFTEN, 12))
    assert told.outcome is ListeningOutcome.WRONG
    assert "12 connections closed unread" in listen_text.render_summary(told, ())


def test_the_time_that_is_left() -> None:
    started = ListeningStarted(AT, BOUND, 600.0)
    assert left_s(started, AT + timedelta(seconds=60)) == 540.0
    assert left_s(started, AT + timedelta(hours=1)) == 0.0


class TestNothingCame:
    LOCAL = ("127.0.0.1", "192.168.1.20", "10.1.2.3")

    def test_on_loopback_nobody_else_can_call(self) -> None:
        (only,) = absence((Address("127.0.0.1", 104),), EXPECTED, self.LOCAL, None)
        assert "only this machine can call" in only
        assert "192.168.1.20 or 10.1.2.3" in only

    def test_what_is_left_is_told_with_who_can_settle_it(self) -> None:
        text = "\n".join(absence(BOUND, EXPECTED, self.LOCAL, None))
        assert "another address of yours registered: 10.1.2.3" in text
        assert "Ask the peer's administrator for the address and port" in text
        assert "Ask the network team" in text
        assert NAT in text
        assert "Start Verify (C-ECHO) on the peer again" in text

    def test_listening_everywhere_leaves_no_address_out(self) -> None:
        text = "\n".join(absence((Address("0.0.0.0", 104),), EXPECTED, self.LOCAL, None))
        assert "another address of yours" not in text

    @pytest.mark.parametrize("firewall", LocalFirewall)
    def test_a_firewall_of_this_machine_is_named(self, firewall: LocalFirewall) -> None:
        text = "\n".join(absence(BOUND, EXPECTED, self.LOCAL, firewall))
        assert str(firewall) in text


def test_text_and_json_say_the_same_of_a_wrong_title() -> None:
    told = book(call(request("MY_W0RKSTATION")))
    (judged,) = told.newest_first
    text = listen_text.render_call(judged, whole=True)
    data = json.loads(listen_json.render(told, (), ExitCode.OTHERS_CALLED))
    assert "CT2 -> MY_W0RKSTATION" in text
    assert max(map(len, text.splitlines())) <= 80
    (seen,) = data["calls"]
    assert seen["request"]["called_ae"]["text"] == "MY_W0RKSTATION"
    assert seen["request"]["called_ae"]["bytes"].startswith("4d 59 5f 57 30")
    assert seen["verdict"]["findings"][0]["id"] == "wrong-title"
    assert data["verdict"] == {
        "outcome": "wrong",
        "title": "1 call arrived, but none as expected.",
        "exit_code": 31,
    }


@pytest.mark.parametrize(
    ("addresses", "sentence"),
    [
        (frozenset({PEER}), "CT 2 reached you."),
        (frozenset(), "A DICOM application reached you."),
    ],
)
def test_who_reached_us_is_named_only_where_its_address_is_known(
    addresses: frozenset[str], sentence: str
) -> None:
    told = CallBook(replace(EXPECTED, addresses=addresses))
    told.add(CallChanged(call()))
    assert told.sentence == sentence
