"""Reports of a file are read back whole, or told to be none; whatever stands in them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from dcmecho.diagnosis.history.compared import compared_values
from dcmecho.report.compare import comparison, comparison_data, render
from dcmecho.report.json.diagnose import report_data
from dcmecho.report.json.layout import indented
from dcmecho.report.json.reading import read_whole, report_of
from tests.unit.report.reports import green, rejected_called_title

SURVEY = {
    "matrix": {
        "transfer_syntaxes": [{"uid": "1", "short": "impl"}],
        "sop_classes": [{"name": "CT Image Storage", "answers": {"1": "accepted"}}],
    }
}
GOOD: dict[str, Any] = {**json.loads(json.dumps(report_data(green()))), "services": SURVEY}
REJECTED: dict[str, Any] = json.loads(json.dumps(report_data(rejected_called_title())))
ODD: tuple[object, ...] = (
    None,
    True,
    -1,
    1e999,
    "x",
    "\x1b]0;x\x07",
    [],
    {},
    [[]],
    {"a": []},
    10**400,
)
GONE = object()


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(each, (*path, key))


def with_odd(report: Any, path: tuple[Any, ...], odd: object) -> Any:
    changed = copy.deepcopy(report)
    at = changed
    for key in path[:-1]:
        at = at[key]
    if odd is GONE:
        del at[path[-1]]
    else:
        at[path[-1]] = odd
    return changed


@pytest.mark.parametrize("odd", [*ODD, GONE], ids=lambda odd: repr(odd)[:12])
@pytest.mark.parametrize("report", [GOOD, REJECTED], ids=["green", "rejected"])
def test_anything_in_any_place_is_compared_or_no_report(report: Any, odd: object) -> None:
    for path in filter(None, places(report)):
        changed = with_odd(report, path, odd)
        try:
            report_of(changed)
            with read_whole():
                compared_values(changed)
        except ValueError:
            continue
        found = comparison("a", report, "b", changed)
        assert "\x1b" not in render(found) + indented(comparison_data(found))
