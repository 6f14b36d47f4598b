"""Stage ``release``: is the association released normally? If not, that is only a warning."""

from __future__ import annotations

from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.network.association import Answer, Ending
from dcmecho.diagnosis.stage import Status
from dcmecho.diagnosis.stages.outcome import Outcome, no_pdu_within


def judge(answer: Answer) -> Outcome:
    """Judge the answer to A-RELEASE-RQ."""
    if answer.ending is Ending.ANSWERED:
        evidence = Evidence(EvidenceKind.RELEASE_RESPONSE, answer.at_ms, "A-RELEASE-RP")
        return Outcome(Status.PASSED, "released", (evidence,), answer.elapsed_ms)
    seen = no_pdu_within(answer, "A-RELEASE-RP")
    if answer.ending is Ending.CANCELLED:
        return seen
    finding = Evidence(EvidenceKind.RELEASE_MISSING, answer.at_ms, seen.summary)
    return Outcome(Status.WARNING, seen.summary, (finding, *seen.evidence), answer.elapsed_ms)


def aborted(at_ms: float) -> Outcome:
    """Return the outcome if the operator asked for A-ABORT instead of A-RELEASE."""
    evidence = Evidence(EvidenceKind.ABORT_SENT, at_ms, "A-ABORT sent as requested")
    return Outcome(Status.PASSED, "aborted as requested", (evidence,))
