"""The report of one finished run. Text, JSON and screens are made from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from dcmecho.diagnosis.stage import StageId, StageResult
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import Verdict, VerdictStatus

if TYPE_CHECKING:
    from dcmecho.diagnosis.cause import Cause, CauseId
    from dcmecho.diagnosis.history.history import History
    from dcmecho.diagnosis.services.model import ServicesResult


class Source(StrEnum):
    """Where the evidence of a report comes from."""

    LIVE = "live"
    JOURNAL = "journal"
    """A run of the past."""
    TEXT = "text"
    """A log or a message that someone else's software wrote."""
    VANTAGE = "vantage"
    """A run from another machine."""
    CAPTURE = "capture"
    """Captured packets."""


class ExperimentResult(NamedTuple):
    """One experiment: what it sent, how it ended and what that shows."""

    id: str
    sent: str
    outcome: str
    split: str


class RepeatedCheck(NamedTuple):
    """One of several associations in a row: when it began (aware, UTC), and how it ended."""

    started: datetime
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Report:
    """One finished run: the only source of text, JSON and console."""

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
    set_aside: frozenset[CauseId] = frozenset()
    """Causes that the experiments speak against, so no text may suggest them."""
    services: ServicesResult | None = None
    """The result of a survey of services after C-ECHO, if one was run."""
    source: Source = Source.LIVE
    history: History | None = None
    """What the journal knew of the target before; ``None`` if it was not asked, or in vain."""
    repeats: tuple[RepeatedCheck, ...] = ()
    """Every association in a row, if there were several; the report is on one of them."""

    @property
    def is_unsteady(self) -> bool:
        """True if some of several associations in a row failed and others did not."""
        return len({each.verdict.status is VerdictStatus.FAILED for each in self.repeats}) > 1

    def stage(self, stage_id: StageId) -> StageResult:
        """Return the result of one stage. Raises ``KeyError`` for a stage that was not planned."""
        for result in self.stages:
            if result.id is stage_id:
                return result
        raise KeyError(stage_id)
