"""Runs one check to its end."""

from __future__ import annotations

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.runs.workers import start

_DEADLINE_S = 45.0


def diagnose(target: Target) -> Report:
    """Return the report on ``target``; fail if the run does not end."""
    events: list[object] = []
    report = start(target, events.append).join(_DEADLINE_S)
    assert report is not None, f"the run still goes on after {events[-3:]}"
    return report


def listed(report: Report) -> set[CauseId]:
    """Return every cause of a report."""
    return {cause.id for cause in report.causes}


def proven(report: Report) -> set[CauseId]:
    """Return the proven causes of a report."""
    return {cause.id for cause in report.causes if cause.confidence is Confidence.PROVEN}
