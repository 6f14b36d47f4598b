"""Times and durations in the JSON that dcmecho prints."""

from __future__ import annotations

from datetime import UTC, datetime

_DIGITS = 3


def utc_time(at: datetime) -> str:
    """Return a time as ``2026-11-23T10:32:05.118Z``."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def rounded(duration: float) -> float:
    """Return a duration in ms or s, rounded to the precision of the clock."""
    return round(duration, _DIGITS)


def rounded_if_known(duration: float | None) -> float | None:
    """Return :func:`rounded`, or ``None`` if nothing was measured."""
    return None if duration is None else rounded(duration)
