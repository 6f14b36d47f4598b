"""When a watch asks: spread, paced, never two at once on a peer, never a burst."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcmecho.diagnosis.investigation import PAUSE_S
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.watch.pace import (
    LONGEST_BUSY_S,
    LONGEST_FAILING_S,
    SHORTEST_PERIOD_S,
    Pace,
)
from dcmecho.diagnosis.watch.sample import SampleOutcome
from dcmecho.diagnosis.watch.schedule import Schedule
from tests.unit.report.reports import TARGET

PERIOD_S = 30.0


def _targets(count: int) -> list[tuple[str, Target]]:
    return [(f"t{n}", replace(TARGET, host=f"192.0.2.{n}")) for n in range(count)]


def _schedule(*targets: tuple[str, Target]) -> Schedule:
    schedule = Schedule(PERIOD_S)
    schedule.add(targets, 0.0)
    return schedule


class TestPace:
    @pytest.mark.parametrize("period_s", [4.9, 0.0, -1.0, float("nan")])
    def test_under_five_seconds_is_refused(self, period_s: float) -> None:
        with pytest.raises(ValueError, match="too short"):
            Pace(period_s)
        Pace(SHORTEST_PERIOD_S)

    def test_a_healthy_peer_is_asked_every_period(self) -> None:
        assert Pace(30.0).delay_s(SampleOutcome.ANSWERED, 0) == 30.0

    def test_one_lost_sample_is_followed_up_and_then_the_pauses_double(self) -> None:
        delays = [Pace(30.0).delay_s(SampleOutcome.LOST, n) for n in range(1, 7)]
        assert delays == [30.0, 60.0, 120.0, 240.0, LONGEST_FAILING_S, LONGEST_FAILING_S]

    def test_a_peer_that_turns_away_for_now_is_left_alone_at_once(self) -> None:
        delays = [Pace(30.0).delay_s(SampleOutcome.BUSY, n) for n in (1, 2, 3, 4, 5, 5000)]
        assert delays == [60.0, 120.0, 240.0, 480.0, *[LONGEST_BUSY_S] * 2]

    def test_a_long_period_is_never_shortened(self) -> None:
        assert Pace(3600.0).delay_s(SampleOutcome.BUSY, 3) == 3600.0


class TestSchedule:
    def test_the_first_starts_are_spread_over_the_period(self) -> None:
        schedule = _schedule(*_targets(3))
        starts = {now: schedule.due(now, 9) for now in (0.0, 9.0, 10.0, 19.9, 20.0)}
        assert starts == {0.0: ["t0"], 9.0: [], 10.0: ["t1"], 19.9: [], 20.0: ["t2"]}

    def test_what_runs_is_not_started_again(self) -> None:
        schedule = _schedule(*_targets(1))
        assert schedule.due(0.0, 9) == ["t0"]
        assert schedule.due(500.0, 9) == []

    def test_there_is_only_so_much_room(self) -> None:
        schedule = _schedule(*_targets(3))
        assert schedule.due(PERIOD_S, 2) == ["t0", "t1"]

    def test_the_place_within_the_period_is_kept(self) -> None:
        schedule = _schedule(*_targets(2))
        schedule.due(15.0, 9)
        schedule.ended("t1", 17.5, PERIOD_S)
        assert schedule.due_s("t1") == 45.0

    def test_starts_that_were_missed_are_not_made_up_for(self) -> None:
        schedule = _schedule(*_targets(1))
        schedule.due(0.0, 9)
        schedule.ended("t0", 100.0, PERIOD_S)
        assert schedule.due_s("t0") == 120.0

    @pytest.mark.parametrize("host", [TARGET.host, TARGET.host.upper()])
    def test_never_two_at_once_on_a_peer(self, host: str) -> None:
        schedule = _schedule(("one", TARGET), ("two", replace(TARGET, host=host, called_ae="B")))
        assert schedule.due(PERIOD_S, 9) == ["one"]
        schedule.ended("one", 31.0, PERIOD_S)
        assert schedule.due(31.0, 9) == []
        assert schedule.wait_s(31.0) == PAUSE_S
        assert schedule.due(31.0 + PAUSE_S, 9) == ["two"]

    def test_another_port_is_another_peer(self) -> None:
        schedule = _schedule(("one", TARGET), ("two", replace(TARGET, port=105)))
        assert schedule.due(PERIOD_S, 9) == ["one", "two"]

    def test_after_a_standstill_there_is_no_burst(self) -> None:
        schedule = _schedule(*_targets(30))
        schedule.reschedule_overdue(7200.0)
        assert [len(schedule.due(7200.0 + second, 99)) for second in range(30)] == [1] * 30

    def test_the_wait_ends_with_what_is_due_next(self) -> None:
        schedule = _schedule(*_targets(2))
        schedule.due(0.0, 9)
        assert schedule.wait_s(4.0) == 11.0
        schedule.remove("t1")
        assert schedule.wait_s(4.0) is None
