"""How times and durations stand in every JSON that dcmecho prints, and its two layouts."""

from __future__ import annotations

import json
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


def one_line(data: object) -> str:
    """ASCII on one line, without the newline."""
    return json.dumps(data, ensure_ascii=True)


def indented(data: object) -> str:
    """ASCII, indented for people; ends with a newline."""
    return json.dumps(data, indent=2, ensure_ascii=True) + "\n"
