"""Changes between samples, with their texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, assert_never

from dcmecho.diagnosis.conclusion.clock import moment
from dcmecho.diagnosis.duration import duration
from dcmecho.diagnosis.network.shortage import is_shortage, shortage_text
from dcmecho.diagnosis.sanitize import error_text
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.diagnosis.watch.clocks import Jump, JumpKind
from dcmecho.diagnosis.watch.latency import LatencyStep
from dcmecho.diagnosis.watch.sample import Fact, FactKind, Sample, SampleOutcome


class ChangeKind(StrEnum):
    """The subject of a change; the last five concern this machine, not a peer."""

    VERDICT = "verdict"
    ADDRESS = "address"
    CERTIFICATE = "certificate"
    IMPLEMENTATION = "implementation"
    LATENCY = "latency"
    SUSPENDED = "suspended"
    STOPPED = "stopped"
    CLOCK_SET = "clock-set"
    NOT_ASKED = "not-asked"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Change:
    """One change, reported once. ``at`` is aware, UTC, from the wall clock at that moment.

    ``elapsed_s`` counts from the start of the watch and keeps the order even if the wall clock is
    set back. ``status`` is the new verdict's, or ``None`` for changes of this machine and for a
    check that the file forbids.
    """

    at: datetime
    elapsed_s: float
    kind: ChangeKind
    before: str
    after: str
    text: str
    status: VerdictStatus | None = None


@dataclass(frozen=True, slots=True)
class Outage:
    """Consecutive samples without an answer; ``since_s`` is the first one's ``elapsed_s``."""

    samples: int
    since_s: float


def _fact_words(kind: FactKind) -> tuple[ChangeKind, str]:
    match kind:
        case FactKind.ADDRESS:
            return (ChangeKind.ADDRESS, "the name now resolves to {after} (before: {before})")
        case FactKind.CERTIFICATE:
            return (ChangeKind.CERTIFICATE, "certificate {after} (before: {before})")
        case FactKind.IMPLEMENTATION:
            return (ChangeKind.IMPLEMENTATION, "implementation {after} (before: {before})")
        case _:
            assert_never(kind)


def _jump_words(kind: JumpKind) -> tuple[ChangeKind, str]:
    match kind:
        case JumpKind.SUSPENDED:
            return (ChangeKind.SUSPENDED, "this machine was suspended for {span}")
        case JumpKind.STOPPED:
            return (ChangeKind.STOPPED, "dcmecho was stopped for {span}")
        case JumpKind.CLOCK_SET:
            return (ChangeKind.CLOCK_SET, "the clock was set {way} by {span}")
        case _:
            assert_never(kind)


def fact_changed(kind: FactKind, before: Fact, after: Fact, sample: Sample) -> Change:
    """Return the change to another address, certificate or implementation."""
    about, text = _fact_words(kind)
    words = text.format(before=before.text, after=after.text)
    return _change(about, before.text, after.text, words, sample)


def verdict_changed(before: Sample, after: Sample, outage: Outage | None) -> Change:
    """Return the change to another verdict; ``outage`` is the outage that it ends."""
    if after.outcome is SampleOutcome.ANSWERED and outage is not None:
        took = span(after.elapsed_s - outage.since_s)
        words = f"{after.status} again after {outage.samples} lost in {took}"
    elif after.outcome is SampleOutcome.ANSWERED:
        words = f"{after.status}: {after.title}"
    elif after.is_forbidden:
        words = after.title
    else:
        words = f"{after.status} at {after.stage.row.label}: {after.title}"
    return _change(ChangeKind.VERDICT, _condition(before), _condition(after), words, after)


def differs_from_known(known: Sample, first: Sample) -> Change:
    """Return the change between the last check before the watch and its first one."""
    was, now = (f"{each.status}{_place(each)}" for each in (known, first))
    words = f"it was {was} when last checked, {moment(known.at)}; now {now}: {first.title}"
    return _change(ChangeKind.VERDICT, _condition(known), _condition(first), words, first)


def _place(sample: Sample) -> str:
    is_answered = sample.outcome is SampleOutcome.ANSWERED
    return "" if is_answered else f" at {sample.stage.row.label}"


def latency_stepped(step: LatencyStep, stage: StageId, sample: Sample) -> Change:
    """Return a lasting change of the time that ``stage`` takes."""
    before, after = duration(step.before_ms), duration(step.after_ms)
    words = f"{stage.row.label} takes {after} (before: {before}; medians)"
    return _change(ChangeKind.LATENCY, before, after, words, sample)


def time_jumped(jump: Jump, at: datetime, elapsed_s: float) -> Change:
    """Return the change for a machine that slept or whose clock was set."""
    kind, text = _jump_words(jump.kind)
    way = "forward" if jump.seconds > 0 else "back"
    took = span(abs(jump.seconds))
    return Change(at, elapsed_s, kind, "", took, text.format(span=took, way=way))


class NotAsked(NamedTuple):
    """Why dcmecho could not check: a bug in it, or something that ``this_machine_lacks``."""

    text: str
    this_machine_lacks: bool = False

    @classmethod
    def of(cls, error: Exception) -> NotAsked:
        """Return the reason in an error."""
        if is_shortage(error):
            return cls(shortage_text(error), this_machine_lacks=True)
        return cls(f"{type(error).__name__}: {error_text(error)}")

    @property
    def because(self) -> str:
        """The reason, as it follows *because*."""
        return self.text if self.this_machine_lacks else f"of a bug in dcmecho: {self.text}"


def not_asked(why: NotAsked, at: datetime, elapsed_s: float) -> Change:
    """Return the change for a check that could not start."""
    text = f"not checked because {why.because}"
    return Change(at, elapsed_s, ChangeKind.NOT_ASKED, "", why.text, text)


def ended_by_fault(why: NotAsked, at: datetime, elapsed_s: float) -> Change:
    """Return the change for a watch that could not go on."""
    text = f"the watch ended because {why.because}. Start it again"
    return Change(at, elapsed_s, ChangeKind.ENDED, "", why.text, text)


def span(seconds: float) -> str:
    """Return ``42 s``, ``3 min 20 s``, ``2 h 5 min`` or ``3 d 4 h``."""
    whole = round(seconds)
    for unit, size, smaller, part in (
        ("d", 86400, "h", 3600),
        ("h", 3600, "min", 60),
        ("min", 60, "s", 1),
    ):
        if whole >= size:
            rest = whole % size // part
            return f"{whole // size} {unit}" + (f" {rest} {smaller}" if rest else "")
    return f"{whole} s"


def _condition(sample: Sample) -> str:
    """Return the verdict and its causes, for machines."""
    return " ".join((sample.status, *sample.causes))


def _change(kind: ChangeKind, before: str, after: str, text: str, sample: Sample) -> Change:
    status = None if sample.is_forbidden else sample.status
    return Change(sample.at, sample.elapsed_s, kind, before, after, text, status)
