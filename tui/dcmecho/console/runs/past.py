"""How a target was before the console was opened: its last diagnosis in the journal."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from dcmecho.diagnosis.history.compared import Values
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId, StageResult
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.report.json.diagnose import target_data

if TYPE_CHECKING:
    from dcmecho.journal.listing import Kept


class Past:
    """A diagnosis of the past. Its report is read when it is shown: there can be thousands."""

    def __init__(self, kept: Kept) -> None:
        """Raises ``ValueError`` for a state that only another dcmecho knows."""
        self._kept = kept
        self.status = VerdictStatus(kept.status)
        self.echo_ms = kept.echo_ms
        if self.status.is_failing:
            # Its causes stand in the list, which does not wait for them then.
            _ = self.report

    @property
    def at(self) -> datetime:
        """When it was made: aware, UTC."""
        return self._kept.began

    @cached_property
    def values(self) -> Values:
        """The facts that it has found."""
        return self._kept.values

    @cached_property
    def report(self) -> Report | None:
        """The report; ``None`` if another dcmecho has kept what this one cannot read."""
        from dcmecho.report.json.reading import report_of

        with suppress(ValueError):
            return report_of(self._kept.body)
        return None

    @property
    def stages(self) -> dict[StageId, StageResult]:
        """The results of its stages."""
        return {result.id: result for result in self.report.stages} if self.report else {}

    def is_about(self, target: Target) -> bool:
        """Return whether it was made with these values, as far as a report has them."""
        if self.report is None:
            return True
        return target_data(self.report.target) | {"name": ""} == target_data(target) | {"name": ""}
