"""From run threads to the screen: batches, superseded runs, one thread for each."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial

import pytest

from dcmecho.console.runs.bridge import Bridge, Launch
from dcmecho.console.runs.engine import DicomEngine
from dcmecho.diagnosis.events import (
    Direction,
    Emit,
    LogLayer,
    LogLine,
    RunFinished,
    RunStarted,
    StageStarted,
)
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.survey.survey import SurveyRequest
from dcmecho.diagnosis.target.target import Target
from tests.console.playback import STARTED, PlayedEngine
from tests.network.peers.real_peers import unused_port

TARGET = Target("10.0.0.1", 104, "PACS", "WS", name="PACS")
LINE = LogLine("run-1", StageId.ECHO, 1.0, LogLayer.DIMSE, Direction.LOCAL, "a line")


class Handle:
    """A run that does nothing by itself."""

    def __init__(self) -> None:
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True

    def join(self, _timeout_s: float | None = None) -> Report | None:
        return None


class Starter:
    """Keeps the ``emit`` of each run that was started."""

    def __init__(self) -> None:
        self.emits: list[Emit] = []
        self.handles: list[Handle] = []

    def start(self, emit: Emit) -> Handle:
        self.emits.append(emit)
        self.handles.append(Handle())
        return self.handles[-1]


def test_stage_events_wake_the_screen_and_log_lines_wait_for_the_batch() -> None:
    woken: list[bool] = []
    starter = Starter()
    bridge = Bridge(lambda: woken.append(True))
    bridge.run("PACS", starter.start)
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
    starter.emits[0](LINE)
    bridge.run("PACS", starter.start)
    assert starter.handles[0].cancelled
    starter.emits[0](RunStarted("run-1", STARTED, TARGET))
    starter.emits[0](LINE)
    starter.emits[1](LINE._replace(run_id="run-2"))
    assert [line.run_id for _, line in bridge.lines()] == ["run-2"]
    assert bridge.news() == []


@pytest.mark.parametrize("kind", ["run", "survey"])
def test_a_run_has_one_thread(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = DicomEngine()
    launches: dict[str, Launch] = {
        "run": partial(engine.diagnose, nobody_listens()),
        "survey": partial(engine.survey, nobody_listens(), SurveyRequest(query=True), 1),
    }
    begun: list[str] = []
    start = threading.Thread.start

    def counted(thread: threading.Thread) -> None:
        begun.append(thread.name)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", counted)
    told = threading.Event()
    bridge = Bridge(told.set)
    bridge.run("PACS", launches[kind])
    assert told.wait(30)
    bridge.shut_down(30)
    assert bridge.failures() == []
    assert [name.rpartition("-")[0] for name in begun] == [f"dcmecho-{kind}"]


def nobody_listens() -> Target:
    return replace(TARGET, host="127.0.0.1", port=unused_port())


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
