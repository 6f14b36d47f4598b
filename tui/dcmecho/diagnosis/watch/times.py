"""The C-ECHO times of one peer, and the figures made from them."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

KEPT = 2880
"""A day at a sample every 30 s; 23 kB a target."""

_LOST = math.nan
_JITTER_GAIN = 1 / 16
_P95 = 0.95


@dataclass(frozen=True, slots=True)
class Figures:
    r"""How a peer has answered.

    ``asked`` and ``lost`` count from the beginning; the other figures are of the last
    :data:`KEPT` samples, ``None`` where none was answered. ``jitter_ms`` is the estimator of
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
    """A ring of the last :data:`KEPT` samples. Its memory does not grow once it is full."""

    def __init__(self) -> None:
        self._ring = array("d")
        self._next = 0
        self._asked = 0
        self._lost = 0
        self._answered_ms: float | None = None
        self._jitter_ms: float | None = None

    def add(self, echo_ms: float | None) -> None:
        """One more sample; ``None`` for one that was lost."""
        self._asked += 1
        self._lost += echo_ms is None
        if echo_ms is not None:
            self._follow(echo_ms)
        value = _LOST if echo_ms is None else echo_ms
        if len(self._ring) < KEPT:
            self._ring.append(value)
        else:
            self._ring[self._next] = value
            self._next = (self._next + 1) % KEPT

    def _follow(self, echo_ms: float) -> None:
        if self._answered_ms is not None:
            change = abs(echo_ms - self._answered_ms)
            known = self._jitter_ms or 0.0
            self._jitter_ms = known + (change - known) * _JITTER_GAIN
        self._answered_ms = echo_ms

    def recent(self, count: int) -> tuple[float | None, ...]:
        """The last ``count`` samples, the oldest first; ``None`` for those that were lost."""
        size = len(self._ring)
        places = range(max(0, size - count), size)
        values = (self._ring[(self._next + place) % size] for place in places)
        return tuple(None if math.isnan(value) else value for value in values)

    def figures(self) -> Figures:
        """The figures now."""
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
