"""When bytes arrived: the kernel's time stamp counts, but only if it is possible."""

from __future__ import annotations

import pytest

from dcmecho.dicom.wire.clock import Moment, RunClock, arrived_ms

_SENT = Moment(at_ms=100.0, kernel_ns=5_000_000_000)
_NOW = Moment(at_ms=140.0, kernel_ns=5_040_000_000)


def stamp_ns(after_send_ms: float) -> int:
    return _SENT.kernel_ns + round(after_send_ms * 1e6)


@pytest.mark.parametrize("after_send_ms", [0.0, 0.5, 39.75, 40.0])
def test_the_kernel_knows_it_better_than_who_reads_late(after_send_ms: float) -> None:
    at_ms = arrived_ms(stamp_ns(after_send_ms), _SENT, _NOW)
    assert at_ms == pytest.approx(_SENT.at_ms + after_send_ms)


@pytest.mark.parametrize(
    "after_send_ms",
    [
        pytest.param(-0.001, id="before we had asked"),
        pytest.param(-3_600_000.0, id="an hour before"),
        pytest.param(40.001, id="later than now"),
        pytest.param(3_600_000.0, id="in an hour"),
    ],
)
def test_a_stamp_that_cannot_be_true_is_not_believed(after_send_ms: float) -> None:
    assert arrived_ms(stamp_ns(after_send_ms), _SENT, _NOW) == _NOW.at_ms


@pytest.mark.parametrize("step_ms", [-3_600_000.0, -20.0, -1.0, 1.0, 20.0, 3_600_000.0])
def test_nor_is_one_from_a_clock_that_was_set_meanwhile(step_ms: float) -> None:
    now = Moment(_NOW.at_ms, _NOW.kernel_ns + round(step_ms * 1e6))
    assert arrived_ms(stamp_ns(10.0), _SENT, now) == now.at_ms
    assert arrived_ms(stamp_ns(10.0 + step_ms), _SENT, now) == now.at_ms


def test_without_a_stamp_it_is_the_time_of_reading() -> None:
    assert arrived_ms(None, _SENT, _NOW) == _NOW.at_ms


def test_two_looks_at_both_clocks_agree_by_themselves() -> None:
    clock = RunClock()
    earlier, later = clock.now(), clock.now()
    assert earlier.at_ms <= later.at_ms
    at_ms = arrived_ms(later.kernel_ns, earlier, later)
    assert at_ms == pytest.approx(later.at_ms)
