"""Stores the test image, and again in small segments if the network loses it."""

from __future__ import annotations

from dataclasses import replace

from dcmecho.diagnosis.network.association import Acceptance, Ending
from dcmecho.diagnosis.run_options import SMALL_SEGMENT_BYTES, ContextProposal, RunOptions
from dcmecho.diagnosis.store.model import StoreAttempt, StoreResult, SyntheticImage
from dcmecho.diagnosis.store.verdict import Stall, judge, stall_of
from dcmecho.diagnosis.survey.associations import Associations
from dcmecho.diagnosis.survey.link import ServiceLink
from dcmecho.standard.uids import (
    EXPLICIT_VR_LITTLE_ENDIAN,
    IMPLICIT_VR_LITTLE_ENDIAN,
    SECONDARY_CAPTURE_IMAGE_STORAGE,
)

MOST_ASSOCIATIONS = 2

_SYNTAXES = (EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN)
_PROPOSED = (ContextProposal(SECONDARY_CAPTURE_IMAGE_STORAGE, _SYNTAXES),)
_MESSAGE_ID = 1


def store(sent: SyntheticImage, associations: Associations) -> StoreResult:
    """Store the object and judge. Raises the same errors as ``Associations.open``."""
    attempts = [_attempt(sent, associations, small_segments=False)]
    answered = attempts[0].answer
    if answered is not None and stall_of(answered) is Stall.NETWORK:
        attempts.append(_attempt(sent, associations, small_segments=True))
    return judge(sent, attempts, associations.target)


def _attempt(
    sent: SyntheticImage, associations: Associations, *, small_segments: bool
) -> StoreAttempt:
    made: list[StoreAttempt] = []

    def use(link: ServiceLink, acceptance: Acceptance) -> bool:
        context, longest = acceptance.only_answer, acceptance.max_pdu_bytes
        if context is None or not context.is_accepted:
            refused = StoreAttempt(small_segments, None, context and context.result, longest)
            made.append(replace(refused, text="not offered", left_unanswered=context is None))
            return False
        answered = link.store(context, _MESSAGE_ID, sent)
        made.append(StoreAttempt(small_segments, answered, 0, longest, answered.answer.elapsed_ms))
        return answered.answer.ending is Ending.ANSWERED

    how = f" in segments of {SMALL_SEGMENT_BYTES} bytes" if small_segments else ""
    purpose = f"stores a test image of {sent.size_bytes} bytes{how}"
    options = RunOptions(max_segment_bytes=SMALL_SEGMENT_BYTES if small_segments else 0)
    associated = associations.open(purpose, _PROPOSED, use, options)
    return made[0] if made else StoreAttempt(small_segments, text=associated.report.verdict.title)
