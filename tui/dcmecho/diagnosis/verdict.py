"""How a whole run ended."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.stage import StageId


class VerdictStatus(StrEnum):
    """How a whole run ended. ``ERROR`` is of dcmecho itself and says nothing about the peer.

    A fault, or a run that never took place as another one had the peer.
    """

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    ERROR = "error"
    CANCELLED = "cancelled"

    @property
    def capitals(self) -> str:
        """The word that opens a line about it."""
        return self.value.upper()

    @property
    def is_failing(self) -> bool:
        """True where the run failed, by the peer, the way to it or dcmecho itself."""
        return self in (VerdictStatus.FAILED, VerdictStatus.ERROR)


class Verdict(NamedTuple):
    """Where the run ended. ``finding`` is the kind of the evidence that decided it."""

    status: VerdictStatus
    stage: StageId
    title: str
    finding: EvidenceKind
