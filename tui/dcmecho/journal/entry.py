"""What is written into the journal: a report, and when its runs were."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target
from dcmecho.journal.kinds import Book, Kind, Way
from dcmecho.journal.times import read_utc

PHASES = (StageId.CONNECT, StageId.TLS, StageId.ASSOCIATE, StageId.ECHO)
"""The stages whose times are kept, in the order of the columns."""


class Times(NamedTuple):
    """The times of the phases in ms, in the order of ``PHASES``; ``None`` for one not reached."""

    medians: tuple[float | None, ...]
    high: tuple[float | None, ...]
    """95 of 100 were not longer."""


NO_TIMES = Times((None,) * len(PHASES), (None,) * len(PHASES))


class Span(NamedTuple):
    """Equal runs, one after the other. Times are aware."""

    began: datetime
    ended: datetime
    runs: int
    ok: int
    times: Times


class Entry(NamedTuple):
    """A report to keep, as plain data (``dcmecho.report/1`` for a diagnosis)."""

    target: Target
    book: Book
    kind: Kind
    way: Way
    body: Mapping[str, Any]
    span: Span
    user: str | None = None


_WORKED = ("ok", "warning")


def is_ok(body: Mapping[str, Any]) -> bool:
    """Report whether the run of a report worked, perhaps with a warning."""
    return body["verdict"]["status"] in _WORKED


def one_run(body: Mapping[str, Any]) -> Span:
    """Return the span of a single diagnosis."""
    began = read_utc(body["started"])
    took = {stage["id"]: stage["elapsed_ms"] for stage in body["stages"]}
    times = tuple(took.get(phase) for phase in PHASES)
    ended = began + timedelta(milliseconds=body["elapsed_ms"])
    return Span(began, ended, 1, int(is_ok(body)), Times(times, times))
