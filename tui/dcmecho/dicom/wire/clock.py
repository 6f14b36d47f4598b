"""The clock of one run, and the conversion of kernel time stamps to it."""

from __future__ import annotations

import time
from typing import NamedTuple

_STEP_MS = 0.1
"""Tolerance: a thread can be delayed between reading two clocks."""


class RunClock:
    """A clock that counts milliseconds since a run began."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    def now_ms(self) -> float:
        """Return the milliseconds since the run began."""
        return (time.perf_counter() - self._began) * 1000

    def now(self) -> Moment:
        """Return the current time on this clock and on the kernel's."""
        return Moment(self.now_ms(), time.time_ns())

    def restart(self) -> None:
        """Restart: the run begins now."""
        self._began = time.perf_counter()

    def exclude(self, seconds: float) -> None:
        """Do not count the last ``seconds``."""
        self._began += seconds


class Moment(NamedTuple):
    """One moment: ``at_ms`` on a run's clock, ``kernel_ns`` on CLOCK_REALTIME."""

    at_ms: float
    kernel_ns: int


def arrived_ms(stamp_ns: int | None, earliest: Moment, now: Moment) -> float:
    """Return when bytes that were read ``now`` reached this machine, on the run's clock.

    ``stamp_ns`` is the kernel's time stamp (CLOCK_REALTIME). The bytes cannot have arrived before
    ``earliest``. Without a stamp, if the clock was set, or if the stamp is impossible, the result
    is ``now``, so it is never too early.
    """
    if stamp_ns is None:
        return now.at_ms
    parted_ms = _ms(now.kernel_ns - earliest.kernel_ns) - (now.at_ms - earliest.at_ms)
    at_ms = now.at_ms - _ms(now.kernel_ns - stamp_ns)
    is_true = abs(parted_ms) <= _STEP_MS and earliest.at_ms <= at_ms <= now.at_ms
    return at_ms if is_true else now.at_ms


def _ms(nanoseconds: int) -> float:
    return nanoseconds / 1e6
