"""Stage ``echo``: does the application answer C-ECHO?"""

from __future__ import annotations

from collections.abc import Sequence

from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.network.association import EchoAnswer, Ending
from dcmecho.diagnosis.stage import StageId, Status
from dcmecho.diagnosis.stages import round_trip
from dcmecho.diagnosis.stages.outcome import Outcome, failed, no_pdu_within
from dcmecho.diagnosis.stages.slowness import noting_slowness
from dcmecho.standard.statuses import SUCCESS


def succeeded(answer: EchoAnswer) -> bool:
    """Report whether the answer is a C-ECHO-RSP with status 0x0000."""
    return answer.answer.ending is Ending.ANSWERED and answer.status == SUCCESS


def judge(answers: Sequence[EchoAnswer]) -> Outcome:
    """Judge the C-ECHOs of one association, in order; the first failure decides."""
    elapsed = sum(answer.answer.elapsed_ms for answer in answers)
    last = answers[-1]
    if last.answer.ending is not Ending.ANSWERED:
        outcome = no_pdu_within(last.answer, "C-ECHO-RSP", "before C-ECHO was sent")
        return Outcome(outcome.status, outcome.summary, outcome.evidence, elapsed)
    if not succeeded(last):
        return failed(_response(last), *map(_response, answers[:-1]), elapsed_ms=elapsed)
    summary = "C-ECHO-RSP 0x0000, success"
    if len(answers) > 1:
        summary = f"{len(answers)} times {summary}"
    evidence = tuple(map(_response, answers))
    if last.answer.tcp is not None:
        evidence += (round_trip.of_answer(last.answer, last.answer.tcp),)
    slowest_ms = max(answer.answer.elapsed_ms for answer in answers)
    return noting_slowness(
        Outcome(Status.PASSED, summary, evidence, elapsed), StageId.ECHO, slowest_ms
    )


def _response(answer: EchoAnswer) -> Evidence:
    status = -1 if answer.status is None else answer.status
    text = f"C-ECHO-RSP status 0x{status:04X}: {answer.status_words}"
    if answer.comment:
        text += f" (comment from the peer: {answer.comment})"
    return Evidence(
        EvidenceKind.ECHO_RESPONSE,
        answer.answer.at_ms,
        text,
        {
            "status": status,
            "status_words": answer.status_words,
            "message_id": answer.message_id,
            "elapsed_ms": round(answer.answer.elapsed_ms, 3),
        },
    )
