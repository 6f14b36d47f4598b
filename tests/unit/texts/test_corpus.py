"""What real programs printed is explained as it was: nothing proven falsely, the cause listed."""

from __future__ import annotations

from statistics import median

import pytest

from dcmecho.report.json.layout import indented
from dcmecho.report.observed.explain import render
from tests.unit.texts.corpus import CASES, Case, causes, explained, proven, reports

EVERY = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@EVERY
def test_a_text_is_explained(case: Case) -> None:
    found = reports(case.text)
    listed = {each for one in causes(found) for each in one}
    if not case.is_about_dicom:
        assert found == []
        return
    assert listed & set(case.truth["causes"])
    assert any(one[0] in case.truth["first_ok"] for one in causes(found))
    assert set(case.truth["must_list"]) <= listed
    assert max(map(len, causes(found))) <= 7


@EVERY
def test_nothing_is_proven_that_the_text_does_not_prove(case: Case) -> None:
    assert proven(reports(case.text)) <= set(case.truth["may_be_proven"])


@EVERY
def test_no_data_of_a_patient_and_no_whole_line_is_told(case: Case) -> None:
    told = render(explained(case.text)) + indented(reports(case.text))
    assert [each for each in case.truth.get("forbid", ()) if each in told] == []
    assert [line for line in case.text.splitlines() if len(line) > 72 and line in told] == []


@EVERY
def test_titles_and_numbers_are_those_of_the_text(case: Case) -> None:
    found = reports(case.text)
    for name in ("called", "calling"):
        if name in case.truth["facts"]:
            assert case.truth["facts"][name] in {each["target"][f"{name}_ae"] for each in found}
    data = [e["data"] for each in found for s in each["stages"] for e in s["evidence"]]
    for name in ("result", "reason"):
        if name in case.truth["facts"]:
            assert case.truth["facts"][name] in {each.get(name) for each in data}


def test_few_causes_are_listed_in_the_middle() -> None:
    counts = [max(map(len, causes(reports(each.text))), default=0) for each in CASES]
    assert median(counts) <= 4
