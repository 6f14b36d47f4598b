"""A watch whose time passes at once, for pictures: an hour of samples before the first look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from dcmecho.diagnosis.events import Event, RunFinished
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.runs import StartRun
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.watch.sample import Known
from dcmecho.diagnosis.watch.watch import Watch, WatchEvent, WatchOptions, WatchState
from tests.console.playback import PlayedEngine
from tests.console.played_peers import PlayedPeer
from tests.unit.watch.clocks import SetClocks

LASTS_S = 3600.0

History = Callable[[str, float], PlayedPeer]
"""How the peer of a target's name behaves so many seconds after the beginning."""


@dataclass
class PlayedWatcher:
    """A watcher, as ``dcmecho.dicom.watch.Watcher`` is one; it has asked all it ever asks."""

    engine: PlayedEngine
    history: History
    start_run: StartRun
    listen: Callable[[WatchEvent], None]
    clocks: SetClocks = field(default_factory=SetClocks)

    def __post_init__(self) -> None:
        self._watch = Watch(WatchOptions(), self.clocks)

    def start(
        self, targets: Iterable[tuple[str, Target]], known: Mapping[str, Known] | None = None
    ) -> None:
        """Let the hour pass."""
        self._watch.add(targets, known)
        begin_s = self.clocks.read().boottime_s
        while (elapsed_s := self.clocks.read().boottime_s - begin_s) < LASTS_S:
            for key, target in self._watch.due(1):
                self.engine.peers[target.name] = self.history(target.name, elapsed_s)
                for event in self._watch.record(key, self._report(target)):
                    self.listen(event)
            self.clocks.run(max(self._watch.wait_s(1), 0.001))

    def _report(self, target: Target) -> Report:
        reports: list[Report] = []

        def emit(event: Event) -> None:
            if isinstance(event, RunFinished):
                reports.append(event.report)

        run = self.start_run(target, emit)
        run.join(None)
        return replace(reports[0], started=self.clocks.read().wall)

    @property
    def targets(self) -> dict[str, Target]:
        """What is watched, by its keys."""
        return self._watch.targets

    def state(self, recent: int = 0) -> WatchState:
        """Everything as it stood at the end."""
        return self._watch.state(recent)

    def cancel(self) -> None:
        """Nothing runs."""

    def join(self, _timeout_s: float | None = None) -> bool:
        """Nothing to wait for."""
        return True
