"""What a conversation comes to."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.causes.reasoning import suspects
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind, JsonValue
from dcmecho.diagnosis.observed.association import EndedBy
from dcmecho.diagnosis.observed.service_reasoning import AnySuspects
from dcmecho.diagnosis.stage import StageId, StageResult, Status
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus

_NO_DATA: Mapping[str, JsonValue] = MappingProxyType({})


class Judged(NamedTuple):
    """A judgement of one association."""

    status: VerdictStatus
    stage: StageId
    title: str
    kind: EvidenceKind
    found: AnySuspects = ()
    data: Mapping[str, JsonValue] = _NO_DATA
    service: str = ""
    ended_by: EndedBy | None = None
    """``None``: who it is is told by the packets."""
    cannot_tell: tuple[str, ...] = ()


def failed(
    stage: StageId,
    kind: EvidenceKind,
    title: str,
    found: AnySuspects,
    data: Mapping[str, JsonValue] = _NO_DATA,
    service: str = "",
) -> Judged:
    """Return a failure."""
    return Judged(VerdictStatus.FAILED, stage, title, kind, found, data, service)


def unknown(
    stage: StageId, kind: EvidenceKind, title: str, found: AnySuspects = (), service: str = ""
) -> Judged:
    """Return an association whose end the capture does not tell."""
    return Judged(VerdictStatus.UNKNOWN, stage, title, kind, found, service=service)


def as_a_check(
    stage: StageId, kind: EvidenceKind, data: Mapping[str, JsonValue], target: Target
) -> AnySuspects:
    """Return what a check with this evidence would list, nothing of it proven."""
    evidence = (Evidence(kind, 0.0, "", data),)
    found = suspects(StageResult(stage, Status.FAILED, "", None, evidence), target)
    return tuple(
        (cause, Confidence.LIKELY if sure is Confidence.PROVEN else sure) for cause, sure in found
    )
