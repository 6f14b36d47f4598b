"""The layout is byte for byte that of Python's own encoder."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dcmecho.diagnosis.report import Report
from dcmecho.report.json.diagnose import report_data
from dcmecho.report.json.layout import IndentedArray, indented
from tests.unit.report.reports import green, rejected_called_title

scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text())
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner), st.lists(inner).map(tuple), st.dictionaries(st.text(), inner)
    ),
    max_leaves=30,
)


def by_the_standard_library(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=True) + "\n"


@pytest.mark.slow
@given(values)
def test_any_value(data: object) -> None:
    assert indented(data) == by_the_standard_library(data)


@pytest.mark.slow
@given(st.lists(values, max_size=4))
def test_an_array_element_by_element(elements: list[object]) -> None:
    array = IndentedArray()
    text = "".join([*map(array.element, elements), array.end()])
    assert text == by_the_standard_library(elements)


@pytest.mark.parametrize("report", [green(), rejected_called_title()])
def test_a_report(report: Report) -> None:
    data = report_data(report)
    assert indented(data) == by_the_standard_library(data)


def test_enumerations_as_the_standard_library_writes_them() -> None:
    data = {"status": green().verdict.status}
    assert indented(data) == by_the_standard_library(data)
