"""Numbers with their nouns."""

from __future__ import annotations

import pytest

from dcmecho.diagnosis.conclusion.conclusion import values_of
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind, JsonValue
from dcmecho.diagnosis.stage import StageId, StageResult, Status
from tests.unit.report.reports import STARTED, TARGET


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 days"), (1, "1 day"), (2, "2 days"), (14, "14 days")]
)
def test_one_is_singular(number: int, words: str) -> None:
    assert count(number, "day") == words


@pytest.mark.parametrize(
    ("days_off", "says"), [(0, "less than a day"), (1, "1 day"), (2, "2 days")]
)
def test_a_certificate_is_off_by_whole_days(days_off: int, says: str) -> None:
    certificate: dict[str, JsonValue] = {
        "position": 0,
        "valid_today": False,
        "names": [],
        "subject": "CN=pacs",
        "issuer": "CN=ca",
        "not_before": "2025-11-21",
        "not_after": "2026-11-21",
        "days_off": days_off,
    }
    evidence = Evidence(EvidenceKind.TLS_CERTIFICATE, 1.0, "a certificate", certificate)
    refused = StageResult(StageId.TLS, Status.FAILED, "expired", 1.0, (evidence,))
    assert values_of(TARGET, STARTED, (refused,))["days"] == says
