"""A sample: the parts of a report that a watch keeps and compares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, StrEnum, auto
from typing import NamedTuple

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.stages.slowness import SLOW_FROM_MS
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.standard.refusals import RejectResult

MEASURED_BEFORE_ECHO = tuple(
    stage for stage in StageId if stage.row.measured_as and stage is not StageId.ECHO
)
"""TCP, TLS and association."""

_STILL_SLOW_FROM_MS = 0.75 * SLOW_FROM_MS
"""A slow stage is quick again below this: of times near the limit, only the first is a change."""


class SampleOutcome(Enum):
    """The peer's reaction to a check."""

    ANSWERED = auto()
    """C-ECHO-RSP 0x0000."""
    LOST = auto()
    """No successful answer, for any reason."""
    BUSY = auto()
    """Rejected for now (result 2): the peer is busy."""
    NOT_ASKED = auto()
    """Nothing was sent: the values are invalid, the file forbids it, or dcmecho has a bug."""


class FactKind(StrEnum):
    """The facts about a healthy peer that can change unnoticed."""

    ADDRESS = "address"
    CERTIFICATE = "certificate"
    IMPLEMENTATION = "implementation"


@dataclass(frozen=True, slots=True)
class Fact:
    """``identity`` is compared, ``text`` is shown; both are printable."""

    identity: str
    text: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample. ``echo_ms`` is the C-ECHO time, if it was answered with success.

    ``before_echo_ms`` has the times of the measured stages before it that passed.
    ``rejection`` is the triple of an A-ASSOCIATE-RJ; ``facts`` holds what was seen of the peer.
    """

    at: datetime
    elapsed_s: float
    """Seconds since the start of the watch, independent of the wall clock."""
    status: VerdictStatus
    stage: StageId
    title: str
    outcome: SampleOutcome
    echo_ms: float | None = None
    causes: tuple[CauseId, ...] = ()
    rejection: str = ""
    facts: Mapping[FactKind, Fact] = field(default_factory=dict)
    before_echo_ms: Mapping[StageId, float] = field(default_factory=dict)
    is_forbidden: bool = False
    """True if nothing was sent because ``do_not_probe`` forbids it: nothing failed."""
    is_only_slow: bool = False
    """True if the verdict is a warning because ``stage`` took long, and for no other reason."""
    lingering: frozenset[StageId] = frozenset()
    """The stages that passed and took almost as long as a slow one, or longer."""

    @property
    def is_failing(self) -> bool:
        """Report whether the check failed: because of peer, network path or dcmecho itself."""
        return self.status.is_failing and not self.is_forbidden

    def ended_as(self, other: Sample) -> bool:
        """Return whether both ended alike; experiments and earlier checks reorder the causes."""
        mine = (self.status, self.stage, self.rejection)
        return mine == (other.status, other.stage, other.rejection)

    def goes_on_in(self, later: Sample) -> bool:
        """Return whether ``later`` is in the same state, so that there is no change to tell."""
        if self.condition == later.condition:
            return True
        lingers = self.is_only_slow and self.stage in later.lingering
        return lingers and later.status is VerdictStatus.OK

    @property
    def condition(self) -> tuple[object, ...]:
        """The values that make a verdict different. Texts contain times, so they are left out."""
        # Which cause of slowness comes first depends on times that are never twice the same.
        causes = () if self.is_only_slow else self.causes
        return (self.status, self.stage, causes, self.rejection)


class Known(NamedTuple):
    """What is known of a target before it is watched."""

    last: Sample
    recent: tuple[float | None, ...] = ()
    """The C-ECHO times of its last checks in ms, the newest last; ``None`` for one that failed."""

    @classmethod
    def of(cls, report: Report, at: datetime, recent: tuple[float | None, ...] = ()) -> Known:
        """Return what a report from before the watch tells; it was last so ``at``, aware, UTC."""
        return cls(replace(sample_of(report, 0.0), at=at), recent)


def sample_of(report: Report, elapsed_s: float) -> Sample:
    """Return the sample for ``report``, ``elapsed_s`` after the start of the watch."""
    rejection = _rejection(report)
    echo = report.stage(StageId.ECHO)
    answered = echo.status.is_success
    return Sample(
        at=report.started,
        elapsed_s=elapsed_s,
        status=report.verdict.status,
        stage=report.verdict.stage,
        title=report.verdict.title,
        outcome=_outcome(report, rejection, answered=answered),
        echo_ms=echo.elapsed_ms if answered else None,
        causes=tuple(cause.id for cause in report.causes),
        rejection="" if rejection is None else "/".join(map(str, rejection)),
        facts=dict(_facts(report)),
        before_echo_ms=dict(_before_echo(report)),
        is_forbidden=report.verdict.is_forbidden,
        is_only_slow=report.verdict.finding is EvidenceKind.SLOW,
        lingering=frozenset(_lingering(report)),
    )


def _lingering(report: Report) -> Iterator[StageId]:
    for stage in report.stages:
        if stage.status.is_success and (stage.elapsed_ms or 0.0) >= _STILL_SLOW_FROM_MS:
            yield stage.id


def _before_echo(report: Report) -> Iterator[tuple[StageId, float]]:
    for stage in report.stages:
        measured = stage.id in MEASURED_BEFORE_ECHO and stage.status.is_success
        if measured and stage.elapsed_ms is not None:
            yield stage.id, stage.elapsed_ms


def _outcome(
    report: Report, rejection: tuple[object, object, object] | None, *, answered: bool
) -> SampleOutcome:
    if answered:
        return SampleOutcome.ANSWERED
    verdict = report.verdict
    is_invalid = verdict.stage is StageId.PROFILE
    if verdict.status is VerdictStatus.ERROR or is_invalid or verdict.is_forbidden:
        return SampleOutcome.NOT_ASKED
    if rejection is not None and rejection[0] == RejectResult.TRANSIENT:
        return SampleOutcome.BUSY
    return SampleOutcome.LOST


def _evidence(report: Report, kind: EvidenceKind) -> Iterator[Evidence]:
    for stage in report.stages:
        yield from (each for each in stage.evidence if each.kind is kind)


def _rejection(report: Report) -> tuple[object, object, object] | None:
    for found in _evidence(report, EvidenceKind.ASSOCIATION_REJECTED):
        return (found.data["result"], found.data["source"], found.data["reason"])
    return None


def _facts(report: Report) -> Iterator[tuple[FactKind, Fact]]:
    for found in _evidence(report, EvidenceKind.NAME_RESOLVED):
        # Name servers rotate the order of the same addresses.
        addresses = found.data["addresses"]
        assert isinstance(addresses, list), "the resolver's addresses"
        shown = ", ".join(sorted(map(str, addresses)))
        yield FactKind.ADDRESS, Fact(shown, shown)
    for found in _evidence(report, EvidenceKind.TLS_CERTIFICATE):
        if found.data["position"] == 0:
            identity = str(found.data["sha256"])
            text = f"{found.data['subject']} until {found.data['not_after']}"
            yield FactKind.CERTIFICATE, Fact(identity, f"{text} (SHA-256 {identity[:16]}…)")
    for found in _evidence(report, EvidenceKind.ASSOCIATION_ACCEPTED):
        if "implementation_class_uid" not in found.data:
            continue
        version = found.data["implementation_version"] or "no version"
        class_uid = found.data["implementation_class_uid"] or "no class UID"
        text = f"{version} ({class_uid})"
        yield FactKind.IMPLEMENTATION, Fact(text, text)
