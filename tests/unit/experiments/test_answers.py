"""The kind of answer in which a run ended. Comparing two runs needs nothing else."""

from __future__ import annotations

import pytest

from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.experiments.answers import ACCEPTED, DICOM, REFUSED, AnswerKind, answer_of
from dcmecho.diagnosis.stage import StageId, StageResult, Status
from dcmecho.diagnosis.target.tls import TlsEnding
from tests.unit.experiments.answered import EXAMPLES, Answered, closed, handshake, rejected

ASSOCIATE, ECHO, TLS = StageId.ASSOCIATE, StageId.ECHO, StageId.TLS


@pytest.mark.parametrize("kind", list(AnswerKind))
def test_each_kind_has_an_example_and_words(kind: AnswerKind) -> None:
    assert answer_of(EXAMPLES[kind].stages) is kind
    assert kind.words


@pytest.mark.parametrize(
    ("seen", "kind"),
    [
        (rejected(2, 1, 7), AnswerKind.REJECTED_CALLED),
        (rejected(2, 1, 3), AnswerKind.REJECTED_CALLING),
        (rejected(2, 1, 2), AnswerKind.REJECTED_APP_CONTEXT_FOR_NOW),
        (rejected(1, 1, 2), AnswerKind.REJECTED_APP_CONTEXT),
        (rejected(2, 3, 1), AnswerKind.REJECTED_FOR_NOW),
        (rejected(2, 2, 1), AnswerKind.REJECTED_UNEXPLAINED),
        (rejected(2, 1, 1), AnswerKind.REJECTED_UNEXPLAINED),
        (rejected(2, 2, 2), AnswerKind.REJECTED_FOR_NOW),
        (rejected(1, 1, 1), AnswerKind.REJECTED_NO_REASON),
        (rejected(1, 2, 1), AnswerKind.REJECTED),
        (rejected(1, 3, 56), AnswerKind.REJECTED),
        (rejected(1, 2, 2), AnswerKind.REJECTED),
        (closed(before_request=True), AnswerKind.CLOSED),
        (Answered(ASSOCIATE, EvidenceKind.PEER_RESET), AnswerKind.CLOSED),
        (Answered(ASSOCIATE, EvidenceKind.PEER_MALFORMED), AnswerKind.NOT_DICOM),
        # The kernel does not tell everywhere whether the request was acknowledged.
        (Answered(ASSOCIATE, EvidenceKind.PEER_SILENT), AnswerKind.SILENT),
        (Answered(ECHO, EvidenceKind.PEER_CLOSED), AnswerKind.CLOSED_AT_ECHO),
        (Answered(ECHO, EvidenceKind.PEER_MALFORMED), AnswerKind.NO_ECHO),
        (Answered(TLS, EvidenceKind.TLS_ESTABLISHED, {}, Status.PASSED), AnswerKind.TLS_DONE),
        (handshake(TlsEnding.CERTIFICATE_REFUSED), AnswerKind.TLS_REFUSED),
        (handshake(TlsEnding.CLOSED), AnswerKind.TLS_BROKEN),
        (handshake(TlsEnding.FAILED), AnswerKind.TLS_BROKEN),
        (Answered(StageId.PROFILE, EvidenceKind.PROFILE_INVALID), AnswerKind.UNREACHED),
        (Answered(StageId.RESOLVE, EvidenceKind.NAME_FAILED), AnswerKind.UNREACHED),
        (Answered(TLS, EvidenceKind.INTERNAL_ERROR), AnswerKind.UNREACHED),
        (Answered(ECHO, EvidenceKind.INTERNAL_ERROR), AnswerKind.UNREACHED),
        (
            Answered(ASSOCIATE, EvidenceKind.CANCELLED, {}, Status.SKIPPED),
            AnswerKind.UNREACHED,
        ),
    ],
    ids=str,
)
def test_what_was_seen(seen: Answered, kind: AnswerKind) -> None:
    assert answer_of(seen.stages) is kind


def test_a_missing_release_response_is_still_a_success() -> None:
    warned = StageResult(StageId.RELEASE, Status.WARNING, "no answer to A-RELEASE-RQ")
    assert answer_of((*EXAMPLES[AnswerKind.SUCCESS].stages, warned)) is AnswerKind.SUCCESS


def test_a_failed_stage_without_evidence_proves_nothing() -> None:
    assert answer_of((StageResult(ECHO, Status.FAILED, ""),)) is AnswerKind.UNREACHED


def test_a_limit_is_not_a_refusal() -> None:
    """Otherwise a busy peer would seem to judge the titles."""
    assert AnswerKind.REJECTED_FOR_NOW in DICOM - REFUSED
    assert not REFUSED & ACCEPTED
