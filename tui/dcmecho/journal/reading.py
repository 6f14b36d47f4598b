"""Reads what the journal knows of a target: its history before a run."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from dcmecho.diagnosis.history.compared import Compared, Values, compared_values
from dcmecho.diagnosis.history.history import (
    DAYS,
    LATEST,
    NOTHING,
    Change,
    History,
    State,
    Together,
    changes,
    slower,
)
from dcmecho.diagnosis.target.target import Target
from dcmecho.journal.entry import is_ok, one_run
from dcmecho.journal.kinds import CHECKS, Book
from dcmecho.journal.targets import known
from dcmecho.journal.times import milliseconds, read_utc, time_of
from dcmecho.journal.writing import USUAL_OF

if TYPE_CHECKING:
    from dcmecho.journal.together import Neighbours

_LATEST_OF = 200
"""Of how many spans the last states are told."""

_TIMES = (Compared.CONNECT_MS, Compared.TLS_MS, Compared.ASSOCIATE_MS, Compared.ECHO_MS)


class _Earlier(NamedTuple):
    at: datetime
    values: Values
    worked: bool


def history(
    connection: sqlite3.Connection,
    target: Target,
    book: Book,
    report: Mapping[str, Any],
    neighbours: Callable[[], Neighbours],
) -> History:
    """Return the history of a target before the run of ``report``. Raises ``sqlite3.Error``.

    ``neighbours`` are asked for if it failed.
    """
    id, now = known(connection, target, book), read_utc(report["started"])
    values, worked = compared_values(report), is_ok(report)
    also: tuple[Together, ...] = ()
    if not worked:
        also = neighbours().together(connection, id, milliseconds(now), target, values)
    if id is None:
        return NOTHING._replace(together=also)
    runs, ok = _counted(connection, id, now)
    latest = tuple(islice(_states(connection, id, now), LATEST))
    last_ok = _last(connection, id, now, "AND span.ok > 0")
    last = _last(connection, id, now)
    reference = last if worked and last and not last.worked else last_ok
    if reference is None:
        return History(DAYS, runs, ok, together=also, latest=latest)
    before = _with_services(connection, id, now, reference.values, values)
    since = tuple(changes(before, values))
    return History(
        DAYS,
        runs,
        ok,
        last_ok=last_ok.at if last_ok else None,
        last_ok_values=last_ok.values if last_ok else None,
        since=(*since, *_steps(connection, id, now, report)),
        same=frozenset(before.keys() & values.keys()) - {change.what for change in since},
        last_failure=last.at if worked and last and not last.worked else None,
        failing_since=_failing_since(connection, id, now, last_ok) if not worked else None,
        together=also,
        latest=latest,
    )


def values_of(facts: str) -> Values:
    """Return the facts of a report as the tables have them; unknown ones are left out."""
    names = set(map(str, Compared))
    return {Compared(key): value for key, value in json.loads(facts).items() if key in names}


def _counted(connection: sqlite3.Connection, id: int, now: datetime) -> tuple[int, int]:
    runs, ok = connection.execute(
        "SELECT coalesce(sum(runs), 0), coalesce(sum(ok), 0) FROM span"
        " WHERE target = ? AND began >= ? AND began < ?",
        (id, milliseconds(now - timedelta(days=DAYS)), milliseconds(now)),
    ).fetchone()
    return runs, ok


def _last(
    connection: sqlite3.Connection, id: int, before: datetime, condition: str = ""
) -> _Earlier | None:
    row = connection.execute(
        "SELECT span.ended, report.facts, span.ok FROM span"
        " JOIN report ON report.id = span.report"
        f" WHERE span.target = ? AND span.began < ? {condition} AND report.kind IN (?, ?)"
        " ORDER BY span.began DESC LIMIT 1",
        (id, milliseconds(before), *CHECKS),
    ).fetchone()
    return None if row is None else _Earlier(time_of(row[0]), values_of(row[1]), row[2] > 0)


def _failing_since(
    connection: sqlite3.Connection, id: int, now: datetime, last_ok: _Earlier | None
) -> datetime | None:
    """Return when a target that fails now began to, after it had worked."""
    if last_ok is None:
        return None
    row = connection.execute(
        "SELECT span.began FROM span JOIN report ON report.id = span.report"
        " WHERE span.target = ? AND span.began > ? AND span.began < ? AND ok = 0"
        " AND report.kind IN (?, ?) ORDER BY span.began LIMIT 1",
        (id, milliseconds(last_ok.at), milliseconds(now), *CHECKS),
    ).fetchone()
    return now if row is None else time_of(row[0])


def _with_services(
    connection: sqlite3.Connection, id: int, now: datetime, before: Values, values: Values
) -> Values:
    """Add what the peer accepted when it was last asked: few runs ask for the services."""
    if Compared.ACCEPTED not in values or Compared.ACCEPTED in before:
        return before
    asked = _last(connection, id, now, f"AND instr(report.facts, '{Compared.ACCEPTED}')")
    if asked is None:
        return before
    return {**before, Compared.ACCEPTED: asked.values[Compared.ACCEPTED]}


def _states(connection: sqlite3.Connection, id: int, before: datetime) -> Iterator[State]:
    """Yield the states of a target, the newest first: spans of one report, one after the other."""
    rows = connection.execute(
        "SELECT report.id, status, stage, cause, span.began, span.ended, span.runs, span.ok"
        " FROM span JOIN report ON report.id = span.report"
        " WHERE span.target = ? AND span.began < ? AND report.kind IN (?, ?)"
        " ORDER BY span.began DESC LIMIT ?",
        (id, milliseconds(before), *CHECKS, _LATEST_OF),
    )
    for (_, *judged), alike in groupby(rows, key=lambda row: row[:4]):
        _, _, _, _, began, ended, runs, ok = zip(*alike, strict=True)
        yield State(time_of(began[-1]), time_of(ended[0]), sum(runs), sum(ok), *judged)


def _steps(
    connection: sqlite3.Connection, id: int, now: datetime, report: Mapping[str, Any]
) -> Iterator[Change]:
    """Yield the stages that take longer than they did in the last runs that worked."""
    rows = connection.execute(
        "SELECT tcp, tls, association, echo FROM span"
        " WHERE target = ? AND began < ? AND ok > 0 ORDER BY began DESC LIMIT ?",
        (id, milliseconds(now), USUAL_OF),
    ).fetchall()
    times = one_run(report).times.medians
    for number, (what, now_ms) in enumerate(zip(_TIMES, times, strict=True)):
        usual = [row[number] / 1000 for row in rows if row[number] is not None]
        yield from slower(what, usual, now_ms)
