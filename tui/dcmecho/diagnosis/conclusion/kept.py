"""Which runs are kept in the journal."""

from __future__ import annotations

from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.verdict import VerdictStatus

_UNJUDGED = (VerdictStatus.CANCELLED, VerdictStatus.ERROR)


def is_kept(report: Report) -> bool:
    """Report whether a run says anything about its peer: it was asked, and answered or not."""
    verdict = report.verdict
    if verdict.is_forbidden:
        return False
    return verdict.status not in _UNJUDGED and verdict.stage is not StageId.PROFILE
