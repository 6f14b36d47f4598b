"""What two vantage points that differ prove, and what they do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.comparison.comparison import compare
from dcmecho.diagnosis.evidence import EvidenceKind, JsonValue
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from tests.unit.report.reports import TARGET, ended


def from_gateway(failure: str) -> Report:
    """A name that is not found on the gateway, or a lookup there that is not answered."""
    data: dict[str, JsonValue] = {"failure": failure, "error": "from the resolver"}
    report = ended(StageId.RESOLVE, EvidenceKind.NAME_FAILED, data)
    return replace(report, target=replace(TARGET, vantage="gateway"))


def from_here() -> Report:
    return ended(StageId.ECHO, EvidenceKind.ECHO_RESPONSE, {"status": 0, "status_words": "success"})


@pytest.mark.parametrize(
    ("failure", "confidence"),
    [("not-found", Confidence.PROVEN), ("no-answer", Confidence.POSSIBLE)],
)
def test_a_lookup_that_is_not_answered_proves_no_other_name(
    failure: str, confidence: Confidence
) -> None:
    found = compare([from_here(), from_gateway(failure)])

    assert found.differs_at is StageId.RESOLVE
    assert [(cause.id, cause.confidence) for cause in found.causes] == [
        (CauseId.PATH_NAME_DIFFERS, confidence)
    ]
