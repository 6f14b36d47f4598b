"""Keeps the journal small: by age, by count for each target, and by the size of the file.

A target's last success stays, and each first run after a change, as long as the file has room.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from dcmecho.journal.connection import writing
from dcmecho.journal.times import milliseconds

KEPT_DAYS = 90
KEPT_SPANS = 20_000
"""For each target."""

MAX_MB = 300
"""The size of the file in MB of 1,000,000 bytes, if ``history_max_mb`` says nothing else."""

_MERGED_AFTER = timedelta(days=7)
_HOUR_MS = 3_600_000
_EVERY = timedelta(hours=1)
_BATCH = 500
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


def tidy(
    connection: sqlite3.Connection, now: datetime, budget_s: float, max_mb: float = MAX_MB
) -> bool:
    """Tidy for ``budget_s`` at most, if it is time; return whether all is done.

    Raises ``sqlite3.Error``.
    """
    deadline = time.monotonic() + budget_s
    is_full = _size_mb(connection) > max_mb
    (at,) = connection.execute("SELECT at FROM tidied").fetchone()
    if not is_full and at > milliseconds(now - _EVERY):
        return True
    for step in _steps(connection, now, max_mb):
        while True:
            with writing(connection):
                changed = step()
            if time.monotonic() > deadline:
                return False
            if not changed:
                break
    with writing(connection):
        connection.execute("UPDATE tidied SET at = ?", (milliseconds(now),))
    connection.execute("PRAGMA incremental_vacuum")
    return True


def _steps(
    connection: sqlite3.Connection, now: datetime, max_mb: float
) -> Iterator[Callable[[], int]]:
    """Yield the steps, each of which makes one batch of changes and returns how many."""
    old = milliseconds(now - timedelta(days=KEPT_DAYS))
    yield lambda: _forget_old(connection, old)
    yield lambda: _merge_an_hour(connection, milliseconds(now - _MERGED_AFTER))
    yield lambda: _forget_beyond_count(connection)
    if _size_mb(connection) > max_mb:
        yield lambda: _forget_for_room(connection, max_mb * _ROOM)
    yield lambda: _forget_reports(connection)


def _forget_old(connection: sqlite3.Connection, before: int) -> int:
    return connection.execute(
        "DELETE FROM span WHERE id IN (SELECT id FROM span WHERE began < ? AND NOT is_change"
        f" AND {_HAS_NEWER_SUCCESS} ORDER BY began LIMIT ?)",
        (before, _BATCH),
    ).rowcount


def _merge_an_hour(connection: sqlite3.Connection, before: int) -> int:
    """Make one span an hour of equal runs that are older than a week."""
    (since,) = connection.execute("SELECT merged_until FROM tidied").fetchone()
    first = connection.execute("SELECT min(began) FROM span WHERE began >= ?", (since,)).fetchone()
    if first[0] is None or first[0] >= before - _HOUR_MS:
        return 0
    start = first[0] // _HOUR_MS * _HOUR_MS
    end = start + _HOUR_MS
    rows = connection.execute(
        "SELECT json_group_array(id) FROM span WHERE began >= ? AND began < ? AND NOT is_change"
        " GROUP BY target, report HAVING count(*) > 1",
        (start, end),
    ).fetchall()
    for (ids,) in rows:
        connection.execute(_MERGE, (ids,))
        connection.execute("DELETE FROM span WHERE id IN (SELECT value FROM json_each(?))", (ids,))
    connection.execute("UPDATE tidied SET merged_until = ?", (end,))
    return 1


def _forget_beyond_count(connection: sqlite3.Connection) -> int:
    most = connection.execute(
        "SELECT target, count(*) FROM span GROUP BY target HAVING count(*) > ? LIMIT 1",
        (KEPT_SPANS,),
    ).fetchone()
    if most is None:
        return 0
    return connection.execute(
        "DELETE FROM span WHERE id IN (SELECT id FROM span WHERE target = ?"
        f" AND {_HAS_NEWER_SUCCESS} ORDER BY is_change, began LIMIT ?)",
        (most[0], min(_BATCH, most[1] - KEPT_SPANS)),
    ).rowcount


def _forget_for_room(connection: sqlite3.Connection, wanted_mb: float) -> int:
    if _size_mb(connection) <= wanted_mb:
        return 0
    forgotten = connection.execute(
        "DELETE FROM span WHERE id IN (SELECT id FROM span"
        f" WHERE {_HAS_NEWER_SUCCESS} ORDER BY began LIMIT ?)",
        (_BATCH,),
    ).rowcount
    _forget_reports(connection)
    return forgotten


def _forget_reports(connection: sqlite3.Connection) -> int:
    return connection.execute(
        "DELETE FROM report WHERE id IN (SELECT id FROM report WHERE NOT EXISTS"
        " (SELECT 1 FROM span WHERE span.report = report.id) LIMIT ?)",
        (_BATCH,),
    ).rowcount


def _size_mb(connection: sqlite3.Connection) -> float:
    """Return the size of what is in use: free pages are used again."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    return float((pages - free) * size / 1e6)
