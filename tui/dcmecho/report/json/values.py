"""How times and durations stand in every JSON that dcmecho prints."""

from __future__ import annotations

from datetime import UTC, datetime

_DIGITS = 3


def utc_time(at: datetime) -> str:
    """``2026-11-23T10:32:05.118Z``."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def rounded(duration: float) -> float:
    """A duration in ms or s, without the digits that no clock here can know."""
    return round(duration, _DIGITS)


def rounded_if_known(duration: float | None) -> float | None:
    """As :func:`rounded`; ``null`` where nothing was measured."""
    return None if duration is None else rounded(duration)
