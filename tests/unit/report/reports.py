"""Reports that the real conclusion makes from canned stage results."""

from __future__ import annotations

from datetime import UTC, datetime

from dcmecho.diagnosis.conclusion.conclusion import conclude
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind, JsonValue
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId, StageResult, Status, ladder_of
from dcmecho.diagnosis.target.target import Target

TARGET = Target(
    name="Main PACS",
    host="pacs.example",
    port=104,
    called_ae="TARGET_PACS",
    calling_ae="MY_WORKSTATION",
)
STARTED = datetime(2026, 11, 23, 10, 32, 5, 118000, UTC)


def ended(
    stage: StageId,
    kind: EvidenceKind,
    data: dict[str, JsonValue] | None = None,
    *,
    status: Status = Status.FAILED,
    text: str = "what was seen",
    target: Target = TARGET,
) -> Report:
    """Return the report of a run that passed all stages before ``stage`` and ended there."""
    results = []
    reached = True
    for each in ladder_of(target):
        if each is stage:
            evidence = (Evidence(kind, 6.0, text, data or {}),)
            results.append(StageResult(each, status, text, 1.0, evidence))
            reached = status in (Status.PASSED, Status.WARNING)
        elif reached:
            results.append(_passed(each))
        else:
            results.append(StageResult(each, Status.NOT_REACHED, "not reached"))
    return conclude("run1", STARTED, 6.1, target, tuple(results))


def green(target: Target = TARGET) -> Report:
    """Return the report of a run in which every stage passed."""
    return ended(
        StageId.RELEASE,
        EvidenceKind.RELEASE_RESPONSE,
        status=Status.PASSED,
        text="released",
        target=target,
    )


def rejected_called_title(target: Target = TARGET) -> Report:
    """Return the report of a rejection with 1/1/7."""
    return ended(
        StageId.AE_TITLE,
        EvidenceKind.ASSOCIATION_REJECTED,
        {"result": 1, "source": 1, "reason": 7},
        text="rejected 1/1/7: called AE title not recognized",
        target=target,
    )


def refused(target: Target = TARGET) -> Report:
    """Return the report of a refused connection."""
    return ended(
        StageId.CONNECT,
        EvidenceKind.TCP_FAILED,
        {
            "peer": "192.0.2.50:104",
            "tried_from": "192.0.2.20",
            "timed_out": False,
            "errno": 111,
            "error": "Connection refused",
            "elapsed_ms": 0.3,
        },
        text="192.0.2.50:104: Connection refused (ECONNREFUSED)",
        target=target,
    )


def _passed(stage: StageId) -> StageResult:
    kinds: dict[StageId, tuple[EvidenceKind, dict[str, JsonValue]]] = {
        StageId.CONNECT: (
            EvidenceKind.TCP_CONNECTED,
            {"local": "192.0.2.20:53412", "peer": "192.0.2.50:104"},
        ),
        StageId.ASSOCIATE: (EvidenceKind.ASSOCIATION_ACCEPTED, {"max_pdu_bytes": 16384}),
        StageId.ECHO: (
            EvidenceKind.ECHO_RESPONSE,
            {"status": 0, "status_words": "success", "message_id": 1, "elapsed_ms": 1.0},
        ),
    }
    kind, data = kinds.get(stage, (EvidenceKind.PROFILE_VALID, {}))
    summary = "C-ECHO-RSP 0x0000, success" if stage is StageId.ECHO else f"{stage} passed"
    return StageResult(stage, Status.PASSED, summary, 1.0, (Evidence(kind, 1.0, summary, data),))
