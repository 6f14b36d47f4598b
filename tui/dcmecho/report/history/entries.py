"""Makes entries of the journal from reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.survey.proofs import without_return_connection
from dcmecho.journal.entry import Entry, one_run
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import Kind, Way
from dcmecho.report.history.remembered import remembered
from dcmecho.report.history.surveys import checked_services, survey_entries

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
        yield from survey_entries(report.services, report.target, journal, with_check=True)


def diagnosis_entry(report: Report, journal: Journal) -> Entry:
    """Return the entry of one diagnosis, without a C-MOVE or a test image."""
    if report.services is not None:
        services = checked_services(report.services)
        report = replace(without_return_connection(report), services=services)
    body = remembered(report)
    further = bool(report.experiments) or report.services is not None
    kind = Kind.FURTHER if further else Kind.DIAGNOSIS
    span = one_run(body)
    return Entry(report.target, journal.book, kind, journal.way, body, span, journal.user)
