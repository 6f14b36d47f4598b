"""One exit code per phase; 0 only if this run saw C-ECHO-RSP 0x0000."""

from __future__ import annotations

import pytest

from dcmecho.diagnosis.evidence import EvidenceKind, JsonValue
from dcmecho.diagnosis.stage import StageId, Status, ladder_of
from dcmecho.exit_codes import ExitCode, exit_code, worst
from tests.unit.report.reports import TARGET, ended, green

REJECTION: dict[str, JsonValue] = {"result": 2, "source": 3, "reason": 1}
ABORT: dict[str, JsonValue] = {"source": 0, "reason": 0}
TCP: dict[str, JsonValue] = {
    "peer": "192.0.2.1:104",
    "errno": 111,
    "error": "",
    "timed_out": False,
    "elapsed_ms": 1.0,
}
SEEN: dict[str, JsonValue] = {"before_request": False}


@pytest.mark.parametrize(
    ("stage", "kind", "data", "code"),
    [
        (StageId.PROFILE, EvidenceKind.PROFILE_INVALID, {}, 10),
        (StageId.PROFILE, EvidenceKind.DO_NOT_PROBE, {}, 10),
        (StageId.RESOLVE, EvidenceKind.NAME_FAILED, {"failure": "not-found"}, 11),
        (StageId.CONNECT, EvidenceKind.TCP_FAILED, TCP, 12),
        (StageId.ASSOCIATE, EvidenceKind.PEER_SILENT, {}, 13),
        (StageId.ASSOCIATE, EvidenceKind.PEER_CLOSED, SEEN, 13),
        (StageId.ASSOCIATE, EvidenceKind.PEER_RESET, SEEN, 13),
        (StageId.ASSOCIATE, EvidenceKind.PEER_BYTES, {"cause": "peer.is-http"}, 13),
        (StageId.ASSOCIATE, EvidenceKind.PEER_MALFORMED, {}, 13),
        (StageId.ASSOCIATE, EvidenceKind.ASSOCIATION_REJECTED, REJECTION, 15),
        (StageId.ASSOCIATE, EvidenceKind.ASSOCIATION_ABORTED, ABORT, 16),
        (StageId.AE_TITLE, EvidenceKind.ASSOCIATION_REJECTED, REJECTION, 15),
        (StageId.CONTEXT, EvidenceKind.CONTEXT_REFUSED, {"result": 3}, 17),
        (StageId.ECHO, EvidenceKind.PEER_SILENT, {}, 18),
        (StageId.ECHO, EvidenceKind.PEER_MALFORMED, {}, 18),
        (StageId.ECHO, EvidenceKind.PEER_CLOSED, SEEN, 16),
        (StageId.ECHO, EvidenceKind.PEER_RESET, SEEN, 16),
        (StageId.ECHO, EvidenceKind.ASSOCIATION_ABORTED, ABORT, 16),
        (StageId.ECHO, EvidenceKind.ECHO_RESPONSE, {"status": 290, "status_words": "x"}, 19),
        (StageId.CONNECT, EvidenceKind.INTERNAL_ERROR, {}, 1),
    ],
)
def test_each_failure_has_its_code(
    stage: StageId, kind: EvidenceKind, data: dict[str, JsonValue], code: int
) -> None:
    assert exit_code(ended(stage, kind, data)) == code


@pytest.mark.parametrize("stage", ladder_of(TARGET))
def test_a_cancelled_run_is_130_at_any_stage(stage: StageId) -> None:
    report = ended(stage, EvidenceKind.CANCELLED, status=Status.SKIPPED)
    assert exit_code(report) is ExitCode.INTERRUPTED


def test_green_is_zero() -> None:
    assert exit_code(green()) is ExitCode.OK


def test_a_release_that_nobody_answers_is_still_zero() -> None:
    report = ended(StageId.RELEASE, EvidenceKind.RELEASE_MISSING, status=Status.WARNING)
    assert exit_code(report) is ExitCode.OK


def test_the_worst_counts() -> None:
    assert worst([ExitCode.OK, ExitCode.REJECTED, ExitCode.TCP]) is ExitCode.REJECTED
    assert worst([]) is ExitCode.OK
