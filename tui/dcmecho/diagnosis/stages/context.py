"""Stage ``context``: was the Verification SOP class accepted?"""

from __future__ import annotations

from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.network.association import ContextAnswer, Negotiation
from dcmecho.diagnosis.stage import Status
from dcmecho.diagnosis.stages.outcome import Outcome, failed
from dcmecho.standard.context_results import ContextResult


def judge(negotiation: Negotiation) -> Outcome:
    """Judge the contexts of an accepted association; one accepted context is enough."""
    at_ms = negotiation.answer.at_ms
    contexts = negotiation.acceptance.contexts if negotiation.acceptance else ()
    accepted = [answer for answer in contexts if answer.is_accepted]
    refused = [answer for answer in contexts if not answer.is_accepted]
    if not contexts:
        return failed(_unanswered(at_ms))
    if not accepted:
        return failed(*(_refused(answer, at_ms) for answer in refused))
    syntax = accepted[0].transfer_syntax_name
    evidence = tuple(_accepted(answer, at_ms) for answer in accepted)
    return Outcome(
        Status.PASSED,
        f"Verification accepted, {syntax}",
        (*evidence, *(_refused(answer, at_ms) for answer in refused)),
    )


def _accepted(answer: ContextAnswer, at_ms: float) -> Evidence:
    return Evidence(
        EvidenceKind.CONTEXT_ACCEPTED,
        at_ms,
        f"context {answer.context_id} accepted with {answer.transfer_syntax_name}",
        {"context_id": answer.context_id, "transfer_syntax": answer.transfer_syntax},
    )


def _unanswered(at_ms: float) -> Evidence:
    seen = "an A-ASSOCIATE-AC that answers no presentation context"
    return Evidence(EvidenceKind.CONTEXTS_UNANSWERED, at_ms, seen, {"seen": seen})


def _refused(answer: ContextAnswer, at_ms: float) -> Evidence:
    words = ContextResult.words_of(answer.result, "outside the standard")
    return Evidence(
        EvidenceKind.CONTEXT_REFUSED,
        at_ms,
        f"Verification refused, result {answer.result}: {words}",
        {"context_id": answer.context_id, "result": answer.result},
    )
