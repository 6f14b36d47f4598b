"""Watches peers over time, with one planning thread and a limited number of runs."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from time import monotonic

from dcmecho.diagnosis.events import Event, RunFinished
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.runs import RunHandle, StartRun
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.watch.changes import NotAsked
from dcmecho.diagnosis.watch.clocks import Clocks, SystemClocks
from dcmecho.diagnosis.watch.sample import Known
from dcmecho.diagnosis.watch.watch import (
    Watch,
    WatchEvent,
    WatchOptions,
    WatchState,
)
from dcmecho.dicom.runs.loading import load_for_many
from dcmecho.dicom.wire.waiting import wait_for

RUNS_AT_ONCE = 16

STOP_TIMEOUT_S = 1.5
"""Short enough for Ctrl-C to end within 2 s."""

_OVERDUE_S = 400.0
"""Longer than any run and its wait for the peer can take; such a run will not report."""

Listen = Callable[[WatchEvent], None]
"""Receives the events of the watch, on the watcher's thread."""


class _Asking:
    """A running check. Its report can arrive before :attr:`handle` is set."""

    def __init__(self) -> None:
        self.since_s = monotonic()
        self.handle: RunHandle | None = None

    def cancel(self) -> None:
        if self.handle is not None:
            self.handle.cancel()


class Watcher:
    """Checks each target when it is due, until :meth:`stop` or the requested number of samples.

    ``listen`` is called on the watcher's own thread. All methods are safe from any thread.
    """

    def __init__(
        self,
        start_run: StartRun,
        listen: Listen,
        options: WatchOptions | None = None,
        clocks: Clocks | None = None,
    ) -> None:
        self._start_run = start_run
        self._listen = listen
        self._clocks = clocks or SystemClocks()
        self._watch = Watch(options or WatchOptions(), self._clocks)
        self._changed = threading.Condition()
        self._answers: deque[tuple[str, _Asking, Report]] = deque()
        self._asking: dict[str, _Asking] = {}
        self._stopping = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="dcmecho-watch", daemon=True)
        self.fault: Exception | None = None
        """The bug in dcmecho that ended the watch, if any."""

    def start(
        self, targets: Iterable[tuple[str, Target]], known: Mapping[str, Known] | None = None
    ) -> None:
        """Start with these targets, by unique keys, and with what is known. Call it once."""
        self.add(targets, known)
        try:
            self._thread.start()
        except RuntimeError as error:
            self._end_by(error)
            self._ended.set()

    def add(
        self, targets: Iterable[tuple[str, Target]], known: Mapping[str, Known] | None = None
    ) -> None:
        """Add targets, with what is known of them by their keys.

        Targets that are already watched stay unchanged.
        """
        targets = list(targets)
        load_for_many(target for _, target in targets)
        with self._changed:
            self._watch.add(targets, known)
            self._changed.notify_all()

    def remove(self, key: str) -> None:
        """Stop watching a target. Raises ``KeyError`` if it is not watched."""
        with self._changed:
            self._watch.remove(key)
            asking = self._asking.pop(key, None)
            self._changed.notify_all()
        if asking is not None:
            asking.cancel()

    @property
    def targets(self) -> dict[str, Target]:
        """The watched targets, by their keys."""
        with self._changed:
            return self._watch.targets

    def state(self, recent: int = 0) -> WatchState:
        """Return the current state, with the last ``recent`` times of each target."""
        with self._changed:
            return self._watch.state(recent)

    def cancel(self) -> None:
        """Ask the watch to end, without waiting. Running checks are cancelled and not counted."""
        with self._changed:
            self._stopping = True
            asking = list(self._asking.values())
            self._changed.notify_all()
        for each in asking:
            each.cancel()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for the end; return false if ``timeout_s`` passed first. Signals are handled."""
        return wait_for(self._ended, timeout_s)

    def stop(self) -> bool:
        """End the watch; return false if it did not end within :data:`STOP_TIMEOUT_S`."""
        self.cancel()
        return self.join(STOP_TIMEOUT_S)

    def _run(self) -> None:
        try:
            self._go_on()
        except Exception as error:
            self._end_by(error)
        finally:
            self._end_runs()
            self._ended.set()

    def _end_by(self, error: Exception) -> None:
        self.fault = error
        with self._changed:
            ended = self._watch.ended_by_fault(NotAsked.of(error))
        with suppress(Exception):
            self._listen(ended)

    def _go_on(self) -> None:
        while True:
            with self._changed:
                if self._over:
                    return
                events = self._watch.look_at_clocks()
                events += self._take_answers()
                events += self._give_up_overdue()
                due = self._watch.due(self._room)
            for event in events:
                self._listen(event)
            for key, target in due:
                self._ask(key, target)
            with self._changed:
                if not self._answers and not self._over:
                    self._clocks.wait(self._changed, self._watch.wait_s(self._room))

    @property
    def _over(self) -> bool:
        return self._stopping or (self._watch.done and not self._answers)

    @property
    def _room(self) -> int:
        return RUNS_AT_ONCE - len(self._asking)

    def _ask(self, key: str, target: Target) -> None:
        asking = _Asking()

        def emit(event: Event) -> None:
            if isinstance(event, RunFinished):
                with self._changed:
                    self._answers.append((key, asking, event.report))
                    self._changed.notify_all()

        with self._changed:
            self._asking[key] = asking
        try:
            asking.handle = self._start_run(target, emit)
        except Exception as error:
            with self._changed:
                self._asking.pop(key, None)
                events = self._watch.failed_to_ask(key, NotAsked.of(error))
            for event in events:
                self._listen(event)
            return
        with self._changed:
            unwanted = self._stopping or self._asking.get(key) is not asking
        if unwanted:
            asking.cancel()

    def _take_answers(self) -> list[WatchEvent]:
        events: list[WatchEvent] = []
        while self._answers:
            key, asking, report = self._answers.popleft()
            if self._asking.get(key) is asking:
                del self._asking[key]
                events += self._watch.record(key, report)
        return events

    def _give_up_overdue(self) -> list[WatchEvent]:
        events: list[WatchEvent] = []
        for key, asking in list(self._asking.items()):
            if monotonic() - asking.since_s > _OVERDUE_S:
                asking.cancel()
                del self._asking[key]
                events += self._watch.failed_to_ask(key, NotAsked("the check did not end"))
        return events

    def _end_runs(self) -> None:
        with self._changed:
            handles = [each.handle for each in self._asking.values() if each.handle]
        for handle in handles:
            handle.cancel()
        deadline = monotonic() + STOP_TIMEOUT_S
        for handle in handles:
            handle.join(max(0.0, deadline - monotonic()))
