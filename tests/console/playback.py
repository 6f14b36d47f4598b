"""Runs without a network: the real ladder and the real reasoning over canned answers.

A peer that answers at the right moment, to the same millisecond on every run, is the one thing that
no real peer can be. Everything else of a run is real: stages, causes, texts, decoded PDUs.
"""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from dcmecho.console.runs.engine import ListenerHandle
from dcmecho.diagnosis.events import (
    Emit,
    Event,
    RunFinished,
    RunStarted,
    ServicesFinished,
    ServicesProgressed,
    StageFinished,
)
from dcmecho.diagnosis.experiments.plans import Experiment
from dcmecho.diagnosis.investigation import Investigation
from dcmecho.diagnosis.ladder import climb
from dcmecho.diagnosis.listen.calls import Call
from dcmecho.diagnosis.listen.events import EmitListening
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.services.model import ServicesResult
from dcmecho.diagnosis.stage import StageId, StageResult
from dcmecho.diagnosis.survey.survey import SurveyRequest
from dcmecho.diagnosis.target.prohibition import Prohibitions
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.listen.listener import ListenerConfig
from tests.console.canned_link import CannedLink, address_of
from tests.console.listen.played_callers import listen
from tests.console.played_peers import GREEN, PlayedPeer
from tests.unit.services.surveyed import surveyed

STARTED = datetime(2026, 11, 23, 10, 32, 5, 118000, UTC)


@dataclass
class PlayedRun:
    """A run handle, as ``dcmecho.dicom.runs.workers.Run`` is one."""

    target: Target
    thread: threading.Thread
    link: CannedLink

    def cancel(self) -> None:
        """End what is held."""
        self.link.cancel()

    def join(self, timeout_s: float | None = None) -> Report | None:
        """Wait for the thread."""
        self.thread.join(timeout_s)
        return None


class PlayedRound:
    """A round's handle, as ``dcmecho.dicom.check.CheckPool`` is one; two runs at once."""

    def __init__(
        self, engine: PlayedEngine, targets: Sequence[Target], emits: Sequence[Emit]
    ) -> None:
        self._engine = engine
        self._work = deque(zip(targets, emits, strict=True))
        self._running: list[PlayedRun] = []
        self.thread = threading.Thread(target=self._play, daemon=True)

    def cancel(self) -> None:
        """End what is held, and begin no more."""
        self._work.clear()
        for run in self._running:
            run.cancel()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for the end of all."""
        self.thread.join(timeout_s)
        return not self.thread.is_alive()

    def _play(self) -> None:
        while self._work:
            pairs = [self._work.popleft() for _ in range(min(2, len(self._work)))]
            self._running = [self._engine.diagnose(*pair) for pair in pairs]
            for run in self._running:
                run.join()


@dataclass
class PlayedSurvey:
    """The handle of a survey; it waits for ``go`` and tells what the play has for it."""

    finishes: Callable[[bool], None]
    go: threading.Event = field(default_factory=threading.Event)
    cancelled: bool = False

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._play, daemon=True)
        self.thread.start()

    def _play(self) -> None:
        if not self.go.wait(timeout=30):
            raise TimeoutError("nobody let the survey go on")
        self.finishes(self.cancelled)

    def cancel(self) -> None:
        """End it."""
        self.cancelled = True
        self.go.set()

    def join(self, timeout_s: float | None = None) -> None:
        """Wait for the thread."""
        self.thread.join(timeout_s)


def _set() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


@dataclass
class PlayedEngine:
    """An ``Engine`` that plays: by target name, else ``GREEN``.

    Experiments do not wait; while ``pausing`` they wait for ``go_on``.
    """

    peers: dict[str, PlayedPeer] = field(default_factory=dict)
    runs: list[PlayedRun] = field(default_factory=list)
    experiments: list[Experiment] = field(default_factory=list)
    asked: list[SurveyRequest] = field(default_factory=list)
    """What was asked of services."""
    survey_result: ServicesResult = field(default_factory=surveyed)
    """What each survey finds out."""
    surveys: list[PlayedSurvey] = field(default_factory=list)
    unknown_hosts: frozenset[str] = frozenset()
    names_known: threading.Event = field(default_factory=_set)
    pausing: bool = False
    local_addresses: tuple[str, ...] = ()
    callers: tuple[Call, ...] = ()
    """They call as soon as the console listens; without any a real listener begins."""
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def prepare(self) -> None:
        """There is nothing to load."""

    def forbid(self, prohibitions: Prohibitions) -> None:
        """Nothing is probed here."""

    def diagnose(self, target: Target, emit: Emit) -> PlayedRun:
        """Start a run on a thread of its own."""
        return self._start(target, emit, RunOptions())

    def diagnose_all(self, targets: Sequence[Target], emits: Sequence[Emit]) -> PlayedRound:
        """Start all runs, two at once."""
        played = PlayedRound(self, targets, emits)
        played.thread.start()
        return played

    def experiment(
        self, _investigation: Investigation, experiment: Experiment, emit: Emit
    ) -> PlayedRun:
        """Start an experiment, without the pause that a real peer is given."""
        self.experiments.append(experiment)
        return self._start(experiment.target, emit, experiment.options, pausing=self.pausing)

    def survey(self, _target: Target, asked: SurveyRequest, _used: int, emit: Emit) -> PlayedSurvey:
        """Begin a survey; it ends at once, while ``pausing`` at ``go_on``."""
        self.asked.append(asked)
        result = self.survey_result
        nothing = replace(result, matrix=None, query=None, probe=None)
        emit(ServicesProgressed("run-s", STARTED, "association 1 of 4", nothing))

        def finish(cancelled: bool) -> None:
            found = replace(nothing, cancelled=True) if cancelled else result
            emit(ServicesFinished("run-s", found))

        survey = PlayedSurvey(finish)
        self.surveys.append(survey)
        if not self.pausing:
            survey.go.set()
        return survey

    def addresses_of(self, host: str) -> frozenset[str]:
        """Know every name but a few, as soon as ``names_known`` says so."""
        if not self.names_known.wait(timeout=120):
            raise TimeoutError("nobody let the names be known")
        return frozenset() if host in self.unknown_hosts else frozenset({address_of(host)})

    def name_problem(self, host: str) -> str:
        """Know every name but a few."""
        return (
            "does not resolve on this machine: no such name" if host in self.unknown_hosts else ""
        )

    def nonsense_title(self) -> str:
        """One title for all, so that pictures do not differ."""
        return "NOSUCH4F1C"

    def addresses(self) -> tuple[str, ...]:
        """Those that the test gives, so that pictures do not differ."""
        return self.local_addresses

    def listen(self, config: ListenerConfig, emit: EmitListening) -> ListenerHandle:
        """Play the callers, if there are any."""
        return listen(self.callers, config, emit)

    def _start(
        self, target: Target, emit: Emit, options: RunOptions, *, pausing: bool = False
    ) -> PlayedRun:
        number = next(self._numbers)
        run_id = f"run-{number}"
        stamped = _stamp(emit, number)
        link = CannedLink(self.peers.get(target.name, GREEN), run_id, stamped)

        def play() -> None:
            if pausing:
                link.wait()
            climb(run_id, target, link, stamped, options)

        run = PlayedRun(target, threading.Thread(target=play, daemon=True), link)
        self.runs.append(run)
        run.thread.start()
        return run

    def go_on(self) -> None:
        """Let every held stage go on."""
        for run in self.runs:
            run.link.release_hold()
        for survey in self.surveys:
            survey.go.set()


def _stamp(emit: Emit, number: int) -> Callable[[Event], None]:
    """Take the one clock out that a canned run still reads: that of the ladder itself."""
    started = STARTED.replace(second=(STARTED.second + number) % 60)

    def stamped(event: Event) -> None:
        match event:
            case RunStarted():
                emit(event._replace(at=started))
            case StageFinished():
                emit(event._replace(result=_without_clock(event.result)))
            case RunFinished():
                stages = tuple(map(_without_clock, event.report.stages))
                elapsed = sum(each.elapsed_ms or 0.0 for each in stages)
                report = replace(event.report, started=started, elapsed_ms=elapsed, stages=stages)
                emit(event._replace(report=report))
            case _:
                emit(event)

    return stamped


def _without_clock(result: StageResult) -> StageResult:
    if result.id is not StageId.PROFILE:
        return result
    evidence = tuple(each._replace(at_ms=0.0) for each in result.evidence)
    return result._replace(elapsed_ms=0.0, evidence=evidence)
