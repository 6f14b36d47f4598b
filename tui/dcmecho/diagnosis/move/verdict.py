"""Judges which leg of a C-MOVE to this machine failed. No I/O."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.causes.findings import FINDINGS, FindingId
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.listen.book import registration
from dcmecho.diagnosis.listen.verdict import CallFindingId
from dcmecho.diagnosis.move.inbound import (
    MatchedCall,
    inbound,
    other_callers,
    proposes_storage,
)
from dcmecho.diagnosis.move.legs import (
    counts_text,
    ending_text,
    knows_no_destination,
    legs,
    mistake_text,
    newest_status,
    stored_objects,
)
from dcmecho.diagnosis.move.model import (
    MoveAnswer,
    MoveEvidence,
    MoveOutcome,
    MoveResult,
    StudyPresence,
)
from dcmecho.diagnosis.network.association import Ending
from dcmecho.diagnosis.sanitize import title_bytes
from dcmecho.standard.context_results import ContextResult, refusal_words
from dcmecho.standard.statuses import NOT_AUTHORIZED, SUCCESS

_PROVEN, _LIKELY, _POSSIBLE = Confidence.PROVEN, Confidence.LIKELY, Confidence.POSSIBLE

Suspects = tuple[tuple[FindingId, Confidence], ...]


@dataclass(frozen=True, slots=True)
class _Judged:
    outcome: MoveOutcome
    summary: str
    suspects: Suspects = ()


def judge(seen: MoveEvidence) -> MoveResult:
    """Judge the evidence so far."""
    judged = _judge(seen) if seen.over else _Judged(MoveOutcome.UNDER_WAY, "in progress")
    values = _values(seen)
    found = (FINDINGS.describe(each, sure, values) for each, sure in judged.suspects)
    return MoveResult(judged.outcome, judged.summary, legs(seen), seen, tuple(found))


def is_ambiguous(seen: MoveEvidence) -> bool:
    """Return true if only a C-FIND can show whether the study is missing."""
    if not seen.over or inbound(seen) or seen.answer is None or seen.answer.status is None:
        return False
    answer = seen.answer
    return answer.is_final and not answer.counts.total and not knows_no_destination(seen)


def has_reached(seen: MoveEvidence) -> bool:
    """Return true once the return connection is proven."""
    return any(each.is_right for each in inbound(seen))


def _judge(seen: MoveEvidence) -> _Judged:
    if seen.not_listening:
        return _Judged(MoveOutcome.CANNOT_LISTEN, f"not asked: {seen.not_listening}")
    if seen.context_result is None and not seen.left_unanswered:
        return _Judged(MoveOutcome.NOT_ASKED, f"not asked: {seen.not_associated}")
    if seen.context_result != ContextResult.ACCEPTANCE:
        said = f"not offered: Study Root C-MOVE {refusal_words(seen.context_result)}"
        return _Judged(MoveOutcome.REFUSED, said, ((FindingId.MOVE_NOT_OFFERED, _PROVEN),))
    came = inbound(seen)
    if came and not came[0].is_for(seen.title) and knows_no_destination(seen):
        # Archives also send on their own, so this call need not be of this C-MOVE.
        return _without_calls(seen)
    return _with_calls(seen, came) if came else _without_calls(seen)


def _with_calls(seen: MoveEvidence, came: Sequence[MatchedCall]) -> _Judged:
    best = came[0]
    if best.is_right:
        return _stored(seen, came) if seen.order.accept else _reached(seen, best)
    if not proposes_storage(best.call):
        # Another program on the peer's machine can have called: its request was not readable.
        said = f"{best.call.source.ip} called {best.call.arrived_at}: {best.verdict.title}"
        return _Judged(MoveOutcome.NO_ASSOCIATION, said, ((_unreadable(best), _LIKELY),))
    said = f"the peer reached this machine, but {mistake_text(seen, best)}"
    wrong: list[tuple[FindingId, Confidence]] = []
    # Peers call the title that the C-MOVE names, or their own spelling of it. A call for a
    # different title can have another reason.
    sure = _PROVEN if best.is_for(seen.title) else _LIKELY
    if CallFindingId.WRONG_PORT in best.mistakes:
        wrong.append((FindingId.MOVE_WRONG_PORT, sure))
    if CallFindingId.WRONG_TITLE in best.mistakes:
        wrong.append((FindingId.MOVE_WRONG_TITLE, sure))
    by_port = wrong[0][0] is FindingId.MOVE_WRONG_PORT
    outcome = MoveOutcome.WRONG_PORT if by_port else MoveOutcome.WRONG_TITLE
    return _Judged(outcome, said, tuple(wrong))


def _unreadable(came: MatchedCall) -> FindingId:
    is_tls = CallFindingId.TLS in came.mistakes
    return FindingId.MOVE_CALLS_WITH_TLS if is_tls else FindingId.MOVE_NO_REQUEST


def _reached(seen: MoveEvidence, best: MatchedCall) -> _Judged:
    said = (
        f"the peer reached you at {best.call.arrived_at} as {title_bytes(seen.title)}; dcmecho"
        " rejected the association on purpose, so nothing was moved"
    )
    return _Judged(MoveOutcome.REACHED, said)


def _stored(seen: MoveEvidence, came: Sequence[MatchedCall]) -> _Judged:
    stored = stored_objects([each.call for each in came])
    counts = seen.answer.counts if seen.answer else None
    total = counts.total if counts else 0
    succeeded = seen.answer is not None and seen.answer.status == SUCCESS
    if stored and stored >= total and succeeded:
        objects = count(stored, "object")
        return _Judged(MoveOutcome.STORED, f"{objects} stored here and discarded")
    said = _said(f"the peer reached you, but sent {stored} of {total or '?'} objects", seen)
    return _Judged(MoveOutcome.NOT_STORED, said, ((FindingId.MOVE_NOT_STORED, _LIKELY),))


def _without_calls(seen: MoveEvidence) -> _Judged:
    answer = seen.answer
    if answer is None or answer.answer.ending is not Ending.ANSWERED:
        return _broken_off(seen, answer)
    if not answer.is_final:
        return _not_reached(seen, "the peer sent no final response, and did not reach you")
    if knows_no_destination(seen):
        return _destination_unknown(seen)
    if answer.status == NOT_AUTHORIZED:
        said = _said("the peer refuses the C-MOVE to you", seen)
        return _Judged(MoveOutcome.REFUSED, said, ((FindingId.MOVE_NOT_AUTHORISED, _PROVEN),))
    if answer.counts.sent:
        said = _said("the peer reports that it sent the study, but no call arrived", seen)
        elsewhere = ((FindingId.MOVE_WENT_ELSEWHERE, _LIKELY),)
        return _Judged(MoveOutcome.WENT_ELSEWHERE, said, elsewhere)
    if answer.counts.failed:
        return _not_reached(seen, "the peer did not reach you")
    return _without_sub_operations(seen, answer)


def _destination_unknown(seen: MoveEvidence) -> _Judged:
    """Judge 0xA801 without a call for this title.

    pynetdicom's qrscp sends it also if it knows the destination and cannot reach it. A peer that
    lets titles retrieve only for themselves sends the same (dcmqrscp -ZA, -ZH).
    """
    said = _said(f"the peer answers that it does not know {title_bytes(seen.title)}", seen)
    came = inbound(seen)[:1]
    suspects: Suspects = (
        (FindingId.MOVE_DESTINATION_UNKNOWN, _LIKELY),
        *_loopback(seen, _POSSIBLE),
        *((_unreadable(each), _POSSIBLE) for each in came if not proposes_storage(each.call)),
        (FindingId.MOVE_NOT_REACHED, _POSSIBLE),
        (FindingId.MOVE_NOT_AUTHORISED, _POSSIBLE),
    )
    return _Judged(MoveOutcome.DESTINATION_UNKNOWN, said, suspects)


def _without_sub_operations(seen: MoveEvidence, answer: MoveAnswer) -> _Judged:
    if seen.study is StudyPresence.NOT_FOUND:
        said = _said("the peer does not have this study, so nothing else was tested", seen)
        return _Judged(MoveOutcome.STUDY_UNKNOWN, said, ((FindingId.MOVE_STUDY_UNKNOWN, _LIKELY),))
    is_known = seen.study is StudyPresence.FOUND
    if answer.status == SUCCESS:
        said = _said("the peer reports success but sent nothing: this proves nothing", seen)
        if is_known:
            return _Judged(
                MoveOutcome.NOTHING_SENT, said, ((FindingId.MOVE_NOTHING_SENT, _LIKELY),)
            )
        either = (
            (FindingId.MOVE_STUDY_UNKNOWN, _LIKELY),
            (FindingId.MOVE_NOTHING_SENT, _POSSIBLE),
        )
        return _Judged(MoveOutcome.STUDY_UNKNOWN, said, either)
    said = _said("the peer failed without a reason, and did not reach you", seen)
    suspects: Suspects = (
        *_loopback(seen, _LIKELY),
        (FindingId.MOVE_NOT_REACHED, _LIKELY),
        (FindingId.MOVE_DESTINATION_UNKNOWN, _LIKELY),
    )
    if not is_known:
        suspects = (*suspects, (FindingId.MOVE_STUDY_UNKNOWN, _LIKELY))
    suspects = (*suspects, (FindingId.MOVE_STATUS, _POSSIBLE))
    return _Judged(MoveOutcome.UNCLEAR, said, suspects)


def _not_reached(seen: MoveEvidence, said: str) -> _Judged:
    suspects = (
        *_loopback(seen, _PROVEN),
        (FindingId.MOVE_NOT_REACHED, _LIKELY),
        (FindingId.MOVE_CANNOT_SEND, _POSSIBLE),
    )
    ends = ", ".join(map(str, seen.bound))
    return _Judged(MoveOutcome.NOT_REACHED, _said(f"{said} at {ends}", seen), suspects)


def _broken_off(seen: MoveEvidence, answer: MoveAnswer | None) -> _Judged:
    ending = answer.answer.ending if answer else Ending.SILENT
    if ending is Ending.SILENT:
        suspects = (
            *_loopback(seen, _LIKELY),
            (FindingId.MOVE_NOT_REACHED, _LIKELY),
            (FindingId.MOVE_NO_ANSWER, _POSSIBLE),
        )
        said = "no response to the C-MOVE in time, and no call arrived"
        return _Judged(MoveOutcome.NO_ANSWER, said, suspects)
    said = f"instead of a response: {ending_text(seen)}"
    if ending in (Ending.CLOSED, Ending.RESET, Ending.TLS_ALERT):
        # PixelMed accepts move contexts that it cannot serve, and closes at the command.
        suspects = (
            (FindingId.MOVE_CRASHED, _LIKELY),
            (FindingId.MOVE_NOT_AUTHORISED, _POSSIBLE),
        )
        return _Judged(MoveOutcome.REFUSED, said, suspects)
    if ending is Ending.ABORTED:
        suspects = (
            (FindingId.MOVE_NOT_AUTHORISED, _LIKELY),
            (FindingId.MOVE_CRASHED, _POSSIBLE),
        )
        return _Judged(MoveOutcome.REFUSED, said, suspects)
    # An incomplete answer could also have been lost on the network.
    lost = answer is not None and answer.answer.unfinished
    suspects = ((FindingId.MOVE_MALFORMED, _LIKELY if lost else _PROVEN),)
    return _Judged(MoveOutcome.MALFORMED, said, suspects)


def _loopback(seen: MoveEvidence, sure: Confidence) -> Suspects:
    """Suspect a loopback listener if the peer is another machine.

    ``sure`` is ``PROVEN`` if the peer is known to have tried to call.
    """
    ours = _all_loopback(each.ip for each in seen.bound)
    theirs = bool(seen.peer_addresses) and not any(map(_is_loopback, seen.peer_addresses))
    return ((FindingId.MOVE_LOOPBACK_ONLY, sure),) if ours and theirs else ()


def _all_loopback(ips: Iterable[str]) -> bool:
    return all(map(_is_loopback, ips))


def _is_loopback(ip: str) -> bool:
    return ipaddress.ip_address(ip).is_loopback


def _said(what: str, seen: MoveEvidence) -> str:
    others = ", ".join(str(call.source) for call in other_callers(seen))
    also = f"{others} also called, not known to be the peer" if others else ""
    return "; ".join(filter(None, (what, newest_status(seen), counts_text(seen), also)))


def _values(seen: MoveEvidence) -> dict[str, str]:
    came = inbound(seen)
    first = seen.bound[0] if seen.bound else None
    request = came[0].call.request if came else None
    title = title_bytes(seen.title)
    return {
        "title": title,
        "called_ae": title_bytes(seen.called_ae),
        "ends": ", ".join(map(str, seen.bound)) or "nowhere",
        "registration": registration(title, first) if first else title,
        "port": str(first.port) if first else "none",
        "came_to": str(came[0].call.arrived_at) if came else "nowhere",
        "came_port": str(came[0].call.arrived_at.port) if came else "none",
        "came_title": str(request.called_ae) if request else "none",
        "source": came[0].call.source.ip if came else "nobody",
        "status": newest_status(seen) or "no status",
        "counts": counts_text(seen) or "no counts of sub-operations",
        "ending": ending_text(seen) or "nothing",
        "call": came[0].verdict.title if came else "no call arrived",
    }
