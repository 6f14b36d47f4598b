"""Makes entries of the journal from reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcmecho.diagnosis.report import Report
from dcmecho.journal.entry import Entry, one_run
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import Kind, Way
from dcmecho.report.history.remembered import remembered

if TYPE_CHECKING:
    from dcmecho.journal.summaries import Summary


def watch_entry(summary: Summary, journal: Journal) -> Entry:
    """Return the entry of equal checks of a watch."""
    target, body, span = summary
    return Entry(target, journal.book, Kind.DIAGNOSIS, Way.WATCH, body, span, journal.user)


def diagnosis_entry(report: Report, journal: Journal) -> Entry:
    """Return the entry of one diagnosis."""
    body = remembered(report)
    further = bool(report.experiments) or report.services is not None
    kind = Kind.FURTHER if further else Kind.DIAGNOSIS
    span = one_run(body)
    return Entry(report.target, journal.book, kind, journal.way, body, span, journal.user)
