"""Watches real peers, with clocks that run faster than real ones."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from dcmecho.diagnosis.events import Emit
from dcmecho.diagnosis.runs import RunHandle, StartRun
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.watch.pace import SHORTEST_PERIOD_S, Pace
from dcmecho.diagnosis.watch.watch import Changed, Sampled, WatchEvent, WatchOptions, WatchState
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.dicom.runs.workers import start
from dcmecho.dicom.watch import Watcher
from tests.unit.watch.clocks import QuickClocks

PATIENCE_S = 20.0


class Told:
    """The events of a watch, to wait for."""

    def __init__(self, watcher: Watcher, events: queue.Queue[WatchEvent]) -> None:
        self.watcher = watcher
        self._events = events
        self.changes: list[Changed] = []

    def sample(self, wanted: Callable[[Sampled], bool] = lambda _: True) -> Sampled:
        """Wait for a sample that is as wanted."""
        while True:
            event = self._events.get(timeout=PATIENCE_S)
            if isinstance(event, Changed):
                self.changes.append(event)
            elif wanted(event):
                return event

    def change(self) -> Changed:
        """Wait for the next change."""
        while True:
            event = self._events.get(timeout=PATIENCE_S)
            if isinstance(event, Changed):
                self.changes.append(event)
                return event

    @property
    def state(self) -> WatchState:
        return self.watcher.state(24)


def ordinary() -> StartRun:
    """Start runs as the commands do: with slots that all of them share."""
    slots = PeerSlots()

    def start_run(target: Target, emit: Emit) -> RunHandle:
        return start(target, emit, slots=slots)

    return start_run


@contextmanager
def watched(
    *targets: Target, start_run: StartRun | None = None, speed: float = 50.0
) -> Iterator[Told]:
    """Watch these; 5 s pass in a tenth of a second unless another ``speed`` is given."""
    events: queue.Queue[WatchEvent] = queue.Queue()
    options = WatchOptions(Pace(SHORTEST_PERIOD_S))
    watcher = Watcher(start_run or ordinary(), events.put, options, QuickClocks(speed))
    watcher.start((str(n), replace(each, name=f"t{n}")) for n, each in enumerate(targets))
    try:
        yield Told(watcher, events)
    finally:
        assert watcher.stop(), "the watch does not end"
        assert watcher.fault is None
