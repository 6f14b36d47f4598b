"""The parts (legs) of a C-MOVE to this machine, as the evidence shows them. No I/O."""

from __future__ import annotations

from collections.abc import Sequence

from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.listen.calls import Call
from dcmecho.diagnosis.listen.verdict import CallFindingId
from dcmecho.diagnosis.move.inbound import MatchedCall, inbound
from dcmecho.diagnosis.move.model import (
    Leg,
    LegId,
    LegState,
    MoveEvidence,
    StudyPresence,
)
from dcmecho.diagnosis.network.association import Ending
from dcmecho.diagnosis.network.responses import ending_clause, status_text
from dcmecho.diagnosis.sanitize import title_bytes
from dcmecho.standard.context_results import ContextResult, refusal_words
from dcmecho.standard.statuses import MOVE_DESTINATION_UNKNOWN


def legs(seen: MoveEvidence) -> tuple[Leg, ...]:
    """Return all legs in order. The state of a leg after a failed one can still be known."""
    came = inbound(seen)
    made = [
        _listen(seen),
        _request(seen),
        _study(seen, came),
        _destination(seen, came),
        _way_back(seen, came),
        _registration(seen, came),
    ]
    if seen.order.accept:
        made.append(_store(seen, came))
    return tuple(made)


def newest_status(seen: MoveEvidence) -> str:
    """Return the status of the newest response in words, with the peer's comment."""
    answer = seen.answer
    if answer is None:
        return ""
    return status_text(answer.status, answer.status_words, answer.comment)


def counts_text(seen: MoveEvidence) -> str:
    """Return the counts of sub-operations, or an empty text without counts."""
    counts = seen.answer.counts if seen.answer else None
    if counts is None:
        return ""
    named = {
        "remaining": counts.remaining,
        "completed": counts.completed,
        "failed": counts.failed,
        "warning": counts.warning,
    }
    said = [f"{value} {name}" for name, value in named.items() if value is not None]
    return f"sub-operations: {', '.join(said)}" if said else ""


def _leg(leg: LegId, state: LegState, text: str) -> Leg:
    return Leg(leg, leg.words, state, text)


def _listen(seen: MoveEvidence) -> Leg:
    if seen.not_listening:
        return _leg(LegId.LISTEN, LegState.FAILED, seen.not_listening)
    if not seen.bound:
        return _leg(LegId.LISTEN, LegState.NOT_REACHED, "not started")
    where = ", ".join(map(str, seen.bound))
    return _leg(LegId.LISTEN, LegState.PASSED, f"{seen.title} on {where}")


def _request(seen: MoveEvidence) -> Leg:
    def leg(state: LegState, text: str) -> Leg:
        return _leg(LegId.REQUEST, state, text)

    if seen.not_associated:
        return leg(LegState.FAILED, seen.not_associated)
    if seen.context_result is None and not seen.left_unanswered:
        return leg(LegState.NOT_REACHED, "not sent")
    if seen.context_result != ContextResult.ACCEPTANCE:
        said = f"presentation context {refusal_words(seen.context_result)}"
        return leg(LegState.FAILED, said)
    answer = seen.answer
    if answer is None:
        return leg(LegState.RUNNING, "sent, no response yet")
    if answer.answer.ending is not Ending.ANSWERED:
        return leg(LegState.FAILED, ending_text(seen))
    said = "; ".join(filter(None, (newest_status(seen), counts_text(seen))))
    if not answer.is_final:
        return leg(LegState.PASSED if seen.over else LegState.RUNNING, said)
    return leg(LegState.PASSED, f"answered, {said}")


def knows_no_destination(seen: MoveEvidence) -> bool:
    """Report whether the peer answered 0xA801. Alone, it does not prove that this is so."""
    return seen.answer is not None and seen.answer.status == MOVE_DESTINATION_UNKNOWN


def ending_text(seen: MoveEvidence) -> str:
    """Return how the association ended instead of a response."""
    answer = seen.answer.answer if seen.answer else None
    if answer is None:
        return ""
    match answer.ending:
        case Ending.SILENT:
            return "no response in time"
        case Ending.ANSWERED:
            return "a failure"
        case _:
            return ending_clause(answer)


def _study(seen: MoveEvidence, came: Sequence[MatchedCall]) -> Leg:
    counts = seen.answer.counts if seen.answer else None
    if counts is not None and counts.total:
        objects = count(counts.total, "object")
        return _leg(LegId.STUDY, LegState.PASSED, f"the peer has {objects} of it")
    if came:
        return _leg(LegId.STUDY, LegState.PASSED, "the peer has it, because it called you")
    match seen.study:
        case StudyPresence.FOUND:
            return _leg(LegId.STUDY, LegState.PASSED, "C-FIND finds it")
        case StudyPresence.NOT_FOUND:
            return _leg(LegId.STUDY, LegState.FAILED, "C-FIND does not find it")
        case _:
            return _leg(LegId.STUDY, _until(seen), "unknown")


def _destination(seen: MoveEvidence, came: Sequence[MatchedCall]) -> Leg:
    def leg(state: LegState, text: str) -> Leg:
        return _leg(LegId.DESTINATION, state, text)

    denied = knows_no_destination(seen)
    if any(each.is_for(seen.title) for each in came) or (came and not denied):
        return leg(LegState.PASSED, f"the peer knows {seen.title}")
    if denied:
        return leg(LegState.FAILED, f"the peer answers that it does not know {seen.title} (0xA801)")
    counts = seen.answer.counts if seen.answer else None
    if counts is not None and (counts.sent or counts.failed):
        return leg(LegState.PASSED, f"the peer accepted {seen.title} as a destination")
    return leg(_until(seen), "unknown")


def _way_back(seen: MoveEvidence, came: Sequence[MatchedCall]) -> Leg:
    if came:
        call = came[0].call
        text = f"{call.source} called {call.arrived_at}"
        if len(came) > 1:
            text += f", and {len(came) - 1} more"
        return _leg(LegId.WAY_BACK, LegState.PASSED, text)
    if not (seen.over and _sent(seen)):
        return _leg(LegId.WAY_BACK, _until(seen), "no call yet" if _sent(seen) else "no call")
    return _leg(LegId.WAY_BACK, _without_call(seen), f"no call to {_ends(seen)}")


def _without_call(seen: MoveEvidence) -> LegState:
    """Return ``FAILED`` if the peer tried to call, or was still trying when dcmecho gave up."""
    answer = seen.answer
    if answer is None or answer.answer.ending is Ending.SILENT or answer.counts.failed:
        return LegState.FAILED
    if answer.answer.ending is not Ending.ANSWERED or seen.study is StudyPresence.NOT_FOUND:
        return LegState.NOT_REACHED
    return LegState.FAILED if answer.counts.sent else LegState.UNKNOWN


def _registration(seen: MoveEvidence, came: Sequence[MatchedCall]) -> Leg:
    if not came:
        return _leg(LegId.REGISTRATION, _until(seen), "unknown")
    right = next((each for each in came if each.is_right), None)
    if right is not None:
        return _leg(LegId.REGISTRATION, LegState.PASSED, "correct: your title and your port")
    return _leg(LegId.REGISTRATION, LegState.FAILED, mistake_text(seen, came[0]))


def mistake_text(seen: MoveEvidence, came: MatchedCall) -> str:
    """Return what is wrong with a call, in words."""
    call = came.call
    said = []
    if CallFindingId.WRONG_PORT in came.mistakes:
        said.append(f"port {call.arrived_at.port} instead of {seen.bound[0].port}")
    if CallFindingId.WRONG_TITLE in came.mistakes and call.request is not None:
        said.append(f"title {call.request.called_ae} instead of {title_bytes(seen.title)}")
    return f"called {' and '.join(said)}" if said else came.verdict.title


def _store(seen: MoveEvidence, came: Sequence[MatchedCall]) -> Leg:
    stored = stored_objects([each.call for each in came])
    total = seen.answer.counts.total if seen.answer else 0
    text = f"{stored} of {total or '?'} objects received and discarded"
    if not came:
        return _leg(LegId.STORE, _until(seen), "nothing received")
    if not seen.over:
        return _leg(LegId.STORE, LegState.RUNNING, text)
    whole = stored > 0 and stored >= total
    return _leg(LegId.STORE, LegState.PASSED if whole else LegState.FAILED, text)


def stored_objects(calls: Sequence[Call]) -> int:
    """Return how many objects these calls stored here."""
    return sum(call.stored_objects for call in calls)


def _until(seen: MoveEvidence) -> LegState:
    if not _sent(seen):
        return LegState.NOT_REACHED
    return LegState.UNKNOWN if seen.over else LegState.RUNNING


def _sent(seen: MoveEvidence) -> bool:
    return seen.context_result == 0


def _ends(seen: MoveEvidence) -> str:
    return ", ".join(map(str, seen.bound))
