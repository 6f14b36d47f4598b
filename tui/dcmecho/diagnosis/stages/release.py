"""Stage ``release``: does the association end in order? Its absence is a warning, never worse."""

from __future__ import annotations

from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.network.association import Answer, Ending
from dcmecho.diagnosis.stage import Status
from dcmecho.diagnosis.stages.outcome import Outcome, no_pdu_within


def judge(answer: Answer) -> Outcome:
    """Judge what came after A-RELEASE-RQ."""
    if answer.ending is Ending.ANSWERED:
        evidence = Evidence(EvidenceKind.RELEASE_RESPONSE, answer.at_ms, "A-RELEASE-RP")
        return Outcome(Status.PASSED, "released", (evidence,), answer.elapsed_ms)
    seen = no_pdu_within(answer, "A-RELEASE-RP")
    if answer.ending is Ending.CANCELLED:
        return seen
    finding = Evidence(EvidenceKind.RELEASE_MISSING, answer.at_ms, seen.summary)
    return Outcome(Status.WARNING, seen.summary, (finding, *seen.evidence), answer.elapsed_ms)


def aborted(at_ms: float) -> Outcome:
    """The operator asked for A-ABORT in place of A-RELEASE."""
    evidence = Evidence(EvidenceKind.ABORT_SENT, at_ms, "A-ABORT sent, as asked")
    return Outcome(Status.PASSED, "aborted, as asked", (evidence,))
