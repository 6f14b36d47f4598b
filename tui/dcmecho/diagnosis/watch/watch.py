"""A watch over many peers: what to check now, and what an answer means. No threads, no I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.diagnosis.watch.changes import Change, NotAsked, ended_by_fault, not_asked, time_jumped
from dcmecho.diagnosis.watch.clocks import Clocks, JumpKind, jumps
from dcmecho.diagnosis.watch.pace import Pace
from dcmecho.diagnosis.watch.record import PeerRecord, StageTimes
from dcmecho.diagnosis.watch.sample import Known, Sample, sample_of
from dcmecho.diagnosis.watch.schedule import Schedule
from dcmecho.diagnosis.watch.times import Figures

KEPT_CHANGES = 500
"""Maximum changes kept for all targets together. Older ones are dropped but counted."""

LONGEST_WAIT_S = 30.0
"""The clocks are compared at least this often."""


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """The options of a watch. Without ``count`` (samples per target) it does not end."""

    pace: Pace = field(default_factory=Pace)
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Sampled:
    """A target was checked. ``report`` is the complete report."""

    key: str
    target: Target
    sample: Sample
    report: Report


@dataclass(frozen=True, slots=True)
class Changed:
    """Something has changed. ``target`` is ``None`` for changes of this machine."""

    key: str
    target: Target | None
    change: Change


WatchEvent = Sampled | Changed


@dataclass(frozen=True, slots=True)
class Watched:
    """The current state of one target. ``next_at`` is ``None`` if it is not checked any more.

    While a check is running, ``next_at`` is in the past.
    """

    key: str
    target: Target
    last: Sample | None
    figures: Figures
    recent: tuple[float | None, ...]
    next_at: datetime | None
    change_count: int
    before_echo: Mapping[StageId, StageTimes] = field(default_factory=dict)
    """The times of TLS and association, which ``figures`` and ``recent`` do not include."""
    known: Sample | None = None
    """The last check before the watch."""


@dataclass(frozen=True, slots=True)
class WatchState:
    """A consistent copy of everything a watch knows."""

    watched: tuple[Watched, ...]
    changes: tuple[Changed, ...]
    dropped_changes: int
    elapsed_s: float
    """Seconds since the start, including time in which the machine slept."""


class Watch:
    """A watch, in bounded memory: a ring of times per target and one list of changes.

    Not thread-safe.
    """

    def __init__(self, options: WatchOptions, clocks: Clocks) -> None:
        self._options = options
        self._clocks = clocks
        self._targets: dict[str, Target] = {}
        self._records: dict[str, PeerRecord] = {}
        self._taken: dict[str, int] = {}
        self._schedule = Schedule(options.pace.period_s)
        self._reading = self._begin = self._clocks.read()
        self._planned_s = 0.0
        self._changes: deque[Changed] = deque(maxlen=KEPT_CHANGES)
        self._change_count = 0
        self._disturbed: frozenset[str] = frozenset()

    def add(
        self, targets: Iterable[tuple[str, Target]], known: Mapping[str, Known] | None = None
    ) -> None:
        """Add targets by their keys, with what is known of them.

        Targets that are already watched stay unchanged.
        """
        new = [(key, target) for key, target in targets if key not in self._targets]
        for key, target in new:
            self._targets[key] = target
            self._records[key] = PeerRecord((known or {}).get(key))
            self._taken[key] = 0
        self._schedule.add(new, self._clocks.read().monotonic_s)

    def remove(self, key: str) -> None:
        """Stop watching a target and forget it. Raises ``KeyError`` if it is not watched."""
        del self._targets[key], self._records[key]
        if self._taken.pop(key) != self._options.count:
            self._schedule.remove(key)

    def look_at_clocks(self) -> list[WatchEvent]:
        """Compare the clocks with the last call, which should be at most :meth:`wait_s` ago."""
        before, now = self._reading, self._clocks.read()
        self._reading = now
        found = jumps(before, now, self._planned_s)
        if any(jump.kind is not JumpKind.CLOCK_SET for jump in found):
            self._schedule.reschedule_overdue(now.monotonic_s)
            self._disturbed = self._schedule.running
        events: list[WatchEvent] = []
        for jump in found:
            change = time_jumped(jump, now.wall, now.boottime_s - self._begin.boottime_s)
            events.append(self._note(Changed("", None, change)))
        return events

    def due(self, room: int) -> list[tuple[str, Target]]:
        """Return up to ``room`` targets to check now; report each result with :meth:`record`."""
        now_s = self._clocks.read().monotonic_s
        return [(key, self._targets[key]) for key in self._schedule.due(now_s, room)]

    def record(self, key: str, report: Report) -> list[WatchEvent]:
        """Record a report and return its events.

        Reports are ignored if the target is no longer watched, the check was cancelled, or the
        machine slept meanwhile: then the timings would measure the sleep.
        """
        if key not in self._targets:
            return []
        now = self._clocks.read()
        record, target = self._records[key], self._targets[key]
        if key in self._disturbed or report.verdict.status is VerdictStatus.CANCELLED:
            self._disturbed -= {key}
            self._schedule.ended(key, now.monotonic_s, self._options.pace.period_s)
            return []
        sample = sample_of(report, now.boottime_s - self._begin.boottime_s)
        events: list[WatchEvent] = [Sampled(key, target, sample, report)]
        events += [self._note(Changed(key, target, change)) for change in record.add(sample)]
        delay_s = self._options.pace.delay_s(sample.outcome, record.unanswered)
        self._plan(key, now.monotonic_s, delay_s)
        return events

    def failed_to_ask(self, key: str, why: NotAsked) -> list[WatchEvent]:
        """Record a check that could not start or end. It counts, and the next one is planned."""
        if key not in self._targets:
            return []
        now = self._clocks.read()
        self._plan(key, now.monotonic_s, self._options.pace.period_s)
        change = not_asked(why, now.wall, now.boottime_s - self._begin.boottime_s)
        return [self._note(Changed(key, self._targets[key], change))]

    def ended_by_fault(self, why: NotAsked) -> Changed:
        """Record that the watch could not go on."""
        now = self._clocks.read()
        change = ended_by_fault(why, now.wall, now.boottime_s - self._begin.boottime_s)
        return self._note(Changed("", None, change))

    def _plan(self, key: str, now_s: float, delay_s: float) -> None:
        self._taken[key] += 1
        self._schedule.ended(key, now_s, delay_s)
        if self._taken[key] == self._options.count:
            self._schedule.remove(key)

    def _note(self, changed: Changed) -> Changed:
        self._changes.append(changed)
        self._change_count += 1
        return changed

    def wait_s(self, room: int) -> float:
        """Return the seconds until a check can start, at most :data:`LONGEST_WAIT_S`."""
        now_s = self._clocks.read().monotonic_s
        wait_s = self._schedule.wait_s(now_s) if room else None
        self._planned_s = LONGEST_WAIT_S if wait_s is None else min(wait_s, LONGEST_WAIT_S)
        return self._planned_s

    @property
    def targets(self) -> dict[str, Target]:
        """The watched targets, by their keys."""
        return dict(self._targets)

    @property
    def done(self) -> bool:
        """True once every target has its number of samples, or no target is left."""
        return all(taken == self._options.count for taken in self._taken.values())

    def state(self, recent: int = 0) -> WatchState:
        """Return a consistent copy, with the last ``recent`` times of each target."""
        now = self._clocks.read()
        watched = tuple(
            Watched(
                key,
                target,
                record.last,
                record.figures,
                record.recent(recent),
                self._next_at(key, now.monotonic_s, now.wall),
                record.change_count,
                record.before_echo(recent),
                record.known.last if record.known else None,
            )
            for (key, target), record in zip(
                self._targets.items(), self._records.values(), strict=True
            )
        )
        changes = tuple(self._changes)
        return WatchState(
            watched,
            changes,
            self._change_count - len(changes),
            now.boottime_s - self._begin.boottime_s,
        )

    def _next_at(self, key: str, now_s: float, wall: datetime) -> datetime | None:
        if self._taken[key] == self._options.count:
            return None
        return wall + timedelta(seconds=self._schedule.due_s(key) - now_s)
