"""Adds what a survey proved to the proven and unproven facts of a report."""

from __future__ import annotations

from dataclasses import replace

from dcmecho.diagnosis.conclusion.proofs import return_connection
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.sanitize import title_bytes
from dcmecho.diagnosis.services.model import ServicesResult


def with_services(report: Report, result: ServicesResult) -> Report:
    """Return the report with the answers. A C-MOVE that arrived proves the return connection."""
    report = replace(report, services=result)
    if result.move is None or not result.move.outcome.succeeded:
        return report
    open_still = return_connection(report.target)
    return replace(
        report,
        proven=(*report.proven, _has_called_back(report)),
        not_proven=tuple(sentence for sentence in report.not_proven if sentence != open_still),
    )


def without_return_connection(report: Report) -> Report:
    """Return the report without what a C-MOVE has proven."""
    by_move = _has_called_back(report)
    if by_move not in report.proven:
        return report
    return replace(
        report,
        proven=tuple(sentence for sentence in report.proven if sentence != by_move),
        not_proven=(*report.not_proven, return_connection(report.target)),
    )


def _has_called_back(report: Report) -> str:
    called_ae = title_bytes(report.target.called_ae)
    return f"the return connection: {called_ae} reached this machine for a C-MOVE"
