"""The last report of a target as text to show, copy and save."""

from __future__ import annotations

from dataclasses import dataclass

from dcmecho.console.runs.session import Session
from dcmecho.profiles.book.model import Profile


@dataclass(frozen=True, slots=True)
class ReportText:
    """A report's text, and the name of the target that it is about."""

    name: str
    page: str


def report_text(session: Session, profile: Profile) -> ReportText | None:
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
    from dcmecho.report.diagnose import render

    return ReportText(profile.name, render(report))
