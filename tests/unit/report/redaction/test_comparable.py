"""Redacted reports of one site are compared like the plain ones."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

from dcmecho.report.compare import comparison
from dcmecho.report.json import diagnose as as_json
from dcmecho.report.redaction.redaction import Redaction
from tests.unit.report.redaction.sites import sites
from tests.unit.report.reports import TARGET, green, refused, rejected_called_title

REDACTION = Redaction(b"k" * 32)
OTHERS = (
    replace(TARGET, called_ae="TARGET_PAC5"),
    replace(TARGET, called_ae="target_pacs"),
    replace(TARGET, calling_ae="MY_WORKSTATION "),
    replace(TARGET, host="pacs2.example"),
    replace(TARGET, port=4242),
)
REPORTS = [
    *(make(target) for target in (TARGET, *OTHERS) for make in (green, rejected_called_title)),
    refused(),
    *sites("SECRETPACS"),
    *sites("CT"),
]


def test_the_same_facts_differ() -> None:
    for one, other in pairwise(REPORTS):
        plain = [json.loads(as_json.render(each)) for each in (one, other)]
        redacted = [REDACTION.data(each) for each in plain]
        assert differing(*redacted) == differing(*plain)
        live = [json.loads(as_json.render(REDACTION.report(each))) for each in (one, other)]
        assert differing(*live) == differing(*plain)


def differing(before: dict[str, Any], after: dict[str, Any]) -> tuple[list[Any], bool]:
    found = comparison("a", before, "b", after)
    return found.differing, found.is_equal


def test_what_is_ours_stays() -> None:
    plain = json.loads(as_json.render(rejected_called_title()))
    redacted = REDACTION.data(plain)
    for key in ("schema", "source", "run_id", "started", "elapsed_ms", "not_proven"):
        assert redacted[key] == plain[key]
    assert redacted["verdict"] == plain["verdict"]
    assert redacted["target"]["port"] == plain["target"]["port"]
    assert [each["id"] for each in redacted["causes"]] == [each["id"] for each in plain["causes"]]
