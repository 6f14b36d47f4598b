"""Surveys end when asked to, pause between associations, and leave nothing behind."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from dcmecho.diagnosis.events import (
    Direction,
    Event,
    LogLayer,
    LogLine,
    ServicesFinished,
    ServicesProgressed,
)
from dcmecho.diagnosis.investigation import MAX_ASSOCIATIONS, PAUSE_S
from dcmecho.diagnosis.survey.proofs import with_services
from dcmecho.diagnosis.survey.survey import SurveyRequest
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.services.worker import SurveyRun, start_survey
from dcmecho.exit_codes import ExitCode, exit_code
from dcmecho.lab.behaviour import Application, AwaitPdu, Behaviour, Hold, Offer, Script
from dcmecho.report.diagnose import render
from dcmecho.standard.uids import STUDY_ROOT_FIND
from tests.network.diagnose.diagnosing import diagnose
from tests.network.diagnose.test_cancel import CANCEL_DEADLINE_S, PATIENCE_S, patient, sockets
from tests.network.peers.scripted import ServePeer
from tests.network.services.test_odd_answers import PLAIN_CT

SILENT = Script((AwaitPdu(), Hold()))
SILENT_TO_QUERIES = Application(offers=(Offer((STUDY_ROOT_FIND,)),), on_find=(Hold(),))


class Watched:
    """A survey whose events can be waited for."""

    def __init__(self, target: Target, asked: SurveyRequest, used: int = 1) -> None:
        self.events: queue.Queue[Event] = queue.Queue()
        self.run: SurveyRun = start_survey(target, self.events.put, asked, used)
        self.seen: list[Event] = []

    def until_sent(self, begins: str) -> None:
        """Return once a PDU that begins so is on the wire."""
        while True:
            event = self.events.get(timeout=PATIENCE_S)
            self.seen.append(event)
            sent = isinstance(event, LogLine) and event.direction is Direction.SENT
            if sent and isinstance(event, LogLine) and event.text.startswith(begins):
                return

    def rest(self) -> list[Event]:
        """Return every event, once the survey has ended."""
        while not self.events.empty():
            self.seen.append(self.events.get())
        return self.seen


@pytest.mark.parametrize(
    ("behaviour", "asked", "waits_after"),
    [
        (SILENT, SurveyRequest(matrix=True), "A-ASSOCIATE-RQ"),
        (SILENT_TO_QUERIES, SurveyRequest(query=True), "P-DATA-TF  data set"),
    ],
)
def test_cancel_while_waiting(
    serve_peer: ServePeer, behaviour: Behaviour, asked: SurveyRequest, waits_after: str
) -> None:
    target = patient(serve_peer(behaviour))
    threads, before = set(threading.enumerate()), sockets()
    watched = Watched(target, asked)
    watched.until_sent(waits_after)

    watched.run.cancel()
    watched.run.cancel()
    result = watched.run.join(CANCEL_DEADLINE_S)

    assert result is not None, "the survey goes on after it was cancelled"
    assert result.cancelled
    assert result.findings == ()
    assert set(threading.enumerate()) <= threads
    assert len(sockets() - before) <= 1
    assert isinstance(watched.rest()[-1], ServicesFinished)
    lines = [event for event in watched.seen if isinstance(event, LogLine)]
    assert [line.text.split()[0] for line in lines if line.layer is LogLayer.ACSE][-1] == "A-ABORT"


def test_cancel_in_the_pause_before_it(serve_peer: ServePeer) -> None:
    watched = Watched(serve_peer(SILENT), SurveyRequest(matrix=True))
    watched.run.cancel()
    result = watched.run.join(CANCEL_DEADLINE_S)
    assert result is not None
    assert result.cancelled


def test_associations_keep_their_distance(serve_peer: ServePeer) -> None:
    requests: list[float] = []

    def note(event: Event) -> None:
        if isinstance(event, LogLine) and event.text.startswith("connect to"):
            requests.append(time.monotonic())

    began = time.monotonic()
    asked = SurveyRequest(like=PLAIN_CT, query=True)
    run = start_survey(serve_peer(Application()), note, asked, 1)
    assert run.join(PATIENCE_S) is not None
    gaps = [after - before for before, after in zip([began, *requests], requests, strict=False)]
    assert len(gaps) == asked.most_associations
    assert all(gap >= PAUSE_S for gap in gaps)


def test_a_spent_budget_ends_the_survey(serve_peer: ServePeer) -> None:
    watched = Watched(serve_peer(Application()), SurveyRequest(query=True), used=MAX_ASSOCIATIONS)
    result = watched.run.join(PATIENCE_S)
    assert result is not None
    assert result.associations == 0
    assert str(MAX_ASSOCIATIONS) in result.refusal


def never(target: Target) -> Target:
    return replace(target, do_not_probe="clinical hours")


def only_echo(target: Target) -> Target:
    return replace(target, no_experiments="clinical hours")


@pytest.mark.parametrize("forbidden", [never, only_echo])
def test_what_the_profile_forbids_is_not_asked(
    serve_peer: ServePeer, forbidden: Callable[[Target], Target]
) -> None:
    watched = Watched(forbidden(serve_peer(Application())), SurveyRequest(matrix=True))
    result = watched.run.join(PATIENCE_S)
    assert result is not None
    assert result.associations == 0
    assert "clinical hours" in result.refusal


def test_no_data_set_reaches_the_log(serve_peer: ServePeer) -> None:
    watched = Watched(serve_peer(SILENT_TO_QUERIES), SurveyRequest(query=True))
    watched.until_sent("P-DATA-TF  data set")
    watched.run.cancel()
    watched.run.join(CANCEL_DEADLINE_S)
    data_sets = [
        event for event in watched.rest() if isinstance(event, LogLine) and "data set" in event.text
    ]
    assert data_sets
    assert all(event.raw == b"" for event in data_sets)


def test_a_fault_of_dcmecho_is_told_and_is_no_success(serve_peer: ServePeer) -> None:
    def faulty(event: Event) -> None:
        if isinstance(event, ServicesProgressed):
            raise ValueError("cannot take it")

    target = serve_peer(Application())
    result = start_survey(target, faulty, SurveyRequest(query=True), 1).join(PATIENCE_S)
    assert result is not None
    assert result.fault.startswith("bug in dcmecho, not in the peer: ValueError: cannot take it")
    report = with_services(diagnose(target), result)
    assert exit_code(report) is ExitCode.INTERNAL
    assert "ValueError: cannot take it" in render(report)
