"""The figures of a watch, and which changes of the C-ECHO time are a step."""

from __future__ import annotations

import random

import pytest

from dcmecho.diagnosis.watch.latency import OLD_AT_MOST, RECENT, LatencyStep, LatencySteps
from dcmecho.diagnosis.watch.times import KEPT, Figures, Times


def _times(*values: float | None) -> Times:
    times = Times()
    for value in values:
        times.add(value)
    return times


def test_without_samples_there_are_no_figures() -> None:
    assert Times().figures() == Figures()


def test_the_figures_of_a_few_samples() -> None:
    figures = _times(4.0, 2.0, None, 3.0).figures()
    assert (figures.asked, figures.lost, figures.loss_percent) == (4, 1, 25.0)
    assert (figures.last_ms, figures.min_ms, figures.median_ms) == (3.0, 2.0, 3.0)


def test_the_95th_percentile_is_a_time_that_was_seen() -> None:
    assert _times(*map(float, range(1, 101))).figures().p95_ms == 95.0
    assert _times(7.0).figures().p95_ms == 7.0


def test_the_jitter_is_that_of_rfc_3550() -> None:
    times = _times(10.0)
    assert times.figures().jitter_ms is None
    times.add(26.0)
    assert times.figures().jitter_ms == pytest.approx(16 / 16)
    times.add(26.0)
    assert times.figures().jitter_ms == pytest.approx(1 - 1 / 16)


def test_a_lost_sample_is_last_and_no_part_of_the_jitter() -> None:
    figures = _times(10.0, 10.0, None).figures()
    assert figures.last_ms is None
    assert figures.jitter_ms == 0.0
    assert _times(None, None).figures() == Figures(2, 2, 100.0)


def test_old_samples_leave_the_figures_and_stay_in_the_counts() -> None:
    times = _times(None, 500.0, *([1.0] * KEPT))
    figures = times.figures()
    assert (figures.asked, figures.lost, figures.loss_percent) == (KEPT + 2, 1, 0.0)
    assert figures.p95_ms == 1.0


def test_recent_samples_come_in_their_order_also_after_a_turn_of_the_ring() -> None:
    times = _times(*map(float, range(KEPT + 5)), None)
    assert times.recent(3) == (KEPT + 3.0, KEPT + 4.0, None)
    assert _times(1.0).recent(3) == (1.0,)


def _steps(values: list[float]) -> list[LatencyStep]:
    steps = LatencySteps()
    return [step for value in values if (step := steps.add(value))]


def _noise(level_ms: float, count: int, seed: int = 7) -> list[float]:
    source = random.Random(seed)
    return [level_ms * source.lognormvariate(0, 0.3) for _ in range(count)]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("level_ms", [0.4, 5.0, 80.0])
def test_noise_is_no_step(level_ms: float, seed: int) -> None:
    assert _steps(_noise(level_ms, 1000, seed)) == []


def test_three_blips_in_a_row_are_no_step() -> None:
    assert _steps([*_noise(5.0, 100), 400.0, 400.0, 400.0, *_noise(5.0, 100)]) == []


@pytest.mark.parametrize("seed", range(20))
def test_a_step_is_told_once_and_so_is_the_way_back(seed: int) -> None:
    steps = _steps([*_noise(5.0, 60, seed), *_noise(40.0, 60, seed), *_noise(5.0, 60, seed)])
    assert len(steps) == 2
    up, down = steps
    assert up.before_ms < 10 < 25 < up.after_ms
    assert down.after_ms < 10 < 25 < down.before_ms


def test_a_step_is_told_within_a_few_samples() -> None:
    assert _steps([5.0] * 60 + [40.0] * (RECENT - OLD_AT_MOST - 1)) == []
    assert len(_steps([5.0] * 60 + [40.0] * (RECENT - OLD_AT_MOST))) == 1


def test_what_nobody_would_notice_is_no_step() -> None:
    assert _steps([1.0] * 60 + [2.5] * 60) == []
    assert _steps([100.0] * 60 + [120.0] * 60) == []
