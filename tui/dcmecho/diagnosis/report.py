"""One finished run, frozen: what every text, JSON and screen is made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from dcmecho.diagnosis.stage import StageId, StageResult
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import Verdict

if TYPE_CHECKING:
    from dcmecho.diagnosis.cause import Cause, CauseId
    from dcmecho.diagnosis.services.model import ServicesResult


class ExperimentResult(NamedTuple):
    """One further association, and what it split."""

    id: str
    sent: str
    outcome: str
    split: str


@dataclass(frozen=True, slots=True)
class Report:
    """One finished run: the only thing that text, JSON and console are made from."""

    run_id: str
    started: datetime
    """Aware, UTC."""
    elapsed_ms: float
    target: Target
    verdict: Verdict
    causes: tuple[Cause[CauseId], ...]
    stages: tuple[StageResult, ...]
    proven: tuple[str, ...]
    not_proven: tuple[str, ...]
    experiments: tuple[ExperimentResult, ...] = ()
    services: ServicesResult | None = None
    """What was asked beyond C-ECHO, where that was wanted."""

    def stage(self, stage_id: StageId) -> StageResult:
        """The result of one stage. Raises ``KeyError`` for a stage the ladder does not have."""
        for result in self.stages:
            if result.id is stage_id:
                return result
        raise KeyError(stage_id)
