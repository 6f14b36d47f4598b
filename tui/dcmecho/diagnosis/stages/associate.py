"""Stage ``associate``: does a DICOM application answer?"""

from __future__ import annotations

from dcmecho.diagnosis.evidence import Evidence, EvidenceKind, JsonValue
from dcmecho.diagnosis.network.association import Negotiation, Rejection
from dcmecho.diagnosis.stage import StageId, Status
from dcmecho.diagnosis.stages.outcome import Outcome, failed, no_pdu
from dcmecho.diagnosis.stages.slowness import noting_slowness
from dcmecho.standard.refusals import ABOUT_AE_TITLES, RejectReason


def judge(negotiation: Negotiation) -> Outcome:
    """Judge the answer. A rejection about AE titles passes too: an application answered."""
    elapsed = negotiation.answer.elapsed_ms
    at_ms = negotiation.answer.at_ms
    if negotiation.rejection is not None:
        evidence = rejected(negotiation)
        if about_ae_titles(negotiation.rejection):
            return _answered("", (evidence,), elapsed)
        return failed(evidence, elapsed_ms=elapsed)
    accepted = negotiation.acceptance
    if accepted is None:
        return no_pdu(negotiation.answer, "answer to A-ASSOCIATE-RQ")
    who = accepted.implementation_version or accepted.implementation_class_uid
    limit = accepted.max_pdu_bytes
    data: dict[str, JsonValue] = {
        "implementation_version": str(accepted.implementation_version),
        "implementation_class_uid": accepted.implementation_class_uid,
        "max_pdu_bytes": limit,
    }
    text = f"A-ASSOCIATE-AC from {who or 'an unnamed implementation'}"
    size = "" if limit is None else f", max PDU {limit or 'unlimited'}"
    seen = (
        Evidence(EvidenceKind.ASSOCIATION_ACCEPTED, at_ms, text + size, data),
        *(Evidence(EvidenceKind.PEER_ODD, at_ms, remark) for remark in accepted.remarks),
    )
    return _answered(f" ({who})" if who else "", seen, elapsed)


def _answered(who: str, evidence: tuple[Evidence, ...], elapsed_ms: float) -> Outcome:
    summary = f"a DICOM application answered{who}"
    answered = Outcome(Status.PASSED, summary, evidence, elapsed_ms)
    return noting_slowness(answered, StageId.ASSOCIATE, elapsed_ms)


def about_ae_titles(rejection: Rejection) -> bool:
    """Report whether a rejection is 1/1/3 or 1/1/7, or their transient forms 2/1/3 and 2/1/7."""
    return RejectReason.of(rejection.source, rejection.reason) in ABOUT_AE_TITLES


def rejected(negotiation: Negotiation) -> Evidence:
    """Return an A-ASSOCIATE-RJ as evidence: triple, meaning, and whether a close followed."""
    rejection = negotiation.rejection
    assert rejection is not None, "only called after a rejection"
    data: dict[str, JsonValue] = {
        "result": rejection.result,
        "source": rejection.source,
        "reason": rejection.reason,
    }
    if negotiation.closed_after is not None:
        data["closed_after"] = negotiation.closed_after
    text = f"rejected {rejection.triple}: {rejection.words}"
    at_ms = negotiation.answer.at_ms
    return Evidence(EvidenceKind.ASSOCIATION_REJECTED, at_ms, text, data)
