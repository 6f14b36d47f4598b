"""The history of one watched peer, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator

from dcmecho.diagnosis.watch.changes import (
    Change,
    Outage,
    fact_changed,
    latency_stepped,
    verdict_changed,
)
from dcmecho.diagnosis.watch.latency import LatencySteps
from dcmecho.diagnosis.watch.sample import Fact, FactKind, Sample, SampleOutcome
from dcmecho.diagnosis.watch.times import Figures, Times


class PeerRecord:
    """The samples of one peer. Not thread-safe."""

    def __init__(self) -> None:
        self._times = Times()
        self._steps = LatencySteps()
        self._facts: dict[FactKind, Fact] = {}
        self._outage: Outage | None = None
        self._figures: Figures | None = None
        self.last: Sample | None = None
        self.change_count = 0

    def add(self, sample: Sample) -> tuple[Change, ...]:
        """Add a sample and return its changes. The first sample changes nothing."""
        ended, self._outage = self._outage, _outage_after(self._outage, sample)
        changes = tuple(self._changes(sample, ended))
        if sample.outcome is not SampleOutcome.NOT_ASKED:
            self._times.add(sample.echo_ms)
            self._figures = None
        self._facts.update(sample.facts)
        self.last = sample
        self.change_count += len(changes)
        return changes

    def _changes(self, sample: Sample, ended: Outage | None) -> Iterator[Change]:
        if self.last is not None and self.last.condition != sample.condition:
            yield verdict_changed(self.last, sample, ended)
        for kind, fact in sample.facts.items():
            before = self._facts.get(kind)
            if before is not None and before.identity != fact.identity:
                yield fact_changed(kind, before, fact, sample)
        if sample.echo_ms and (step := self._steps.add(sample.echo_ms)):
            yield latency_stepped(step, sample)

    @property
    def unanswered(self) -> int:
        """Number of consecutive unanswered samples, up to the last one."""
        return self._outage.samples if self._outage else 0

    @property
    def figures(self) -> Figures:
        """The figures as of the last sample."""
        if self._figures is None:
            self._figures = self._times.figures()
        return self._figures

    def recent(self, count: int) -> tuple[float | None, ...]:
        """Return the last C-ECHO times (ms), oldest first, with ``None`` for lost samples."""
        return self._times.recent(count)


def _outage_after(before: Outage | None, sample: Sample) -> Outage | None:
    if sample.outcome is SampleOutcome.ANSWERED:
        return None
    if before is None:
        return Outage(1, sample.elapsed_s)
    return Outage(before.samples + 1, before.since_s)
