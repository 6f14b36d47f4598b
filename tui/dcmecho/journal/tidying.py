"""Keeps the journal small: by age, by count for each target, and by the size of the file.

A target's last success stays, and each first run after a change, as long as the file has room. One
target is tidied after the other, each about once an hour, so that a short command does a little.
"""

from __future__ import annotations

import json
import sqlite3
import time
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from dcmecho.journal.connection import writing
from dcmecho.journal.times import milliseconds

KEPT_DAYS = 90
KEPT_SPANS = 20_000
"""For each target."""

KEPT_CHANGES = 1000
"""For each target, of those that are older than ``KEPT_DAYS``: some change each time."""

MAX_MB = 300
"""The size of the file in MB of 1,000,000 bytes, if ``history_max_mb`` says nothing else."""

_MERGED_AFTER = timedelta(days=7)
_HOUR_MS = 3_600_000
_EVERY_MS = _HOUR_MS
_BATCH = 200
_PAGES_AT_ONCE = 100
_ROOM = 0.9
"""To how much of its greatest size a full file is reduced."""

_HAS_NEWER_SUCCESS = """
    (ok = 0 OR EXISTS (SELECT 1 FROM span AS newer
        WHERE newer.target = span.target AND newer.began > span.began AND newer.ok > 0))
"""

_MERGE = """
    INSERT INTO span (target, report, began, ended, runs, ok, is_change, way, user, tcp, tls,
        association, echo, tcp_95, tls_95, association_95, echo_95)
    SELECT target, report, min(began), max(ended), sum(runs), sum(ok), 0, min(way), NULL,
        avg(tcp), avg(tls), avg(association), avg(echo),
        max(tcp_95), max(tls_95), max(association_95), max(echo_95)
    FROM span WHERE id IN (SELECT value FROM json_each(?)) GROUP BY target, report
"""


class _Limits(NamedTuple):
    """Times before which rows are merged, and go."""

    merged: int
    old: int


def tidy(
    connection: sqlite3.Connection, now: datetime, budget_s: float, max_mb: float = MAX_MB
) -> bool:
    """Tidy for about ``budget_s``, if it is time; return whether all is done.

    Raises ``sqlite3.Error``.
    """
    deadline = time.monotonic() + budget_s
    is_done = _make_room(connection, deadline, max_mb) and _go_round(connection, deadline, now)
    _give_back(connection, deadline)
    return is_done


def _go_round(connection: sqlite3.Connection, deadline: float, now: datetime) -> bool:
    """Tidy one target after the other, from where the last process stopped."""
    began, last = connection.execute("SELECT at, target FROM tidied").fetchone()
    if last is None and milliseconds(now) - _EVERY_MS < began <= milliseconds(now):
        return True
    limits = _Limits(milliseconds(now - _MERGED_AFTER), milliseconds(now - timedelta(KEPT_DAYS)))
    target = -1 if last is None else last
    while target is not None:
        with writing(connection):
            if not _tidy_target(connection, target, limits):
                target = _next_target(connection, target)
            at = milliseconds(now) if target is None else began
            connection.execute("UPDATE tidied SET at = ?, target = ?", (at, target))
        if time.monotonic() > deadline:
            return False
    return True


def _next_target(connection: sqlite3.Connection, after: int) -> int | None:
    (found,) = connection.execute("SELECT min(id) FROM target WHERE id > ?", (after,)).fetchone()
    return None if found is None else int(found)


def _tidy_target(connection: sqlite3.Connection, target: int, limits: _Limits) -> bool:
    """Tidy a part of a target; return whether there may be more."""
    return (
        _forget_old(connection, target, limits.old)
        or _merge_hours(connection, target, limits.merged)
        or _forget_beyond_count(connection, target)
        or _forget_changes(connection, target, limits.old)
    )


def _forget_old(connection: sqlite3.Connection, target: int, before: int) -> bool:
    return _forget(
        connection,
        f"target = ? AND began < ? AND NOT is_change AND {_HAS_NEWER_SUCCESS} ORDER BY began",
        (target, before),
    )


def _forget_changes(connection: sqlite3.Connection, target: int, before: int) -> bool:
    (count,) = connection.execute(
        "SELECT count(*) FROM span WHERE target = ? AND began < ?", (target, before)
    ).fetchone()
    if count <= KEPT_CHANGES:
        return False
    condition = f"target = ? AND began < ? AND {_HAS_NEWER_SUCCESS} ORDER BY began"
    return _forget(connection, condition, (target, before), count - KEPT_CHANGES)


def _forget_beyond_count(connection: sqlite3.Connection, target: int) -> bool:
    (count,) = connection.execute(
        "SELECT count(*) FROM span WHERE target = ?", (target,)
    ).fetchone()
    if count <= KEPT_SPANS:
        return False
    condition = f"target = ? AND {_HAS_NEWER_SUCCESS} ORDER BY is_change, began"
    return _forget(connection, condition, (target,), count - KEPT_SPANS)


def _merge_hours(connection: sqlite3.Connection, target: int, before: int) -> bool:
    """Make one span an hour of equal runs that are older than a week."""
    (until,) = connection.execute(
        "SELECT merged_until FROM target WHERE id = ?", (target,)
    ).fetchone() or (before,)
    end = before // _HOUR_MS * _HOUR_MS
    rows = connection.execute(
        "SELECT began / ?, report, id, began FROM span"
        " WHERE target = ? AND began >= ? AND began < ? AND NOT is_change ORDER BY began LIMIT ?",
        # A clock that was ahead has merged too much.
        (_HOUR_MS, target, min(until, end), end, _BATCH),
    ).fetchall()
    for _, equal in groupby(sorted(rows), key=lambda row: row[:2]):
        _merge(connection, [id for _, _, id, _ in equal])
    is_more = len(rows) == _BATCH
    reached = rows[-1][3] + 1 if is_more else end
    if reached != until:
        connection.execute("UPDATE target SET merged_until = ? WHERE id = ?", (reached, target))
    return is_more


def _merge(connection: sqlite3.Connection, ids: list[int]) -> None:
    if len(ids) > 1:
        chosen = (json.dumps(ids),)
        connection.execute(_MERGE, chosen)
        connection.execute("DELETE FROM span WHERE id IN (SELECT value FROM json_each(?))", chosen)


def _make_room(connection: sqlite3.Connection, deadline: float, max_mb: float) -> bool:
    """Drop the oldest if the file is full; return whether it has room."""
    if _size_mb(connection) <= max_mb:
        return True
    while _size_mb(connection) > max_mb * _ROOM:
        with writing(connection):
            is_more = _forget(connection, f"{_HAS_NEWER_SUCCESS} ORDER BY began")
        if not is_more or time.monotonic() > deadline:
            return False
    return True


def _forget(
    connection: sqlite3.Connection,
    condition: str,
    values: tuple[int, ...] = (),
    most: int = _BATCH,
) -> bool:
    """Delete the first spans of a condition, and reports of which none is left.

    Returns whether there may be more.
    """
    wanted = min(most, _BATCH)
    rows = connection.execute(
        f"SELECT id, report FROM span WHERE {condition} LIMIT ?", (*values, wanted)
    ).fetchall()
    if rows:
        ids, reports = (json.dumps(column) for column in zip(*rows, strict=True))
        connection.execute("DELETE FROM span WHERE id IN (SELECT value FROM json_each(?))", (ids,))
        connection.execute(
            "DELETE FROM report WHERE id IN (SELECT value FROM json_each(?))"
            " AND NOT EXISTS (SELECT 1 FROM span WHERE span.report = report.id)",
            (reports,),
        )
    return len(rows) == wanted


def _give_back(connection: sqlite3.Connection, deadline: float) -> None:
    """Make the file shorter by its free pages."""
    while time.monotonic() < deadline and _pages(connection, "freelist_count"):
        # Each row that is fetched is a page.
        connection.execute(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})").fetchall()


def _size_mb(connection: sqlite3.Connection) -> float:
    """Return the size of what is in use: free pages are used again."""
    used = _pages(connection, "page_count") - _pages(connection, "freelist_count")
    return used * _pages(connection, "page_size") / 1e6


def _pages(connection: sqlite3.Connection, figure: str) -> int:
    return int(connection.execute(f"PRAGMA {figure}").fetchone()[0])
