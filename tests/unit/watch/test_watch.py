"""A watch over time: what counts as a change, and the effect of suspending and clocks."""

from __future__ import annotations

import gc
import tracemalloc
from array import array
from collections.abc import Sequence
from dataclasses import replace

import pytest

from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.diagnosis.watch.changes import Change, ChangeKind, NotAsked, span
from dcmecho.diagnosis.watch.pace import Pace
from dcmecho.diagnosis.watch.times import KEPT
from dcmecho.diagnosis.watch.watch import (
    KEPT_CHANGES,
    Changed,
    Sampled,
    Watch,
    WatchEvent,
    WatchOptions,
)
from tests.unit.report.reports import TARGET, ended, rejected_called_title
from tests.unit.watch.clocks import SetClocks, answered, cancelled, forbidden, refused, rejected

KEY = "pacs"


class Sitting:
    """A watch of one target, asked at its time whatever happens between."""

    def __init__(self, count: int | None = None) -> None:
        self.clocks = SetClocks()
        self.watch = Watch(WatchOptions(Pace(30.0), count), self.clocks)
        self.watch.add([(KEY, TARGET)])

    def ask(self, *reports: Report) -> list[Change]:
        """Ask once a report; what changed."""
        return _changes([event for report in reports for event in self.events(report)])

    def events(self, report: Report) -> list[WatchEvent]:
        events = self.begin()
        self.clocks.run(0.1)
        return events + self.watch.record(KEY, report)

    def begin(self) -> list[WatchEvent]:
        """Wait until the target is asked, and ask it."""
        events: list[WatchEvent] = []
        while not self.watch.due(1):
            self.clocks.run(self.watch.wait_s(1))
            events += self.watch.look_at_clocks()
        return events

    def next_in_s(self) -> float:
        (watched,) = self.watch.state().watched
        assert watched.next_at is not None
        return (watched.next_at - self.clocks.read().wall).total_seconds()


def _changes(events: Sequence[WatchEvent]) -> list[Change]:
    return [event.change for event in events if isinstance(event, Changed)]


def test_the_first_sample_changes_nothing_not_even_a_failing_one() -> None:
    assert Sitting().ask(answered()) == []
    assert Sitting().ask(refused()) == []


def test_more_of_the_same_is_no_change() -> None:
    assert Sitting().ask(*[answered(version="A", addresses=["192.0.2.1"])] * 3) == []
    assert Sitting().ask(*[refused()] * 3) == []


def test_another_verdict_and_the_way_back() -> None:
    down, up = Sitting().ask(answered(), refused(), refused(), answered())
    assert (down.kind, down.before, down.after) == (ChangeKind.VERDICT, "ok", "failed tcp.refused")
    assert down.text == "failed at TCP: connection refused"
    assert up.text == "ok again after 2 lost in 1 min 30 s"
    assert (down.status, up.status) == (VerdictStatus.FAILED, VerdictStatus.OK)


def test_another_reason_to_reject_is_another_verdict() -> None:
    (changed,) = Sitting().ask(rejected(1, 3, 56), rejected(1, 3, 57))
    assert changed.kind is ChangeKind.VERDICT
    (changed,) = Sitting().ask(refused(), rejected_called_title())
    assert changed.after.startswith("failed ae.")


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        (ChangeKind.ADDRESS, answered(addresses=["192.0.2.1"]), answered(addresses=["192.0.2.2"])),
        (ChangeKind.CERTIFICATE, answered(sha256="aa"), answered(sha256="bb")),
        (ChangeKind.IMPLEMENTATION, answered(version="V_1"), answered(version="V_2")),
    ],
)
def test_what_a_healthy_peer_changes_is_told(
    kind: ChangeKind, before: Report, after: Report
) -> None:
    (changed,) = Sitting().ask(before, before, after, after)
    assert changed.kind is kind
    assert changed.before in changed.text
    assert changed.after in changed.text


def test_a_change_behind_an_outage_is_told_with_the_return() -> None:
    changes = Sitting().ask(answered(version="V_1"), refused(), answered(version="V_2"))
    kinds = [change.kind for change in changes]
    assert kinds == [ChangeKind.VERDICT, ChangeKind.VERDICT, ChangeKind.IMPLEMENTATION]


def test_the_order_in_which_a_name_gives_its_addresses_means_nothing() -> None:
    there, back = ["192.0.2.1", "192.0.2.2"], ["192.0.2.2", "192.0.2.1"]
    assert Sitting().ask(answered(addresses=there), answered(addresses=back)) == []


def test_a_step_of_the_echo_time_is_told_with_both_medians() -> None:
    changes = Sitting().ask(*[answered(4.0)] * 20, *[answered(60.0)] * 20)
    assert [change.text for change in changes] == ["C-ECHO takes 60 ms (before: 4.0 ms; medians)"]


def test_a_peer_that_rejects_for_now_is_asked_less_and_less() -> None:
    sitting = Sitting()
    pauses = []
    for _ in range(6):
        sitting.ask(rejected(2, 3, 1))
        pauses.append(round(sitting.next_in_s()))
    assert pauses == [60, 120, 240, 480, 600, 600]
    sitting.ask(answered())
    assert round(sitting.next_in_s()) == 30


def test_a_fault_of_dcmecho_is_no_loss_of_the_peer() -> None:
    sitting = Sitting()
    fault = ended(StageId.CONNECT, EvidenceKind.INTERNAL_ERROR)
    sitting.ask(answered(), fault)
    assert sitting.watch.state().watched[0].figures.lost == 0
    sitting.begin()
    (changed,) = _changes(sitting.watch.failed_to_ask(KEY, NotAsked("RuntimeError: no thread")))
    assert "bug in dcmecho: RuntimeError: no thread" in changed.text


def test_what_this_machine_lacks_is_no_bug() -> None:
    sitting = Sitting()
    sitting.begin()
    lacking = NotAsked.of(RuntimeError("can't start new thread"))
    (changed,) = _changes(sitting.watch.failed_to_ask(KEY, lacking))
    assert changed.text == (
        "not checked because this machine lacks something, which is no fault of the peer: can't"
        " start new thread"
    )


def test_a_cancelled_run_is_no_sample() -> None:
    sitting = Sitting()
    assert sitting.events(cancelled()) == []
    assert sitting.watch.state().watched[0].last is None


def test_suspending_is_told_and_followed_by_no_burst() -> None:
    sitting = Sitting()
    sitting.ask(answered())
    sitting.watch.wait_s(1)
    sitting.clocks.suspend(7200.0)
    sitting.clocks.run(1.0)
    (slept,) = _changes(sitting.watch.look_at_clocks())
    assert slept.text == "this machine was suspended for 2 h"
    assert sitting.watch.due(9) == []
    assert round(sitting.next_in_s()) == 29


def test_a_run_that_the_machine_slept_through_says_nothing_about_the_peer() -> None:
    sitting = Sitting()
    sitting.ask(answered())
    sitting.begin()
    sitting.watch.wait_s(1)
    sitting.clocks.suspend(600.0)
    sitting.watch.look_at_clocks()
    assert sitting.watch.record(KEY, refused()) == []
    assert sitting.ask(answered()) == []


def test_a_process_that_was_stopped_is_told_and_spreads_what_it_missed() -> None:
    clocks = SetClocks()
    watch = Watch(WatchOptions(Pace(30.0)), clocks)
    watch.add([(str(n), replace(TARGET, host=f"192.0.2.{n}")) for n in range(30)])
    watch.wait_s(1)
    clocks.run(3600.0)
    (stopped,) = _changes(watch.look_at_clocks())
    assert stopped.text == "dcmecho was stopped for 1 h"
    assert len(watch.due(99)) == 1


def test_a_clock_that_is_put_back_is_told_and_the_order_is_kept() -> None:
    sitting = Sitting()
    sitting.ask(answered())
    sitting.watch.wait_s(1)
    sitting.clocks.set_wall(-3600.0)
    (back,) = _changes(sitting.watch.look_at_clocks())
    assert back.text == "the clock was set back by 1 h"
    (failing,) = sitting.ask(refused())
    assert back.elapsed_s < failing.elapsed_s
    assert round(sitting.next_in_s()) == 30


def test_a_machine_that_is_a_little_late_is_nothing_to_tell() -> None:
    sitting = Sitting()
    sitting.watch.wait_s(1)
    sitting.clocks.run(9.0)
    sitting.clocks.set_wall(0.5)
    assert sitting.watch.look_at_clocks() == []


def test_after_so_many_samples_it_is_done() -> None:
    sitting = Sitting(count=2)
    sitting.ask(answered())
    assert not sitting.watch.done
    sitting.ask(answered())
    assert sitting.watch.done
    assert sitting.watch.state().watched[0].next_at is None


def test_what_is_watched_no_more_tells_nothing() -> None:
    sitting = Sitting()
    sitting.begin()
    sitting.watch.remove(KEY)
    assert sitting.watch.record(KEY, answered()) == []
    assert sitting.watch.targets == {}
    with pytest.raises(KeyError):
        sitting.watch.remove(KEY)


def _held_by_the_watch() -> int:
    """Bytes that its own modules have allocated; threads of other tests allocate meanwhile, too.

    The collection empties Python's free lists, which keep blocks under the name of who had them.
    """
    gc.collect()
    ours = tracemalloc.Filter(inclusive=True, filename_pattern="*/diagnosis/watch/*")
    taken = tracemalloc.take_snapshot().filter_traces([ours])
    return sum(statistic.size for statistic in taken.statistics("filename"))


@pytest.mark.slow
def test_a_month_of_samples_takes_no_more_memory_than_a_day() -> None:
    """A day at one every 30 s fills what is kept; a sample more adds less than a byte to it.

    One reference that is kept for each would be eight. There are changes all the while.
    """
    sitting = Sitting()
    answers = [answered(2.0, version="V_1"), answered(2.5, version="V_2"), refused(), answered(90)]

    def ask(count: int) -> None:
        for number in range(count):
            sitting.begin()
            (sampled, *_) = sitting.watch.record(KEY, answers[number % len(answers)])
            assert isinstance(sampled, Sampled)

    tracemalloc.start()
    try:
        ask(KEPT)
        day = _held_by_the_watch()
        ask(KEPT)
        two_days = _held_by_the_watch()
    finally:
        tracemalloc.stop()
    assert day > KEPT * array("d").itemsize
    assert two_days - day < KEPT
    state = sitting.watch.state(24)
    assert state.watched[0].figures.asked == 2 * KEPT
    assert len(state.changes) == KEPT_CHANGES
    assert state.dropped_changes > KEPT_CHANGES


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (59.4, "59 s"), (60, "1 min"), (3725, "1 h 2 min"), (97200, "1 d 3 h")],
)
def test_spans_of_time_in_two_units_at_most(seconds: float, words: str) -> None:
    assert span(seconds) == words


def test_a_check_that_the_file_forbids_is_neither_lost_nor_a_failure() -> None:
    sitting = Sitting()
    down, up = sitting.ask(answered(), forbidden(), forbidden(), answered())
    assert (down.status, down.text) == (
        None,
        "not checked: Other PACS must not be probed",
    )
    assert up.text.startswith("ok: ")
    assert sitting.watch.state().watched[0].figures.asked == 2
