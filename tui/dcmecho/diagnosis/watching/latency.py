"""Tells a lasting step of the C-ECHO time from a blip."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import median

RECENT = 7
"""Four of these have to be on the new level: three blips in a row are no step."""

REFERENCE = 40
LEAST_REFERENCE = 10

_SIGMAS = 4.0
_MAD_TO_SIGMA = 1.4826
"""Of a normal distribution; the median absolute deviation does not see outliers."""

_LEAST_PART = 0.3
_LEAST_MS = 2.0
"""Smaller steps mean nothing to anybody."""


@dataclass(frozen=True, slots=True)
class Step:
    """The medians before and after."""

    before_ms: float
    after_ms: float


class LatencySteps:
    """Compares the median of the last samples with that of the ones before them."""

    def __init__(self) -> None:
        self._reference: deque[float] = deque(maxlen=REFERENCE)
        self._recent: deque[float] = deque(maxlen=RECENT)

    def add(self, echo_ms: float) -> Step | None:
        """One more answered sample; the step that it completes. Each step is told once."""
        if len(self._recent) == RECENT:
            self._reference.append(self._recent.popleft())
        self._recent.append(echo_ms)
        if len(self._reference) < LEAST_REFERENCE:
            return None
        before, after = median(self._reference), median(self._recent)
        if abs(after - before) <= self._least_step_ms(before):
            return None
        self._begin_level(before, after)
        return Step(before, after)

    def _least_step_ms(self, level_ms: float) -> float:
        spread = median(abs(value - level_ms) for value in self._reference)
        return max(_SIGMAS * _MAD_TO_SIGMA * spread, _LEAST_PART * level_ms, _LEAST_MS)

    def _begin_level(self, before_ms: float, after_ms: float) -> None:
        """What is nearer to the new level is the new reference."""
        self._reference.clear()
        self._reference.extend(
            value for value in self._recent if abs(value - after_ms) < abs(value - before_ms)
        )
        self._recent.clear()
