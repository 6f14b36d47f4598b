"""Captures, read into associations: each with its report, in the order of their first packets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from dcmecho.capture.associations.judged import Judged
from dcmecho.capture.associations.judging import judge
from dcmecho.capture.associations.listening import Listener
from dcmecho.capture.associations.surroundings import Surroundings
from dcmecho.capture.associations.telling import observed, target_of
from dcmecho.capture.conversation import CaptureFacts, Conversation
from dcmecho.capture.read import Progress, read_captures
from dcmecho.capture.reader import Meeting
from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.observed.association import ObservedAssociation
from dcmecho.diagnosis.observed.service_reasoning import C_GET, C_MOVE, likely
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.verdict import VerdictStatus


class ReadCapture(NamedTuple):
    """What captures hold."""

    facts: CaptureFacts
    associations: tuple[ObservedAssociation, ...]
    """In the order of their first packets."""
    others: int
    """Conversations that are no associations: other protocols, checks of a port."""


class _Heard(NamedTuple):
    listener: Listener
    judged: Judged


def read_associations(
    files: Sequence[str], tell: Callable[[Progress], None] | None = None
) -> ReadCapture:
    """Read captures. Raises as ``read_captures`` does."""
    listeners: list[Listener] = []

    def listen(meeting: Meeting) -> Listener:
        listeners.append(Listener(meeting))
        return listeners[-1]

    facts = read_captures(files, listen, tell)
    listeners.sort(key=lambda each: each.meeting.number)
    around = Surroundings(facts, _ttls(listeners))
    heard = []
    for listener in listeners:
        judged = judge(listener, around, target_of(listener))
        if judged is not None:
            heard.append(_Heard(listener, judged))
    heard = [_with_sub(each, heard) for each in heard]
    associations = tuple(
        observed(each.listener, each.judged, target_of(each.listener)) for each in heard
    )
    return ReadCapture(facts, associations, len(listeners) - len(heard))


def _ttls(listeners: Sequence[Listener]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for listener in listeners:
        conversation = listener.conversation
        if conversation is not None:
            for stream in (conversation.client, conversation.server):
                found[stream.endpoint.address] |= stream.ttls
    return {address: frozenset(ttls) for address, ttls in found.items()}


def _with_sub(mover: _Heard, every: Sequence[_Heard]) -> _Heard:
    """Let a failed sub-association tell why a C-MOVE failed: its answer does not."""
    judged = mover.judged
    if judged.service not in {C_MOVE, C_GET} or judged.status is not VerdictStatus.FAILED:
        return mover
    sub = next((each for each in every if _is_sub(each, mover)), None)
    if sub is None or sub.judged.status is not VerdictStatus.FAILED:
        return mover
    if sub.judged.stage is StageId.CONNECT:
        found = likely(FindingId.MOVE_NOT_REACHED, FindingId.MOVE_NO_ANSWER)
    else:
        found = likely(
            FindingId.MOVE_NOT_REACHED, FindingId.MOVE_CANNOT_SEND, FindingId.MOVE_WRONG_TITLE
        )
    server = sub.listener.meeting.server
    title = f"{judged.title}; its association to {server} failed: {sub.judged.title}"
    return mover._replace(judged=judged._replace(found=found, title=title))


def _is_sub(each: _Heard, mover: _Heard) -> bool:
    """Whether a conversation was opened by the server of a C-MOVE, while that ran."""
    one, other = _conversation(each), _conversation(mover)
    if each is mover or one.client.endpoint.address != other.server.endpoint.address:
        return False
    return other.first.frame < one.first.frame < other.last.frame


def _conversation(heard: _Heard) -> Conversation:
    assert heard.listener.conversation is not None
    return heard.listener.conversation
