"""Writes into the journal. Equal reports are kept once, with the times of their runs."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable

from dcmecho import __version__
from dcmecho.diagnosis.history.compared import compared_values
from dcmecho.journal.connection import writing
from dcmecho.journal.entry import Entry, Span
from dcmecho.journal.kinds import CHECKS, Kind
from dcmecho.journal.targets import recorded, storable
from dcmecho.journal.times import milliseconds

_LEFT_OUT = ("history",)
"""What a report says about the journal itself."""

_END_OF_TIME = 1 << 62

USUAL_OF = 50
"""Of how many spans the usual times of the stages are taken."""

_NEWS = f"""
    SELECT kept.is_change OR kept.ok = 0 OR EXISTS (
        SELECT 1 FROM (
            SELECT max(tcp) AS tcp, max(tls) AS tls, max(association) AS association,
                max(echo) AS echo
            FROM (
                SELECT tcp, tls, association, echo FROM span
                WHERE target = kept.target AND began < kept.began AND ok > 0
                ORDER BY began DESC LIMIT {USUAL_OF}
            )
        ) AS usual
        WHERE kept.tcp > usual.tcp OR kept.tls > usual.tls
            OR kept.association > usual.association OR kept.echo > usual.echo
    )
    FROM span AS kept WHERE target = ? AND began = ? AND runs = 1
"""


def write(connection: sqlite3.Connection, entries: Iterable[Entry]) -> None:
    """Keep all entries, or none of them. Raises ``sqlite3.Error``."""
    with writing(connection):
        for entry in entries:
            target = recorded(connection, entry.target, entry.book)
            report = _report(connection, target, entry)
            if not _goes_on(connection, target, report, entry):
                _add_span(connection, target, report, entry)


def _report(connection: sqlite3.Connection, target: int, entry: Entry) -> int:
    """Return the id of the report that stands for this one."""
    facts = json.dumps(compared_values(entry.body)) if "stages" in entry.body else ""
    status, stage, cause = _verdict(entry)
    judged = (entry.kind, status, stage, *_causes(entry), facts)
    checksum = zlib.crc32("\n".join(judged).encode())
    if entry.kind is Kind.DIAGNOSIS:
        equal = connection.execute(
            "SELECT id FROM report WHERE target = ? AND checksum = ? AND kind = ? AND status = ?"
            " AND stage = ? AND facts = ?",
            (target, checksum, entry.kind, status, stage, facts),
        ).fetchone()
        if equal:
            return int(equal[0])
    row = (target, entry.kind, status, stage, cause, facts, checksum, __version__, _packed(entry))
    made = connection.execute(
        "INSERT INTO report (target, kind, status, stage, cause, facts, checksum, program, body)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row,
    )
    return made.lastrowid or 0


def _verdict(entry: Entry) -> tuple[str, str, str]:
    if entry.kind is Kind.CALL:
        return entry.kind.value, "", entry.body["verdict"]["grade"]
    if entry.kind not in CHECKS:
        return entry.kind.value, "", _outcome(entry)
    verdict = entry.body["verdict"]
    first = next((cause["id"] for cause in entry.body["causes"]), "")
    return verdict["status"], verdict["stage"], first


def _causes(entry: Entry) -> list[str]:
    """Return the ids of the causes. Only who has read the history puts them in another order."""
    return sorted(cause["id"] for cause in entry.body.get("causes", ()))


def _outcome(entry: Entry) -> str:
    """Return how a C-MOVE or a test image ended; services have an answer each."""
    services = entry.body["services"]
    answer = services["move"] or services["store"] or {}
    return str(answer.get("outcome", ""))


def _packed(entry: Entry) -> bytes:
    kept = {key: value for key, value in entry.body.items() if key not in _LEFT_OUT}
    return zlib.compress(json.dumps(kept, separators=(",", ":")).encode())


def _goes_on(connection: sqlite3.Connection, target: int, report: int, entry: Entry) -> bool:
    """Give a run that is kept already its report with experiments and services.

    Returns whether it is kept already: the run is counted once.
    """
    if entry.kind is not Kind.FURTHER:
        return False
    began = milliseconds(entry.span.began)
    kept = connection.execute(
        "SELECT span.id, report FROM span JOIN report ON report.id = span.report"
        " WHERE span.target = ? AND began = ? AND runs = 1 AND way = ? AND kind IN (?, ?)",
        (target, began, entry.way, *CHECKS),
    ).fetchone()
    if kept is None:
        return False
    span, former = kept
    is_change = _last_check(connection, target, began) != report
    connection.execute(
        "UPDATE span SET report = ?, is_change = ? WHERE id = ?", (report, is_change, span)
    )
    connection.execute(
        "DELETE FROM report WHERE id = ? AND NOT EXISTS"
        " (SELECT 1 FROM span WHERE span.report = report.id)",
        (former,),
    )
    return True


def _last_check(
    connection: sqlite3.Connection, target: int, before: int = _END_OF_TIME
) -> int | None:
    """Return the report of the newest check before a time."""
    row = connection.execute(
        "SELECT report FROM span JOIN report ON report.id = span.report"
        " WHERE span.target = ? AND began < ? AND kind IN (?, ?) ORDER BY began DESC LIMIT 1",
        (target, before, *CHECKS),
    ).fetchone()
    return None if row is None else int(row[0])


def _add_span(connection: sqlite3.Connection, target: int, report: int, entry: Entry) -> None:
    span = entry.span
    user = None if entry.user is None else storable(entry.user)
    is_change = entry.kind in CHECKS and _last_check(connection, target) != report
    connection.execute(
        "INSERT INTO span (target, report, began, ended, runs, ok, is_change, way, user, tcp, tls,"
        " association, echo, tcp_95, tls_95, association_95, echo_95)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            target,
            report,
            milliseconds(span.began),
            milliseconds(span.ended),
            span.runs,
            span.ok,
            is_change,
            entry.way,
            user,
            *_microseconds(span),
        ),
    )


def _microseconds(span: Span) -> tuple[int | None, ...]:
    times = (*span.times.medians, *span.times.high)
    return tuple(None if each is None else round(each * 1000) for each in times)


def is_news(connection: sqlite3.Connection, target: int, began_ms: int) -> bool:
    """Report whether a check is unlike the one before it, or slower than each of late.

    Raises ``sqlite3.Error``.
    """
    rows = connection.execute(_NEWS, (target, began_ms)).fetchall()
    return any(news for (news,) in rows)
