"""Times as the tables have them, as reports are read, and as names of files have them."""

from __future__ import annotations

from datetime import UTC, datetime


def milliseconds(at: datetime) -> int:
    """Return a time as whole milliseconds since 1970, UTC."""
    return round(at.timestamp() * 1000)


def time_of(since_1970_ms: int) -> datetime:
    """Return a time of the tables, aware, UTC."""
    return datetime.fromtimestamp(since_1970_ms / 1000, UTC)


def read_utc(text: str) -> datetime:
    """Return a time of a report, aware, UTC. Raises ``ValueError``."""
    return datetime.fromisoformat(text).astimezone(UTC)


def for_a_name(at: datetime) -> str:
    """Return a local time for the name of a file: ``20261123-113205``."""
    return f"{at.astimezone():%Y%m%d-%H%M%S}"
