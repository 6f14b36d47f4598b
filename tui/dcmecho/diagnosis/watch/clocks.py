"""The clocks of a watch. Their differences show a suspended machine or a changed clock.

CLOCK_MONOTONIC stops while the machine sleeps, CLOCK_BOOTTIME does not (clock_gettime(2)),
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
"""Smaller differences come from the readings themselves or from NTP adjusting the clock."""

LATE_S = 10.0
"""A process on a machine under load is late by less than this."""


@dataclass(frozen=True, slots=True)
class ClockReading:
    """All clocks at one moment. ``wall`` is aware, UTC."""

    monotonic_s: float
    boottime_s: float
    wall: datetime


class Clocks(Protocol):
    """The source of time for a watch."""

    def read(self) -> ClockReading:
        """Return all clocks now."""

    def wait(self, changed: Condition, timeout_s: float) -> None:
        """Wait until ``changed`` is notified or the time has passed. ``changed`` is held."""


class SystemClocks:
    """The clocks of this machine."""

    def read(self) -> ClockReading:
        """Return all clocks now."""
        return ClockReading(
            time.monotonic(), time.clock_gettime(time.CLOCK_BOOTTIME), datetime.now(UTC)
        )

    def wait(self, changed: Condition, timeout_s: float) -> None:
        """Wait until ``changed`` is notified or the time has passed."""
        changed.wait(timeout_s)


class JumpKind(StrEnum):
    """The kinds of jumps in time."""

    SUSPENDED = "suspended"
    """The machine slept."""
    STOPPED = "stopped"
    """The machine ran but dcmecho did not: a stopped process, or a paused virtual machine."""
    CLOCK_SET = "clock-set"
    """The wall clock was set, by a person or by an NTP step."""


@dataclass(frozen=True, slots=True)
class Jump:
    """One jump. ``seconds`` is negative only for a wall clock that was set back."""

    kind: JumpKind
    seconds: float


def jumps(before: ClockReading, now: ClockReading, planned_s: float) -> tuple[Jump, ...]:
    """Return the jumps between two readings planned to be at most ``planned_s`` apart."""
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
