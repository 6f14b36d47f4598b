"""A report as text to show, copy and save: as it is, or redacted; as plain text, or as Markdown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from dcmecho.console.runs.session import Session
from dcmecho.diagnosis.report import Report
from dcmecho.profiles.book.model import Profile

if TYPE_CHECKING:
    from dcmecho.report.redaction.redaction import Redaction


class ReportText(NamedTuple):
    """A report's text, and the name of the target that it is about."""

    name: str
    page: str


class ReportTexts(NamedTuple):
    """The texts of one report. Each function takes what redacts it, or ``None``."""

    plain: Callable[[Redaction | None], ReportText]
    markdown: Callable[[Redaction | None], ReportText] | None = None
    """``None`` for what is no report, such as a comparison."""


def texts_of(name: str, report: Report) -> ReportTexts:
    """Return the texts of a report on a target of that name."""
    return ReportTexts(partial(_plain, name, report), partial(_markdown, name, report))


def _plain(name: str, report: Report, redaction: Redaction | None) -> ReportText:
    from dcmecho.report.diagnose import render

    name, report = _as_shown(name, report, redaction)
    return ReportText(name, render(report))


def _markdown(name: str, report: Report, redaction: Redaction | None) -> ReportText:
    from dcmecho.report.handover.markdown import render

    name, report = _as_shown(name, report, redaction)
    return ReportText(name, render(report))


def _as_shown(name: str, report: Report, redaction: Redaction | None) -> tuple[str, Report]:
    if redaction is None:
        return name, report
    return redaction.name(name), redaction.report(report)


def report_texts(session: Session, profile: Profile) -> ReportTexts | None:
    """Return the last report of a profile; ``None`` if it has none."""
    record = session.record(profile)
    report = record.report
    if report is None:
        return None
    if profile.target is not None:
        services = record.services_of(profile.target)
        if services:
            from dcmecho.diagnosis.survey.proofs import with_services

            report = with_services(report, services)
    return texts_of(profile.name, report)
