"""The stages of a check, and how each of them ended."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from dcmecho.diagnosis.evidence import Evidence
from dcmecho.diagnosis.rows import RowEnum
from dcmecho.diagnosis.target.target import Target


class StageRow(NamedTuple):
    """Everything about one stage.

    The sentences can contain ``{host}``, ``{port}``, ``{called_ae}`` and ``{calling_ae}``.
    """

    label: str
    """Its name on screens and in reports."""
    failure: str
    """The failure, in words for a narrow column."""
    exit_code: int
    """The exit code of a run that fails here, unless its evidence has a code of its own."""
    proves: str
    """What passing it proves; empty if that is not worth a sentence."""
    leaves_open: tuple[str, ...] = ()
    """What people might wrongly believe to be proven after it passed."""
    after_acceptance: bool = False
    """Whether it runs only after the peer has accepted the association."""
    measured_as: str = ""
    """The name of its duration in monitoring output; empty to leave it out."""


RETURN_CONNECTION = (
    "the return connection: whether {called_ae} can reach this machine, as C-MOVE needs"
)


class StageId(RowEnum):
    """The stages, in the order they run."""

    row: StageRow

    PROFILE = (
        "profile",
        StageRow(label="Values", failure="bad value", exit_code=10, proves=""),
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
            proves="{this_machine} can open a TCP connection to port {port} of {host}",
            measured_as="tcp",
        ),
    )
    TLS = (
        "tls",
        StageRow(
            label="TLS",
            failure="TLS",
            exit_code=14,
            proves="the connection is encrypted, and this machine trusts the certificate of {host}",
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
            proves="the peer accepts an association from {calling_ae} to {called_ae}",
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
                "that {calling_ae} is allowed to query, retrieve or send:"
                " some peers answer C-ECHO for everyone",
                RETURN_CONNECTION,
            ),
            after_acceptance=True,
            measured_as="echo",
        ),
    )
    SERVICE = (
        "service",
        StageRow(
            label="Service",
            failure="service",
            exit_code=20,
            proves="",
            after_acceptance=True,
        ),
    )
    """A command other than C-ECHO: only in an association of others (``diagnosis.observed``)."""
    RELEASE = (
        "release",
        StageRow(
            label="Release",
            failure="release",
            exit_code=1,
            proves="the association was released normally",
            after_acceptance=True,
        ),
    )


class Status(StrEnum):
    """The outcome of one stage."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOT_REACHED = "not-reached"

    @property
    def is_success(self) -> bool:
        """Report whether the next stage runs: it passed, perhaps with a warning."""
        return self in (Status.PASSED, Status.WARNING)


class StageResult(NamedTuple):
    """The result of one stage; ``elapsed_ms`` is ``None`` if the stage did not run."""

    id: StageId
    status: Status
    summary: str
    elapsed_ms: float | None = None
    evidence: tuple[Evidence, ...] = ()


_OVER_TLS = tuple(stage for stage in StageId if stage is not StageId.SERVICE)
_PLAIN = tuple(stage for stage in _OVER_TLS if stage is not StageId.TLS)


def ladder_of(target: Target) -> tuple[StageId, ...]:
    """Return the stages of a check of ``target``: ``tls`` only if the target uses TLS."""
    return _OVER_TLS if target.tls else _PLAIN
