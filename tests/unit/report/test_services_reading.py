"""Services that are read back from a report say what they said before."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from dcmecho.diagnosis.move.verdict import judge
from dcmecho.diagnosis.network.association import Ending
from dcmecho.diagnosis.services.model import (
    LikeOutcome,
    LikeResult,
    ObjectKind,
    ProbeRequest,
    ProbeResult,
    ProbeStep,
    QueryOutcome,
    QueryResult,
    ServicesResult,
)
from dcmecho.diagnosis.store.model import StoreAttempt, new_test_image
from dcmecho.diagnosis.store.verdict import judge as judge_store
from dcmecho.report.json.diagnose import report_data
from dcmecho.report.json.reading import report_of
from dcmecho.report.json.services import services_data
from dcmecho.report.services import render_services
from tests.unit.report.reports import green, refused
from tests.unit.services.moved import REACHED, WRONG_PORT, answered
from tests.unit.services.surveyed import TARGET, surveyed
from tests.unit.services.test_report import mixed
from tests.unit.services.test_store_verdict import LOST, STORED_IN_SMALL, attempt, tcp

BARE = replace(surveyed(), matrix=None)
KIND = ObjectKind("IM1.dcm", "1.2.840.10008.5.1.4.1.1.2", "CT", "1.2.840.10008.1.2", "Implicit")
ROW = (surveyed().matrix or pytest.fail("a survey has a matrix")).rows[14]
IMAGE = new_test_image(5000)
NOT_SENT = StoreAttempt(small_segments=False, text="refused", context_result=3)


@pytest.mark.parametrize(
    "result",
    [
        surveyed(mixed),
        replace(BARE, refusal="clinical hours"),
        replace(BARE, fault="a bug", cancelled=True),
        replace(BARE, stopped=refused().verdict),
        replace(BARE, like=LikeResult(KIND, LikeOutcome.TAKEN, ROW, "would be accepted")),
        replace(BARE, query=QueryResult(QueryOutcome.NO_MATCH, "answered", 0, 0, 3.25)),
        replace(BARE, query=QueryResult(QueryOutcome.ABORTED, "aborted")),
        replace(
            BARE,
            probe=ProbeResult(
                (ProbeRequest(300, 3, ProbeStep.ANSWERED, "answered", False, 2.5, tcp(300)),),
                "every size was answered",
                passed=True,
            ),
        ),
        replace(BARE, move=judge(REACHED)),
        replace(BARE, move=judge(WRONG_PORT)),
        replace(BARE, move=judge(replace(REACHED, answer=answered(0xA801, comment="who?")))),
        replace(BARE, store=judge_store(IMAGE, [LOST, STORED_IN_SMALL], TARGET)),
        replace(BARE, store=judge_store(IMAGE, [attempt(Ending.ABORTED)], TARGET)),
        replace(BARE, store=judge_store(IMAGE, [NOT_SENT], TARGET)),
    ],
)
def test_services_are_told_as_before(result: ServicesResult) -> None:
    data = json.loads(json.dumps(report_data(replace(green(), services=result))))
    read = report_of(data).services
    assert read is not None
    assert render_services(read) == render_services(result)
    again = json.loads(json.dumps(services_data(read)))
    # The calls themselves are not read, see the module.
    if move := data["services"]["move"]:
        again["move"] |= {key: move[key] for key in ("calls", "listened_on")}
    assert again == data["services"]


@pytest.mark.parametrize("legs", [None, 3, [{"id": "new-leg"}], [{"id": "listen", "text": 5}]])
def test_what_cannot_be_told_is_left_out(legs: object) -> None:
    data = report_data(replace(green(), services=replace(BARE, move=judge(REACHED))))
    data["services"]["move"]["legs"] = legs
    assert report_of(data) == replace(report_of(report_data(green())), services=None)
