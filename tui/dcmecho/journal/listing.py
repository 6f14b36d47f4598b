"""Lists what the journal has kept, newest first."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from dcmecho.diagnosis.conclusion.clock import utc_time
from dcmecho.diagnosis.conclusion.course import MOST_RECENT, Course
from dcmecho.diagnosis.history.compared import Values
from dcmecho.diagnosis.target.target import Target
from dcmecho.journal.connection import writing
from dcmecho.journal.kinds import CHECKS, Book, Kind, Way
from dcmecho.journal.reading import values_of
from dcmecho.journal.targets import known, storable
from dcmecho.journal.times import milliseconds, time_of


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
        """The report, with the time of its newest run, as one of the journal.

        Raises ``ValueError`` for one that somebody has tampered with.
        """
        found = _unpacked(self.packed)
        if "started" in found:
            found["started"] = utc_time(self.began)
        return found | {"source": "journal", "kind": self.kind.value, "runs": self.runs}


_MOST_BYTES = 16_000_000
"""Of one report: more than any run makes."""


def _unpacked(packed: bytes) -> dict[str, Any]:
    stream = zlib.decompressobj()
    try:
        text = stream.decompress(packed, _MOST_BYTES)
        found = json.loads(text)
    except (zlib.error, RecursionError) as error:
        raise ValueError(f"a report of the journal cannot be read: {error}") from error
    if stream.unconsumed_tail or not isinstance(found, dict):
        raise ValueError("a report of the journal is not what dcmecho writes")
    return found


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
        (target, milliseconds(at) if at else 1 << 62, *CHECKS),
    ).fetchone()
    return None if row is None else _kept(row)


def last_of_each(connection: sqlite3.Connection, targets: Sequence[int]) -> Iterator[Kept]:
    """Yield the newest diagnosis of each of these targets. Raises ``sqlite3.Error``."""
    rows = connection.execute(
        f"""{_KEPT} WHERE span.id IN (
            SELECT (
                SELECT each.id FROM span AS each JOIN report AS its ON its.id = each.report
                WHERE each.target = wanted.value AND its.kind IN (?, ?)
                ORDER BY each.began DESC LIMIT 1
            ) FROM json_each(?) AS wanted)""",
        (*CHECKS, json.dumps(targets)),
    )
    return map(_kept, rows)


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


_KINDS = str(tuple(map(str, CHECKS)))


def latest(
    connection: sqlite3.Connection, targets: Mapping[str, Target], book: Book
) -> dict[str, Kept]:
    """Return the last diagnosis of targets by their keys. Raises ``sqlite3.Error``."""
    ids = dict(zip(targets, _ids(connection, [*targets.values()], book), strict=True))
    wanted = [each for each in ids.values() if each is not None]
    found = {each.target: each for each in last_of_each(connection, wanted)}
    return {key: found[id] for key, id in ids.items() if id in found}


def failing_since(
    connection: sqlite3.Connection, targets: Sequence[Target], book: Book
) -> list[datetime | None]:
    """Return since when each target fails that worked before. Raises ``sqlite3.Error``."""
    ids = _ids(connection, targets, book)
    found = courses(connection, [each for each in ids if each is not None])
    return [None if id is None else found[id].failing_since for id in ids]


def _ids(connection: sqlite3.Connection, targets: Sequence[Target], book: Book) -> list[int | None]:
    named = _named(connection, targets, book)
    return [named.get(each.known_as) or known(connection, each, book) for each in targets]


def _named(connection: sqlite3.Connection, targets: Iterable[Target], book: Book) -> dict[str, int]:
    """Return those that are known by their names in the file: all at once, as they are many."""
    names = json.dumps([each.known_as for each in targets if each.name])
    rows = connection.execute(
        "SELECT target.name, target.id FROM json_each(?) JOIN target"
        " ON target.name = json_each.value AND book = ?",
        (names, storable(book.path)),
    )
    return dict(rows.fetchall())


_COURSES = f"""
    WITH wanted AS (SELECT value AS id FROM json_each(?)),
    worked AS (
        SELECT id, (
            SELECT began FROM span JOIN report ON report.id = span.report
            WHERE span.target = wanted.id AND ok > 0 AND kind IN {_KINDS}
            ORDER BY began DESC LIMIT 1
        ) AS at FROM wanted
    )
    SELECT id, at, (
        SELECT began FROM span JOIN report ON report.id = span.report
        WHERE span.target = worked.id AND began > at AND ok = 0 AND kind IN {_KINDS}
        ORDER BY began LIMIT 1
    ), (
        SELECT json_group_array(took) FROM (
            SELECT CASE WHEN ok > 0 THEN coalesce(span.echo, 0) END AS took
            FROM span JOIN report ON report.id = span.report
            WHERE span.target = worked.id AND kind IN {_KINDS}
            ORDER BY began DESC LIMIT {MOST_RECENT}
        )
    ) FROM worked
"""


def courses(connection: sqlite3.Connection, targets: Sequence[int]) -> dict[int, Course]:
    """Return the course of each of these targets. Raises ``sqlite3.Error``."""
    return dict(_courses(connection, targets))


def _courses(connection: sqlite3.Connection, wanted: Sequence[int]) -> Iterator[tuple[int, Course]]:
    for id, ok, since, took in connection.execute(_COURSES, (json.dumps(wanted),)):
        recent = [None if each is None else each / 1000 for each in json.loads(took)]
        yield (
            id,
            Course(
                None if ok is None else time_of(ok),
                None if since is None else time_of(since),
                tuple(reversed(recent)),
            ),
        )


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
