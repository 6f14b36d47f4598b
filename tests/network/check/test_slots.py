"""Two runs never have an association with one peer at the same time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from dcmecho.diagnosis.events import Direction, Event, LogLine
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.ladder import climb
from dcmecho.diagnosis.network.connection import Address, Resolution
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.stage import StageId, Status
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.dicom.runs.link import WireLink
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.dicom.runs.workers import Run, start
from dcmecho.exit_codes import ExitCode, NagiosCode, exit_code, nagios_code
from tests.network.check.counting_peer import Counter, counting_peer
from tests.network.peers.real_peers import RealPeer

PATIENCE_S = 10.0
CANCEL_DEADLINE_S = 2.0


@pytest.fixture
def counted() -> Iterator[tuple[RealPeer, Counter]]:
    with counting_peer() as found:
        yield found


class Following:
    """A run that shares its slots, and its events so far."""

    def __init__(self, target: Target, slots: PeerSlots) -> None:
        self._events: queue.Queue[Event] = queue.Queue()
        self.run: Run = start(target, self._events.put, slots=slots)

    def until_it_waits(self) -> LogLine:
        """Return the line that reports the wait."""
        while True:
            event = self._events.get(timeout=PATIENCE_S)
            if isinstance(event, LogLine) and event.text.startswith("waiting for"):
                return event


def test_the_second_waits_for_the_first(counted: tuple[RealPeer, Counter]) -> None:
    peer, counter = counted
    target, slots = peer.target("PACS", "DCMECHO"), PeerSlots()
    counter.hold()
    first = Following(target, slots)
    counter.until_called()
    second = Following(replace(target, host="localhost"), slots)

    said = second.until_it_waits()
    counter.go_on()
    reports = [following.run.join(PATIENCE_S) for following in (first, second)]

    holder = f"a check of {target}, which is connected to 127.0.0.1:{peer.port}"
    assert said.text == f"waiting for {holder}"
    assert (said.stage, said.direction) == (StageId.CONNECT, Direction.LOCAL)
    assert [exit_code(report) for report in reports if report] == [ExitCode.OK] * 2
    assert (counter.answered, counter.most) == (2, 1)


def test_the_wait_is_no_time_of_the_connection(counted: tuple[RealPeer, Counter]) -> None:
    peer, counter = counted
    target, slots = peer.target("PACS", "DCMECHO"), PeerSlots()
    counter.hold()
    Following(target, slots)
    counter.until_called()
    second = Following(target, slots)
    waiting = second.until_it_waits()
    counter.go_on()
    report = second.run.join(PATIENCE_S)

    assert report is not None
    connected = report.stage(StageId.CONNECT)
    assert connected.elapsed_ms is not None
    assert connected.elapsed_ms < connected.evidence[0].at_ms - waiting.at_ms


def test_one_that_waits_can_be_cancelled(counted: tuple[RealPeer, Counter]) -> None:
    peer, counter = counted
    target, slots = peer.target("PACS", "DCMECHO"), PeerSlots()
    counter.hold()
    first = Following(target, slots)
    counter.until_called()
    second, third = Following(target, slots), Following(target, slots)
    second.until_it_waits()
    third.until_it_waits()

    second.run.cancel()
    cancelled = second.run.join(CANCEL_DEADLINE_S)
    counter.go_on()

    assert cancelled is not None
    assert cancelled.verdict.status is VerdictStatus.CANCELLED
    for following in (first, third):
        report = following.run.join(PATIENCE_S)
        assert report is not None
        assert report.verdict.status is VerdictStatus.OK
    assert (counter.answered, counter.most) == (2, 1)


@pytest.mark.parametrize("name", ["Main PACS", ""])
def test_one_that_gets_no_turn_says_whose_it_is_and_nothing_of_the_peer(
    counted: tuple[RealPeer, Counter], name: str
) -> None:
    peer, counter = counted
    target = replace(peer.target("PACS", "DCMECHO"), name=name)
    slots = PeerSlots(patience_s=0.05)
    counter.hold()
    first = Following(target, slots)
    counter.until_called()
    no_turn = Following(target, slots).run.join(PATIENCE_S)
    counter.go_on()

    assert no_turn is not None
    assert no_turn.verdict.status is VerdictStatus.ERROR
    assert no_turn.verdict.title == (
        f"127.0.0.1:{peer.port} was not checked: a check of {name or target} was still connected to"
        " it after 0.05 s, and dcmecho opens one association at a time with a peer"
    )
    assert (no_turn.verdict.stage, no_turn.causes) == (StageId.CONNECT, ())
    assert no_turn.stage(StageId.CONNECT).status is Status.SKIPPED
    assert no_turn.stage(StageId.ASSOCIATE).status is Status.NOT_REACHED
    assert (exit_code(no_turn), nagios_code(no_turn)) == (ExitCode.INTERNAL, NagiosCode.UNKNOWN)
    assert not any("TCP" in sentence for sentence in no_turn.proven)
    held = first.run.join(PATIENCE_S)
    assert held is not None
    assert held.verdict.status is VerdictStatus.OK


def test_a_peer_of_which_we_hold_one_address_is_not_asked_at_the_other() -> None:
    """Otherwise the report would say the held peer is unreachable."""
    slots = PeerSlots(patience_s=0.05)
    slots.ask(Address("127.0.0.1", 1), threading.Condition(), "a watch of Main PACS")
    link = WireLink("run", lambda _event: None, slots)
    addresses = (Address("127.0.0.1", 1), Address("127.0.0.2", 1))
    link.resolve = lambda *_: Resolution(0.0, 0.0, addresses)  # type: ignore[method-assign]
    report = climb("run", Target("pacs", 1, "PACS", "US"), link, lambda _event: None, RunOptions())
    assert report.verdict.status is VerdictStatus.ERROR
    assert "a watch of Main PACS" in report.verdict.title
    assert [each.kind for each in report.stage(StageId.CONNECT).evidence] == [EvidenceKind.NO_TURN]


def test_a_peer_that_refuses_lets_the_next_in() -> None:
    slots = PeerSlots()
    nobody_there = Target("127.0.0.2", 1, "PACS", "DCMECHO")
    for _ in range(2):
        refused = start(nobody_there, lambda _event: None, slots=slots).join(PATIENCE_S)
        assert refused is not None
        assert refused.verdict.stage is StageId.CONNECT
