"""The times that one stage of one peer took, and their statistics."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

KEPT = 2880
"""Samples kept: one day at a sample every 30 s, 23 kB a stage."""

_LOST = math.nan
_JITTER_GAIN = 1 / 16
_P95 = 0.95


@dataclass(frozen=True, slots=True)
class Figures:
    r"""The statistics of one peer.

    ``asked`` and ``lost`` count from the start of the watch. The other figures cover the last
    :data:`KEPT` samples and are ``None`` if none was answered. ``jitter_ms`` is the estimator of
    RFC 3550 6.4.1 over consecutive round trips: J += (\|D\| - J) / 16.
    """

    asked: int = 0
    lost: int = 0
    loss_percent: float | None = None
    last_ms: float | None = None
    min_ms: float | None = None
    median_ms: float | None = None
    p95_ms: float | None = None
    jitter_ms: float | None = None


class Times:
    """A ring buffer of the last :data:`KEPT` samples."""

    def __init__(self) -> None:
        self._ring = array("d")
        self._next = 0
        self._asked = 0
        self._lost = 0
        self._answered_ms: float | None = None
        self._jitter_ms: float | None = None

    def add(self, elapsed_ms: float | None) -> None:
        """Add a sample, or ``None`` for a lost one."""
        self._asked += 1
        self._lost += elapsed_ms is None
        if elapsed_ms is not None:
            self._follow(elapsed_ms)
        value = _LOST if elapsed_ms is None else elapsed_ms
        if len(self._ring) < KEPT:
            self._ring.append(value)
        else:
            self._ring[self._next] = value
            self._next = (self._next + 1) % KEPT

    def _follow(self, elapsed_ms: float) -> None:
        if self._answered_ms is not None:
            change = abs(elapsed_ms - self._answered_ms)
            known = self._jitter_ms or 0.0
            self._jitter_ms = known + (change - known) * _JITTER_GAIN
        self._answered_ms = elapsed_ms

    def recent(self, count: int) -> tuple[float | None, ...]:
        """Return the last ``count`` samples, oldest first, with ``None`` for lost ones."""
        size = len(self._ring)
        places = range(max(0, size - count), size)
        values = (self._ring[(self._next + place) % size] for place in places)
        return tuple(None if math.isnan(value) else value for value in values)

    def figures(self) -> Figures:
        """Return the current statistics."""
        answered = sorted(self._answered())
        if not self._ring:
            return Figures()
        loss = 100.0 * (1 - len(answered) / len(self._ring))
        if not answered:
            return Figures(self._asked, self._lost, loss)
        (last,) = self.recent(1)
        return Figures(
            asked=self._asked,
            lost=self._lost,
            loss_percent=loss,
            last_ms=last,
            min_ms=answered[0],
            median_ms=median(answered),
            p95_ms=answered[math.ceil(_P95 * len(answered)) - 1],
            jitter_ms=self._jitter_ms,
        )

    def _answered(self) -> Iterator[float]:
        return (value for value in self._ring if not math.isnan(value))
