"""A report that is read back says what it said before."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from dcmecho.diagnosis.conclusion.repeats import over_all
from dcmecho.diagnosis.history.compared import Compared
from dcmecho.diagnosis.history.history import Change, History, State, Together
from dcmecho.diagnosis.report import Report
from dcmecho.report import diagnose
from dcmecho.report.json.diagnose import render
from dcmecho.report.json.reading import report_of
from tests.unit.report.reports import STARTED, green, refused, rejected_called_title

EARLIER = STARTED - timedelta(days=1)
HISTORY = History(
    30,
    9,
    9,
    last_ok=EARLIER,
    since=(Change(Compared.PORT, 104, 4242),),
    together=(Together("on 192.0.2.0/24", 3, 4),),
    latest=(State(EARLIER, EARLIER, 9, 9, "ok", "release", ""),),
)


@pytest.mark.parametrize(
    "report",
    [
        green(),
        refused(),
        replace(rejected_called_title(), history=HISTORY),
        replace(green(), history=HISTORY._replace(last_failure=EARLIER)),
        replace(green(), history=HISTORY._replace(failing_since=EARLIER)),
        over_all([green(), refused()]),
    ],
)
def test_its_text_and_its_json_are_the_same(report: Report) -> None:
    again = report_of(json.loads(render(report)))
    assert diagnose.render(again) == diagnose.render(report)
    assert render(again) == render(report)
