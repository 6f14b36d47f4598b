"""How a target did over its last checks: what a list shows beside its state. No I/O."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.verdict import VerdictStatus

MOST_RECENT = 8
"""Checks whose C-ECHO times are kept."""

_JUDGED = (VerdictStatus.OK, VerdictStatus.WARNING, VerdictStatus.FAILED)


class Course(NamedTuple):
    """The course of a target's checks. Times are aware, UTC."""

    last_ok: datetime | None = None
    failing_since: datetime | None = None
    """When it began to fail after it had worked; ``None`` if it works, or never did."""
    recent: tuple[float | None, ...] = ()
    """The C-ECHO times of the last checks in ms, the newest last; ``None`` for one that failed."""

    @property
    def works(self) -> bool:
        """True if its last check worked."""
        return self.last_ok is not None and self.failing_since is None

    def after(self, report: Report) -> Course:
        """Return the course with one more check, if that says anything about the peer."""
        verdict = report.verdict
        if verdict.status not in _JUDGED or verdict.is_forbidden:
            return self
        if verdict.is_failing:
            since = self.failing_since or (report.started if self.last_ok else None)
            return Course(self.last_ok, since, (*self.recent, None)[-MOST_RECENT:])
        took = report.stage(StageId.ECHO).elapsed_ms or 0.0
        return Course(report.started, None, (*self.recent, took)[-MOST_RECENT:])


UNKNOWN = Course()
"""The course of a target of which nothing is known."""
