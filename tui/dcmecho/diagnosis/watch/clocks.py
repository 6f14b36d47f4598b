"""The clocks of a watch, and what their differences tell: a suspended machine, a changed clock.

CLOCK_MONOTONIC stands still while the machine sleeps, CLOCK_BOOTTIME does not (clock_gettime(2)),
and only the wall clock can be set.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from threading import Condition
from typing import Protocol

NOTICED_S = 2.0
"""Smaller differences are those of the readings themselves, or of NTP at its ordinary work."""

LATE_S = 10.0
"""A machine under load is late by less than this."""


@dataclass(frozen=True, slots=True)
class ClockReading:
    """All clocks at one moment. ``wall`` is aware, UTC."""

    monotonic_s: float
    boottime_s: float
    wall: datetime


class Clocks(Protocol):
    """Where a watch takes its time from."""

    def read(self) -> ClockReading:
        """All clocks now."""

    def wait(self, changed: Condition, timeout_s: float) -> None:
        """Wait until ``changed``, which is held, is notified, or the time has passed."""


class SystemClocks:
    """The clocks of this machine."""

    def read(self) -> ClockReading:
        """All clocks now."""
        return ClockReading(
            time.monotonic(), time.clock_gettime(time.CLOCK_BOOTTIME), datetime.now(UTC)
        )

    def wait(self, changed: Condition, timeout_s: float) -> None:
        """Wait until ``changed`` is notified, or the time has passed."""
        changed.wait(timeout_s)


class JumpKind(StrEnum):
    """What happened to the time."""

    SUSPENDED = "suspended"
    """The machine slept."""
    STOPPED = "stopped"
    """The machine ran, and dcmecho did not: a stopped process, a virtual machine held still."""
    CLOCK_SET = "clock-set"
    """The wall clock was set, by a person or by NTP in one step."""


@dataclass(frozen=True, slots=True)
class Jump:
    """One such event. ``seconds`` is negative only for a wall clock that was put back."""

    kind: JumpKind
    seconds: float


def jumps(before: ClockReading, now: ClockReading, planned_s: float) -> tuple[Jump, ...]:
    """What happened between two readings that were to be at most ``planned_s`` apart."""
    ran = now.monotonic_s - before.monotonic_s
    passed = now.boottime_s - before.boottime_s
    shown = (now.wall - before.wall).total_seconds()
    late = ran - planned_s
    found = (
        Jump(JumpKind.SUSPENDED, passed - ran),
        Jump(JumpKind.STOPPED, late if late > LATE_S else 0.0),
        Jump(JumpKind.CLOCK_SET, shown - passed),
    )
    return tuple(
        jump
        for jump in found
        if jump.seconds > NOTICED_S
        or (jump.kind is JumpKind.CLOCK_SET and jump.seconds < -NOTICED_S)
    )
