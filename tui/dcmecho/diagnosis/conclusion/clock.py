"""Times as text: local, with their zone; where two people compare logs, with UTC beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

_DAY, _TIME = "%Y-%m-%d", "%H:%M:%S"


def zone_words(at: datetime, zone: tzinfo | None = None) -> str:
    """Return the offset of the local zone at a time: ``+0100``, or ``UTC`` for none."""
    local = at.astimezone(zone)
    return f"{local:%z}" if local.utcoffset() else "UTC"


def moment(at: datetime, zone: tzinfo | None = None) -> str:
    """Return a time as ``2026-11-23 11:32:05 +0100``."""
    return f"{at.astimezone(zone):{_DAY} {_TIME}} {zone_words(at, zone)}"


def moment_and_utc(at: datetime, zone: tzinfo | None = None) -> str:
    """Return a time as ``2026-11-23 11:32:05 +0100 (10:32:05 UTC)``; UTC only once."""
    local, utc = at.astimezone(zone), at.astimezone(UTC)
    if local.utcoffset() == timedelta(0):
        return moment(utc, UTC)
    is_same_day = local.date() == utc.date()
    beside = f"{utc:{_TIME}}" if is_same_day else f"{utc:{_DAY} {_TIME}}"
    return f"{moment(at, zone)} ({beside} UTC)"


def as_written(at: datetime) -> str:
    """Return a time of a text without its zone, which such texts seldom have."""
    return f"{at.astimezone(UTC):{_DAY} {_TIME}}"


def utc_time(at: datetime) -> str:
    """Return a time as JSON has it: ``2026-11-23T10:32:05.118Z``."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def day_in_words(at: datetime, now: datetime) -> str:
    """Return a local time as ``today 11:32``, ``yesterday 11:32`` or ``2026-11-23 11:32``."""
    local = at.astimezone()
    days = (now.astimezone().date() - local.date()).days
    day = {0: "today", 1: "yesterday"}.get(days, f"{local:{_DAY}}")
    return f"{day} {local:%H:%M}"


def day_and_zone(at: datetime) -> str:
    """Return the local day as ``2026-11-23 +0100``, to stand above times of that day."""
    return f"{at.astimezone():{_DAY}} {zone_words(at)}"


def time_of_day(at: datetime) -> str:
    """Return the local time as ``11:32:05``, where the zone is shown beside it or above."""
    return f"{at.astimezone():{_TIME}}"


def time_or_day(at: datetime, now: datetime) -> str:
    """Return the local time as ``11:32``; if that was not today, the day as ``11-23``."""
    local = at.astimezone()
    return f"{local:%H:%M}" if local.date() == now.astimezone().date() else f"{local:%m-%d}"


def time_or_day_and_time(at: datetime, now: datetime) -> str:
    """Return the local time as ``11:32``; if that was not today, with its day: ``11-23 11:32``."""
    local = at.astimezone()
    is_today = local.date() == now.astimezone().date()
    return f"{local:%H:%M}" if is_today else f"{local:%m-%d %H:%M}"


def day_and_time(at: datetime) -> str:
    """Return the local day and time as ``11-23 11:32:05``, where the zone is shown above."""
    return f"{at.astimezone():%m-%d {_TIME}}"


def time_with_milliseconds(at: datetime) -> str:
    """Return the local time as ``11:32:05.118``, where the zone is shown above."""
    return f"{time_of_day(at)}.{at.microsecond // 1000:03d}"
