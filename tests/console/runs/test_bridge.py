"""From run threads to the screen: batches, superseded runs, runs cancelled before they begin."""

from __future__ import annotations

import threading
from functools import partial

from dcmecho.console.runs.bridge import Bridge
from dcmecho.diagnosis.events import (
    Direction,
    Emit,
    Layer,
    LogLine,
    RunFinished,
    RunStarted,
    StageStarted,
)
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target
from tests.console.playback import STARTED, PlayedEngine

TARGET = Target("10.0.0.1", 104, "PACS", "WS", name="PACS")
LINE = LogLine("run-1", StageId.ECHO, 1.0, Layer.DIMSE, Direction.LOCAL, "a line")


class Handle:
    """A run that does nothing by itself."""

    def __init__(self) -> None:
        self.cancelled = threading.Event()

    def cancel(self) -> None:
        self.cancelled.set()

    def join(self, _timeout_s: float | None = None) -> Report | None:
        return None


class Starter:
    """Keeps the ``emit`` of each run that was started."""

    def __init__(self) -> None:
        self.emits: list[Emit] = []
        self.handles: list[Handle] = []
        self.started = threading.Semaphore(0)
        self.may_begin = threading.Event()
        self.may_begin.set()

    def start(self, emit: Emit) -> Handle:
        assert self.may_begin.wait(10)
        self.emits.append(emit)
        self.handles.append(Handle())
        self.started.release()
        return self.handles[-1]


def test_stage_events_wake_the_screen_and_log_lines_wait_for_the_batch() -> None:
    woken: list[bool] = []
    starter = Starter()
    bridge = Bridge(lambda: woken.append(True))
    bridge.run("PACS", starter.start)
    assert starter.started.acquire(timeout=10)
    starter.emits[0](LINE)
    assert woken == []
    starter.emits[0](StageStarted("run-1", StageId.ECHO, 1.0))
    assert woken == [True]
    assert bridge.lines() == [("PACS", LINE)]
    assert len(bridge.news()) == 1
    assert bridge.lines() == []
    assert bridge.news() == []


def test_what_a_superseded_run_still_says_is_dropped() -> None:
    starter = Starter()
    bridge = Bridge(lambda: None)
    bridge.run("PACS", starter.start)
    assert starter.started.acquire(timeout=10)
    starter.emits[0](LINE)
    bridge.run("PACS", starter.start)
    assert starter.started.acquire(timeout=10)
    assert starter.handles[0].cancelled.wait(10)
    starter.emits[0](RunStarted("run-1", STARTED, TARGET))
    starter.emits[0](LINE)
    starter.emits[1](LINE._replace(run_id="run-2"))
    assert [line.run_id for _, line in bridge.lines()] == ["run-2"]
    assert bridge.news() == []


def test_a_run_cancelled_before_it_began_is_cancelled_when_it_begins() -> None:
    starter = Starter()
    starter.may_begin.clear()
    bridge = Bridge(lambda: None)
    bridge.run("PACS", starter.start)
    bridge.cancel("PACS")
    starter.may_begin.set()
    assert starter.started.acquire(timeout=10)
    assert starter.handles[0].cancelled.wait(10)


def test_shutting_down_waits_for_the_runs_it_cancelled() -> None:
    engine = PlayedEngine()
    finished = threading.Event()
    bridge = Bridge(finished.set)
    bridge.run("PACS", partial(engine.diagnose, TARGET))
    assert finished.wait(10)
    bridge.shut_down()
    assert not any(run.thread.is_alive() for run in engine.runs)


def test_a_finished_run_is_no_longer_busy() -> None:
    engine = PlayedEngine()
    done = threading.Event()
    bridge = Bridge(lambda: None)
    bridge.run("PACS", partial(engine.diagnose, TARGET))
    while not done.is_set():
        for name, event in bridge.news():
            if isinstance(event, RunFinished):
                bridge.end(name)
                done.set()
    assert not bridge.busy
