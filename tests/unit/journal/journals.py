"""A journal in a folder of the test, and runs to keep in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target
from dcmecho.journal.connection import opened
from dcmecho.journal.entry import Entry, one_run
from dcmecho.journal.kinds import Book, Kind, Way
from dcmecho.journal.place import Place
from dcmecho.journal.writing import write
from dcmecho.report.json.diagnose import report_data
from tests.unit.report.reports import STARTED, TARGET, green, rejected_called_title

BOOK = Book("/srv/profiles.toml", frozenset({TARGET.name}))


@contextmanager
def journal_in(folder: Path) -> Iterator[Connection]:
    """Open a journal; it is there for the next one too."""
    with opened(Place(folder / "history.db"), wait_s=10) as connection:
        yield connection


def at(minutes: float) -> datetime:
    """Return a time so many minutes after the first run."""
    return STARTED + timedelta(minutes=minutes)


def works(minutes: float = 0, target: Target = TARGET) -> Report:
    """Return a run that worked."""
    return replace(green(target), started=at(minutes))


def fails(minutes: float = 0, target: Target = TARGET) -> Report:
    """Return a run that was rejected."""
    return replace(rejected_called_title(target), started=at(minutes))


def slow(report: Report, stage: StageId, elapsed_ms: float) -> Report:
    """Return a run of which one stage took so long."""
    stages = (
        each._replace(elapsed_ms=elapsed_ms) if each.id is stage else each for each in report.stages
    )
    return replace(report, stages=tuple(stages))


def data_of(report: Report) -> dict[str, Any]:
    """Return a report as plain data."""
    return report_data(report)


def keep(connection: Connection, *reports: Report, book: Book = BOOK) -> None:
    """Keep runs, each by itself."""
    for report in reports:
        body = data_of(report)
        write(
            connection,
            [Entry(report.target, book, Kind.DIAGNOSIS, Way.CHECK, body, one_run(body))],
        )


def rows(connection: Connection, table: str) -> int:
    """Return how many rows a table has."""
    (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(count)
