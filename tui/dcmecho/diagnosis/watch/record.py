"""The history of one watched peer, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.watch.changes import (
    Change,
    Outage,
    differs_from_known,
    fact_changed,
    latency_stepped,
    verdict_changed,
)
from dcmecho.diagnosis.watch.latency import LatencyStep, LatencySteps
from dcmecho.diagnosis.watch.sample import Fact, FactKind, Known, Sample, SampleOutcome
from dcmecho.diagnosis.watch.times import Figures, Times

FOLLOWED = (StageId.TLS, StageId.ASSOCIATE)
"""The stages before C-ECHO whose times are kept: a name lookup at the peer shows only there."""


@dataclass(frozen=True, slots=True)
class StageTimes:
    """The statistics of one stage, and its last times (ms), oldest first; ``None``: not passed."""

    figures: Figures
    recent: tuple[float | None, ...]


class _History:
    """The times of one stage. Figures are made when asked for."""

    def __init__(self) -> None:
        self._times = Times()
        self._steps = LatencySteps()
        self._figures: Figures | None = None

    def add(self, elapsed_ms: float | None) -> LatencyStep | None:
        """Add a time, or ``None`` for a lost sample; return the step that it completes."""
        self._times.add(elapsed_ms)
        self._figures = None
        return self._steps.add(elapsed_ms) if elapsed_ms else None

    @property
    def figures(self) -> Figures:
        if self._figures is None:
            self._figures = self._times.figures()
        return self._figures

    def recent(self, count: int) -> tuple[float | None, ...]:
        return self._times.recent(count)


class PeerRecord:
    """The samples of one peer. Not thread-safe."""

    def __init__(self, known: Known | None = None) -> None:
        self.known = known
        self._echo = _History()
        self._before_echo: dict[StageId, _History] = {}
        self._facts: dict[FactKind, Fact] = dict(known.last.facts) if known else {}
        self._outage: Outage | None = None
        self.last: Sample | None = None
        self._told: Sample | None = None
        self.change_count = 0

    def add(self, sample: Sample) -> tuple[Change, ...]:
        """Add a sample and return its changes. The first one is compared with what was known."""
        ended, self._outage = self._outage, _outage_after(self._outage, sample)
        changes = tuple(self._changes(sample, ended))
        self._facts.update(sample.facts)
        self.last = sample
        if self._told is None or not self._told.goes_on_in(sample):
            self._told = sample
        self.change_count += len(changes)
        return changes

    def _changes(self, sample: Sample, ended: Outage | None) -> Iterator[Change]:
        if self._told is not None and not self._told.goes_on_in(sample):
            yield verdict_changed(self._told, sample, ended)
        known = self.known.last if self.known and self._told is None else None
        if known is not None and not (known.ended_as(sample) or known.goes_on_in(sample)):
            yield differs_from_known(known, sample)
        for kind, fact in sample.facts.items():
            before = self._facts.get(kind)
            if before is not None and before.identity != fact.identity:
                yield fact_changed(kind, before, fact, sample)
        if sample.outcome is SampleOutcome.NOT_ASKED:
            return
        for stage in FOLLOWED:
            took_ms = sample.before_echo_ms.get(stage)
            if took_ms is not None or stage in self._before_echo:
                history = self._before_echo.setdefault(stage, _History())
                if step := history.add(took_ms):
                    yield latency_stepped(step, stage, sample)
        if step := self._echo.add(sample.echo_ms):
            yield latency_stepped(step, StageId.ECHO, sample)

    @property
    def unanswered(self) -> int:
        """Number of consecutive unanswered samples, up to the last one."""
        return self._outage.samples if self._outage else 0

    @property
    def figures(self) -> Figures:
        """The figures of C-ECHO as of the last sample."""
        return self._echo.figures

    def recent(self, count: int) -> tuple[float | None, ...]:
        """Return the last C-ECHO times (ms), oldest first, with ``None`` for lost samples.

        While they are few, those known from before the watch stand before them.
        """
        watched = self._echo.recent(count)
        room = count - len(watched)
        known = self.known.recent[-room:] if self.known and room > 0 else ()
        return (*known, *watched)

    def before_echo(self, count: int) -> Mapping[StageId, StageTimes]:
        """Return the figures of TLS and association, with the last ``count`` times of each."""
        return {
            stage: StageTimes(history.figures, history.recent(count))
            for stage, history in self._before_echo.items()
        }


def _outage_after(before: Outage | None, sample: Sample) -> Outage | None:
    if sample.outcome is SampleOutcome.ANSWERED:
        return None
    if sample.outcome is SampleOutcome.NOT_ASKED:
        return before
    if before is None:
        return Outage(1, sample.elapsed_s)
    return Outage(before.samples + 1, before.since_s)
