"""Detects lasting changes of the time of one stage and ignores single outliers."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from statistics import median

RECENT = 8
OLD_AT_MOST = 1
"""Maximum recent samples still at the old level: a few outliers in a row are not a step."""

REFERENCE = 40
LEAST_REFERENCE = 15

_SIGMAS = 3.0
_MAD_TO_SIGMA = 1.4826
"""Factor for a normal distribution; the median absolute deviation ignores outliers."""

_LEAST_FACTOR = 1.3
_LEAST_MS = 2.0
"""Smaller steps do not matter to anyone."""


@dataclass(frozen=True, slots=True)
class LatencyStep:
    """A lasting change: the medians before and after it."""

    before_ms: float
    after_ms: float


class LatencySteps:
    """Compares each recent sample with the median of the earlier ones."""

    def __init__(self) -> None:
        self._reference: deque[float] = deque(maxlen=REFERENCE)
        self._recent: deque[float] = deque(maxlen=RECENT)

    def add(self, elapsed_ms: float) -> LatencyStep | None:
        """Add an answered sample (ms, above zero); return the step that it completes, once."""
        if len(self._recent) == RECENT:
            self._reference.append(self._recent[0])
        self._recent.append(elapsed_ms)
        if len(self._reference) < LEAST_REFERENCE:
            return None
        level_ms = median(self._reference)
        least = self._least_factor(level_ms)
        for beyond in (
            [v for v in self._recent if v > max(level_ms * least, level_ms + _LEAST_MS)],
            [v for v in self._recent if v < min(level_ms / least, level_ms - _LEAST_MS)],
        ):
            if len(beyond) >= RECENT - OLD_AT_MOST:
                self._begin_level(beyond)
                return LatencyStep(level_ms, median(beyond))
        return None

    def _least_factor(self, level_ms: float) -> float:
        """Return the smallest factor that counts as a step; round trips vary by factors."""
        spread = median(abs(math.log(value / level_ms)) for value in self._reference)
        return max(math.exp(_SIGMAS * _MAD_TO_SIGMA * spread), _LEAST_FACTOR)

    def _begin_level(self, values_ms: list[float]) -> None:
        self._reference.clear()
        self._reference.extend(values_ms)
        self._recent.clear()
