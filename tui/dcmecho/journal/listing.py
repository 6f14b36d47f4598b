"""Lists what the journal has kept, newest first."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from dcmecho.diagnosis.history.compared import Values
from dcmecho.journal.connection import writing
from dcmecho.journal.kinds import Kind, Way
from dcmecho.journal.reading import values_of
from dcmecho.journal.times import milliseconds, time_of, written_utc


class Kept(NamedTuple):
    """Equal runs of one target, one after the other, with their report. Times are aware, UTC."""

    id: int
    target: int
    report: int
    name: str
    began: datetime
    ended: datetime
    runs: int
    ok: int
    way: Way
    user: str | None
    echo_ms: float | None
    kind: Kind
    status: str
    stage: str
    cause: str
    facts: str
    program: str
    packed: bytes

    @property
    def values(self) -> Values:
        """The compared facts."""
        return values_of(self.facts) if self.facts else {}

    @property
    def body(self) -> dict[str, Any]:
        """The report, with the time of its newest run, as one of the journal."""
        found: dict[str, Any] = json.loads(zlib.decompress(self.packed))
        if "started" in found:
            found["started"] = written_utc(self.began)
        return found | {"source": "journal", "runs": self.runs}


_KEPT = """
    SELECT span.id, span.target, span.report, target.name, began, ended, runs, ok, way, user,
        span.echo, kind, status, stage, cause, facts, program, body
    FROM span JOIN report ON report.id = span.report JOIN target ON target.id = span.target
"""


def kept(
    connection: sqlite3.Connection,
    targets: Sequence[int] | None = None,
    since: datetime | None = None,
    most: int = -1,
) -> Iterator[Kept]:
    """Yield runs, newest first. Raises ``sqlite3.Error``."""
    wanted = "AND span.target IN (SELECT value FROM json_each(?))" if targets is not None else ""
    values = [milliseconds(since) if since else 0, *([json.dumps(targets)] if wanted else [])]
    rows = connection.execute(
        f"{_KEPT} WHERE began >= ? {wanted} ORDER BY began DESC, span.id DESC LIMIT ?",
        (*values, most),
    )
    return map(_kept, rows)


def last_kept(
    connection: sqlite3.Connection, target: int, at: datetime | None = None, *, worked: bool = False
) -> Kept | None:
    """Return the newest diagnosis of a target, up to a time. Raises ``sqlite3.Error``."""
    row = connection.execute(
        f"{_KEPT} WHERE span.target = ? AND began <= ? {'AND ok > 0' if worked else ''}"
        " AND kind IN (?, ?) ORDER BY began DESC LIMIT 1",
        (
            target,
            milliseconds(at) if at else 1 << 62,
            Kind.DIAGNOSIS,
            Kind.FURTHER,
        ),
    ).fetchone()
    return None if row is None else _kept(row)


def named(connection: sqlite3.Connection, name: str, book: str | None = None) -> list[int]:
    """Return the targets of a name, those of one profile file first. Raises ``sqlite3.Error``."""
    rows = connection.execute(
        "SELECT id FROM target WHERE name = ? ORDER BY book = ? DESC, id", (name, book)
    )
    return [row[0] for row in rows]


def names(connection: sqlite3.Connection) -> list[str]:
    """Return the names of all targets. Raises ``sqlite3.Error``."""
    return [row[0] for row in connection.execute("SELECT DISTINCT name FROM target ORDER BY name")]


def forget(connection: sqlite3.Connection, targets: Sequence[int] | None) -> int:
    """Delete targets with all that is known of them; ``None`` for all. Returns how many.

    See also :func:`erase`. Raises ``sqlite3.Error``.
    """
    with writing(connection):
        if targets is None:
            count = connection.execute("DELETE FROM target").rowcount
        else:
            count = connection.execute(
                "DELETE FROM target WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(targets),),
            ).rowcount
    return count


def erase(connection: sqlite3.Connection) -> bool:
    """Write the file anew, so that it has no byte of what was deleted. Raises ``sqlite3.Error``.

    Returns false if another process still reads what was there before.
    """
    connection.execute("VACUUM")
    (is_busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not is_busy


def _kept(row: tuple[Any, ...]) -> Kept:
    (id, target, report, name, began, ended, runs, ok, way, user, echo, kind, *rest) = row
    return Kept(
        id,
        target,
        report,
        name,
        time_of(began),
        time_of(ended),
        runs,
        ok,
        Way(way),
        user,
        None if echo is None else echo / 1000,
        Kind(kind),
        *rest,
    )
