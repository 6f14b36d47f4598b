"""The outcome of a whole run."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.stage import StageId


class VerdictStatus(StrEnum):
    """The outcome of a whole run. ``ERROR`` says nothing about the peer.

    It is a bug in dcmecho, or a run that sent nothing because another one was using the peer.
    ``UNKNOWN`` is the outcome of an association of others whose end is not in the text or capture.
    """

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    ERROR = "error"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"

    @property
    def capitals(self) -> str:
        """Return the word that begins a line about it."""
        return self.value.upper()

    @property
    def is_failing(self) -> bool:
        """Report whether the run failed: because of peer, network path or dcmecho itself."""
        return self in (VerdictStatus.FAILED, VerdictStatus.ERROR)


class Verdict(NamedTuple):
    """The stage and outcome of a run; ``finding`` is the kind of the deciding evidence."""

    status: VerdictStatus
    stage: StageId
    title: str
    finding: EvidenceKind

    @property
    def is_forbidden(self) -> bool:
        """Report whether nothing was sent because ``do_not_probe`` forbids it: nothing failed."""
        return self.finding is EvidenceKind.DO_NOT_PROBE

    @property
    def is_failing(self) -> bool:
        """Report whether the run failed: because of peer, network path or dcmecho itself."""
        return self.status.is_failing and not self.is_forbidden
