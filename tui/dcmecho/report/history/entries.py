"""Makes entries of the journal from reports."""

from __future__ import annotations

from collections.abc import Iterator
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


def entries_of(report: Report, journal: Journal) -> Iterator[Entry]:
    """Yield the entry of one diagnosis, and of what was transferred after it."""
    yield diagnosis_entry(report, journal)
    if report.services is not None:
        # Imported here because few reports have services, and a command ends with this.
        from dcmecho.report.history.surveys import survey_entries

        yield from survey_entries(report.services, report.target, journal, with_check=True)


def diagnosis_entry(report: Report, journal: Journal) -> Entry:
    """Return the entry of one diagnosis, without a C-MOVE or a test image."""
    if report.services is not None:
        from dcmecho.report.history.surveys import as_check

        report = as_check(report)
    body = remembered(report)
    further = bool(report.experiments) or report.services is not None
    kind = Kind.FURTHER if further else Kind.DIAGNOSIS
    span = one_run(body)
    return Entry(report.target, journal.book, kind, journal.way, body, span, journal.user)
