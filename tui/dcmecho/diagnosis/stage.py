"""The rungs of the ladder, and how each of them ended."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from dcmecho.diagnosis.evidence import Evidence
from dcmecho.diagnosis.rows import RowEnum
from dcmecho.diagnosis.target.target import Target


class StageRow(NamedTuple):
    """All that is known of one stage.

    The sentences may hold ``{host}``, ``{port}``, ``{called_ae}`` and ``{calling_ae}``.
    """

    label: str
    """What a person calls it."""
    failure: str
    """What failed, for a narrow column."""
    exit_code: int
    """How a run ends that fails there, unless the evidence has a code of its own."""
    proves: str
    """What it proves to have passed it; empty for nothing that is worth a sentence."""
    leaves_open: tuple[str, ...] = ()
    """What people take for proven then, although it is not."""
    after_acceptance: bool = False
    """Whether it is climbed only once the peer has accepted the association."""
    measured_as: str = ""
    """What monitors call its time; empty for one that tells them nothing."""


WAY_BACK = "the way back: whether {called_ae} can reach this machine, as C-MOVE needs"


class StageId(RowEnum):
    """The rungs of the ladder, in the order they are climbed."""

    row: StageRow

    PROFILE = (
        "profile",
        StageRow(label="Profile", failure="bad value", exit_code=10, proves=""),
    )
    RESOLVE = (
        "resolve",
        StageRow(label="Name", failure="name", exit_code=11, proves=""),
    )
    CONNECT = (
        "connect",
        StageRow(
            label="TCP",
            failure="TCP",
            exit_code=12,
            proves="a TCP connection from this machine to port {port} of {host} opens",
            measured_as="tcp",
        ),
    )
    TLS = (
        "tls",
        StageRow(
            label="TLS",
            failure="TLS",
            exit_code=14,
            proves="the connection is encrypted, and the certificate of {host} is one we trust",
            measured_as="tls",
        ),
    )
    ASSOCIATE = (
        "associate",
        StageRow(
            label="Association",
            failure="association",
            exit_code=13,
            proves="a DICOM application answers on that port",
            measured_as="association",
        ),
    )
    AE_TITLE = (
        "ae-title",
        StageRow(
            label="AE titles",
            failure="AE titles",
            exit_code=15,
            proves="the peer opens an association from {calling_ae} to {called_ae}",
        ),
    )
    CONTEXT = (
        "context",
        StageRow(
            label="Verification",
            failure="Verification",
            exit_code=17,
            proves="the peer accepts the Verification SOP class",
            after_acceptance=True,
        ),
    )
    ECHO = (
        "echo",
        StageRow(
            label="C-ECHO",
            failure="C-ECHO",
            exit_code=18,
            proves="the peer answered this C-ECHO with success (0x0000)",
            leaves_open=(
                "that {calling_ae} may query, retrieve or send:"
                " some peers answer C-ECHO to everyone",
                WAY_BACK,
            ),
            after_acceptance=True,
            measured_as="echo",
        ),
    )
    RELEASE = (
        "release",
        StageRow(
            label="Release",
            failure="release",
            exit_code=1,
            proves="the association ended in order",
            after_acceptance=True,
        ),
    )


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
