"""What changed, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from dcmecho.diagnosis.duration import duration
from dcmecho.diagnosis.sanitize import printable
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.diagnosis.watch.clocks import Jump, JumpKind
from dcmecho.diagnosis.watch.latency import Step
from dcmecho.diagnosis.watch.sample import Fact, FactKind, Sample, SampleOutcome


class ChangeKind(StrEnum):
    """What a change is about; the last five are about this machine and no peer."""

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
    """One change, told once. ``at`` is aware, UTC, by the wall clock of that moment.

    ``elapsed_s`` counts from the beginning of the watch and keeps the order where the wall clock
    was put back. ``status`` is the verdict's after it, ``None`` for changes of this machine.
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
    """Samples in a row without an answer, and since when (``elapsed_s`` of the first one)."""

    samples: int
    since_s: float


def _fact_words(kind: FactKind) -> tuple[ChangeKind, str]:
    match kind:
        case FactKind.ADDRESS:
            return (ChangeKind.ADDRESS, "the name resolves to {after}, before to {before}")
        case FactKind.CERTIFICATE:
            return (ChangeKind.CERTIFICATE, "certificate {after}, before {before}")
        case FactKind.IMPLEMENTATION:
            return (ChangeKind.IMPLEMENTATION, "implementation {after}, before {before}")
        case _:
            assert_never(kind)


def _jump_words(kind: JumpKind) -> tuple[ChangeKind, str]:
    match kind:
        case JumpKind.SUSPENDED:
            return (ChangeKind.SUSPENDED, "this machine was suspended for {span}")
        case JumpKind.STOPPED:
            return (ChangeKind.STOPPED, "dcmecho was stopped for {span}")
        case JumpKind.CLOCK_SET:
            return (ChangeKind.CLOCK_SET, "the clock was put {way} by {span}")
        case _:
            assert_never(kind)


def fact_changed(kind: FactKind, before: Fact, after: Fact, sample: Sample) -> Change:
    """Another address, certificate or implementation."""
    about, text = _fact_words(kind)
    words = text.format(before=before.text, after=after.text)
    return _change(about, before.text, after.text, words, sample)


def verdict_changed(before: Sample, after: Sample, outage: Outage | None) -> Change:
    """Another verdict; ``outage`` is the one that it ends."""
    if after.outcome is SampleOutcome.ANSWERED and outage is not None:
        took = span(after.elapsed_s - outage.since_s)
        words = f"{after.status} again after {outage.samples} lost in {took}"
    elif after.outcome is SampleOutcome.ANSWERED:
        words = f"{after.status}: {after.title}"
    else:
        words = f"{after.status} at {after.stage.row.label}: {after.title}"
    return _change(ChangeKind.VERDICT, _condition(before), _condition(after), words, after)


def latency_stepped(step: Step, sample: Sample) -> Change:
    """A lasting step of the C-ECHO time."""
    before, after = duration(step.before_ms), duration(step.after_ms)
    words = f"C-ECHO takes {after}, before {before} (medians)"
    return _change(ChangeKind.LATENCY, before, after, words, sample)


def time_jumped(jump: Jump, at: datetime, elapsed_s: float) -> Change:
    """The machine slept, or its clock was set."""
    kind, text = _jump_words(jump.kind)
    way = "forward" if jump.seconds > 0 else "back"
    took = span(abs(jump.seconds))
    return Change(at, elapsed_s, kind, "", took, text.format(span=took, way=way))


def not_asked(why: str, at: datetime, elapsed_s: float) -> Change:
    """A fault of dcmecho: the peer was not asked at its time."""
    words = printable(why)
    text = f"not asked, by a fault in dcmecho: {words}"
    return Change(at, elapsed_s, ChangeKind.NOT_ASKED, "", words, text)


def ended_by_fault(why: str, at: datetime, elapsed_s: float) -> Change:
    """A fault of dcmecho: the whole watch ended."""
    words = printable(why)
    text = f"the watch ended, by a fault in dcmecho: {words}; start it again"
    return Change(at, elapsed_s, ChangeKind.ENDED, "", words, text)


def span(seconds: float) -> str:
    """``42 s``, ``3 min 20 s``, ``2 h 5 min``, ``3 d 4 h``."""
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
    """The verdict as one word and its causes, for machines."""
    return " ".join((sample.status, *sample.causes))


def _change(kind: ChangeKind, before: str, after: str, text: str, sample: Sample) -> Change:
    return Change(sample.at, sample.elapsed_s, kind, before, after, text, sample.status)
