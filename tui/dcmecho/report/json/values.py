"""Times and durations in the JSON that dcmecho prints."""

from __future__ import annotations

_DIGITS = 3


def rounded(duration: float) -> float:
    """Return a duration in ms or s, rounded to the precision of the clock."""
    return round(duration, _DIGITS)


def rounded_if_known(duration: float | None) -> float | None:
    """Return :func:`rounded`, or ``None`` if nothing was measured."""
    return None if duration is None else rounded(duration)
