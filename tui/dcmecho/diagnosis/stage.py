"""The rungs of the ladder, and how each of them ended."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from dcmecho.diagnosis.evidence import Evidence
from dcmecho.diagnosis.target import Target


class StageId(StrEnum):
    """The rungs of the ladder, in the order they are climbed."""

    PROFILE = "profile"
    RESOLVE = "resolve"
    CONNECT = "connect"
    TLS = "tls"
    ASSOCIATE = "associate"
    AE_TITLE = "ae-title"
    CONTEXT = "context"
    ECHO = "echo"
    RELEASE = "release"


class Status(StrEnum):
    """How one stage ended."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOT_REACHED = "not-reached"


class StageResult(NamedTuple):
    """One rung, climbed or not. ``elapsed_ms`` is ``None`` where the stage did not run."""

    id: StageId
    status: Status
    summary: str
    elapsed_ms: float | None = None
    evidence: tuple[Evidence, ...] = ()


def ladder_of(target: Target) -> tuple[StageId, ...]:
    """The rungs that a diagnosis of ``target`` climbs: ``tls`` only where its profile says so."""
    return tuple(stage for stage in StageId if stage is not StageId.TLS or target.tls)
