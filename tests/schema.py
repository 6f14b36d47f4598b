"""Holds every report that the tests make, in this process, against docs/schema/report-1.json."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import fastjsonschema

from dcmecho.report.json import diagnose, observed

FILE = Path(__file__).parent.parent / "docs/schema/report-1.json"
_T = TypeVar("_T")

require: Callable[[object], object] = fastjsonschema.compile(json.loads(FILE.read_text("utf-8")))
"""Raises ``fastjsonschema.JsonSchemaValueException`` for what is no report."""


def hold() -> None:
    """From now on, no report is rendered that the schema does not describe."""
    for module, name in ((diagnose, "report_data"), (observed, "observed_data")):
        setattr(module, name, _held(getattr(module, name)))


def _held(render: Callable[[_T], dict[str, Any]]) -> Callable[[_T], dict[str, Any]]:
    @functools.wraps(render)
    def rendered(report: _T) -> dict[str, Any]:
        data = render(report)
        require(data)
        return data

    return rendered
