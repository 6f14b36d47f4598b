"""The time of one run, and what the kernel's own clock says in it."""

from __future__ import annotations

import time
from typing import NamedTuple

_STEP_MS = 0.1
"""By so much two clocks may seem to part where a thread was held up between two looks at them."""


class RunClock:
    """Milliseconds since a run began."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    def now_ms(self) -> float:
        """Milliseconds since the run began."""
        return (time.perf_counter() - self._began) * 1000

    def now(self) -> Moment:
        """The present, on this clock and on the kernel's."""
        return Moment(self.now_ms(), time.time_ns())

    def restart(self) -> None:
        """The run begins only now."""
        self._began = time.perf_counter()

    def exclude(self, seconds: float) -> None:
        """Do not count ``seconds`` that have just passed."""
        self._began += seconds


class Moment(NamedTuple):
    """One moment: ``at_ms`` on a run's clock, ``kernel_ns`` on CLOCK_REALTIME."""

    at_ms: float
    kernel_ns: int


def arrived_ms(stamp_ns: int | None, earliest: Moment, now: Moment) -> float:
    """When bytes that were read ``now`` reached this machine, on the run's clock.

    ``stamp_ns`` is the kernel's word for it (CLOCK_REALTIME), ``earliest`` the moment before which
    they cannot have come. Where the kernel tells nothing, its clock was set meanwhile, or its word
    cannot be true, it is ``now``: never too early.
    """
    if stamp_ns is None:
        return now.at_ms
    parted_ms = _ms(now.kernel_ns - earliest.kernel_ns) - (now.at_ms - earliest.at_ms)
    at_ms = now.at_ms - _ms(now.kernel_ns - stamp_ns)
    is_true = abs(parted_ms) <= _STEP_MS and earliest.at_ms <= at_ms <= now.at_ms
    return at_ms if is_true else now.at_ms


def _ms(nanoseconds: int) -> float:
    return nanoseconds / 1e6
