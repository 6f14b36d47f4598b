"""Stage ``ae-title``: do both sides accept the AE titles?"""

from __future__ import annotations

from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.network.association import Negotiation
from dcmecho.diagnosis.sanitize import title_bytes
from dcmecho.diagnosis.stage import Status
from dcmecho.diagnosis.stages.associate import rejected
from dcmecho.diagnosis.stages.outcome import Outcome, failed
from dcmecho.diagnosis.target.target import Target


def judge(target: Target, negotiation: Negotiation) -> Outcome:
    """Judge an acceptance, or a rejection that is about AE titles."""
    at_ms = negotiation.answer.at_ms
    if negotiation.rejection is not None:
        return failed(rejected(negotiation))
    titles = f"{title_bytes(target.calling_ae)} -> {title_bytes(target.called_ae)}"
    accepted = Evidence(
        EvidenceKind.ASSOCIATION_ACCEPTED, at_ms, f"association accepted for {titles}"
    )
    return Outcome(Status.PASSED, f"accepted for {titles}", (accepted,))
