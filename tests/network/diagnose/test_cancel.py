"""Cancelling ends a run within two seconds at any stage, and leaves no thread and no socket."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Mapping
from dataclasses import replace

import pytest

from dcmecho.diagnosis.events import Direction, Event, LogLayer, LogLine, RunFinished, StageStarted
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.dicom.runs.workers import Run, start
from dcmecho.exit_codes import ExitCode, exit_code
from dcmecho.lab.behaviour import Application, AwaitPdu, Behaviour, FullQueue, Hold, Script
from tests.network.peers.scripted import ServePeer, lab_of

CANCEL_DEADLINE_S = 2.0
PATIENCE_S = 10.0
LONG_S = 600.0

SILENT_AT: Mapping[StageId, Behaviour] = {
    StageId.CONNECT: FullQueue(),
    StageId.ASSOCIATE: Script((AwaitPdu(), Hold())),
    StageId.ECHO: Application(on_echo=(Hold(),)),
    StageId.RELEASE: Application(on_release=(Hold(),)),
}


def patient(target: Target) -> Target:
    return replace(target, connect_timeout_s=LONG_S, acse_timeout_s=LONG_S, dimse_timeout_s=LONG_S)


class Watched:
    """A run whose events can be waited for."""

    def __init__(self, target: Target) -> None:
        self.events: queue.Queue[Event] = queue.Queue()
        self.run: Run = start(target, self.events.put)

    def until_waiting_at(self, stage: StageId) -> None:
        """Return when ``stage`` has started and its request has been sent."""
        while True:
            event = self.events.get(timeout=PATIENCE_S)
            if isinstance(event, StageStarted) and event.stage is stage:
                break
        while stage is not StageId.CONNECT:
            event = self.events.get(timeout=PATIENCE_S)
            if isinstance(event, LogLine) and event.direction is Direction.SENT:
                return

    def rest(self) -> list[Event]:
        """Return the events that have not been read."""
        found = []
        while not self.events.empty():
            found.append(self.events.get())
        return found


def sockets() -> set[str]:
    """Return the sockets that this process has open."""
    found = set()
    for descriptor in os.listdir("/proc/self/fd"):
        try:
            link = os.readlink(f"/proc/self/fd/{descriptor}")
        except OSError:
            continue
        if link.startswith("socket:"):
            found.add(link)
    return found


@pytest.mark.parametrize("stage", list(SILENT_AT))
def test_cancel_while_waiting(stage: StageId) -> None:
    threads, before = set(threading.enumerate()), sockets()
    # The peer has closed its sockets, so those left belong to dcmecho.
    with lab_of(SILENT_AT[stage]) as peer:
        (target,) = peer.targets()
        watched = Watched(patient(target))
        watched.until_waiting_at(stage)

        watched.run.cancel()
        watched.run.cancel()
        report = watched.run.join(CANCEL_DEADLINE_S)

    assert report is not None, "the run goes on after it was cancelled"
    assert report.verdict.status is VerdictStatus.CANCELLED
    assert report.verdict.stage is stage
    assert exit_code(report) is ExitCode.INTERRUPTED
    assert report.causes == ()
    assert set(threading.enumerate()) <= threads
    assert sockets() <= before
    assert isinstance(watched.rest()[-1], RunFinished)


@pytest.mark.parametrize("stage", [StageId.ASSOCIATE, StageId.ECHO, StageId.RELEASE])
def test_an_open_association_is_aborted(serve_peer: ServePeer, stage: StageId) -> None:
    watched = Watched(patient(serve_peer(SILENT_AT[stage])))
    watched.until_waiting_at(stage)
    watched.run.cancel()
    watched.run.join(CANCEL_DEADLINE_S)
    sent = [
        event.text
        for event in watched.rest()
        if isinstance(event, LogLine)
        and event.layer is LogLayer.ACSE
        and event.direction is Direction.SENT
    ]
    assert [text.split()[0] for text in sent] == ["A-ABORT"]


def test_cancel_before_it_began_anything(serve_peer: ServePeer) -> None:
    watched = Watched(patient(serve_peer(FullQueue())))
    watched.run.cancel()
    report = watched.run.join(CANCEL_DEADLINE_S)
    assert report is not None
    assert report.verdict.status is VerdictStatus.CANCELLED


def test_cancel_after_the_end_changes_nothing(serve_peer: ServePeer) -> None:
    watched = Watched(serve_peer(Application()))
    report = watched.run.join(PATIENCE_S)
    watched.run.cancel()
    assert report is not None
    assert report.verdict.status is VerdictStatus.OK


@pytest.mark.parametrize("behaviour", [Application(), Script((AwaitPdu(), Hold()))])
def test_nothing_is_left_after_a_run(
    serve_peer: ServePeer, behaviour: Application | Script
) -> None:
    target = replace(serve_peer(behaviour), acse_timeout_s=0.3)
    threads = set(threading.enumerate())
    for _ in range(5):
        assert start(target, lambda _event: None).join(PATIENCE_S) is not None
    assert set(threading.enumerate()) <= threads
