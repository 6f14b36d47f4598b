"""What experiments have shown is told in sentences: how many, what went, what stays, the end."""

from __future__ import annotations

from dataclasses import replace

from dcmecho.diagnosis.experiments.answers import AnswerKind
from dcmecho.diagnosis.experiments.plans import ExperimentId
from dcmecho.diagnosis.investigation import Investigation
from tests.unit.experiments.test_investigation import after, made
from tests.unit.report.reports import rejected_called_title

A, X = AnswerKind, ExperimentId


def told(investigation: Investigation) -> str:
    return investigation.shown


def test_nothing_is_told_before_the_first() -> None:
    assert told(after(rejected_called_title())) == ""


def test_an_answer_that_says_nothing_new_rules_nothing_out() -> None:
    same = made(after(rejected_called_title()), X.CONTROL_CALLING, A.REJECTED_CALLED)
    expected = "1 experiment run. No cause was ruled out. Still possible: the 4 above."
    assert told(same) == expected


def test_it_names_what_went_and_counts_what_stays() -> None:
    differs = made(after(rejected_called_title()), X.CONTROL_CALLING, A.REJECTED_CALLING)
    assert told(differs) == (
        "1 experiment run. Ruled out: The peer does not know calling AE MY_WORKSTATION; The peer "
        "does not allow this address. Still possible: the 2 above."
    )


def test_it_says_when_no_other_would_help() -> None:
    last = made(after(rejected_called_title()), X.CONTROL_CALLING, A.REJECTED_CALLED)
    one = replace(last, report=replace(last.report, causes=last.report.causes[:1]))
    assert told(one).endswith(
        "Still possible: the one above. No further experiment is likely to narrow it down."
    )
