"""The JSON Schema of reports: it refuses what is none, and leaves room for what may come.

Every report that another test renders is held against it too (tests/schema.py).
"""

from __future__ import annotations

import copy
from typing import Any

import fastjsonschema
import pytest

from dcmecho.report.json.diagnose import report_data
from tests.schema import require
from tests.unit.report.reports import rejected_called_title


def data() -> dict[str, Any]:
    return copy.deepcopy(report_data(rejected_called_title()))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), "dcmecho.report/2"),
        (("started",), "2026-11-23 10:32"),
        (("elapsed_ms",), "6.1"),
        (("target", "port"), "104"),
        (("verdict", "exit_code"), "15"),
        (("causes", 0, "actions"), "ask them"),
        (("stages", 0, "evidence"), None),
        (("history",), []),
    ],
)
def test_what_is_no_report_is_refused(path: tuple[str | int, ...], value: object) -> None:
    report = data()
    place: Any = report
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(fastjsonschema.JsonSchemaValueException):
        require(report)


@pytest.mark.parametrize("key", ["source", "verdict", "causes", "not_proven", "history"])
def test_no_key_is_left_out(key: str) -> None:
    report = data()
    del report[key]
    with pytest.raises(fastjsonschema.JsonSchemaValueException):
        require(report)


def test_new_keys_and_values_are_allowed() -> None:
    report = data() | {"source": "telepathy", "mood": "tired"}
    report["verdict"] |= {"status": "undecided", "exit_code": None}
    require(report)
