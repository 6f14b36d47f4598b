"""Captures, read into associations: each with its report, in the order of their first packets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from dcmecho.capture.associations.judged import Judged
from dcmecho.capture.associations.judging import judge
from dcmecho.capture.associations.listening import Listener
from dcmecho.capture.associations.surroundings import Surroundings
from dcmecho.capture.associations.telling import observed
from dcmecho.capture.associations.titles import target_of
from dcmecho.capture.associations.wording import destination_of
from dcmecho.capture.conversation import CaptureFacts, Conversation
from dcmecho.capture.passed.passage import Room
from dcmecho.capture.read import Progress, read_captures
from dcmecho.capture.reader import Meeting
from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.observed.association import ObservedAssociation
from dcmecho.diagnosis.observed.service_reasoning import C_MOVE, likely
from dcmecho.diagnosis.verdict import VerdictStatus

_LOG_BYTES = 48 << 20
"""What the logs of all associations may take; of further ones nothing is kept."""


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
    sub: Listener | None = None
    """The sub-association of a C-MOVE, if the capture has it."""
    sub_of: int | None = None
    """Of a sub-association the place of its C-MOVE."""


def read_associations(
    files: Sequence[str],
    tell: Callable[[Progress], None] | None = None,
    *,
    with_log: bool = False,
) -> ReadCapture:
    """Read captures, each association with the log of what passed if asked for.

    Raises as ``read_captures`` does.
    """
    room = Room(_LOG_BYTES if with_log else 0)
    listeners: list[Listener] = []

    def listen(meeting: Meeting) -> Listener:
        listeners.append(Listener(meeting, room))
        return listeners[-1]

    facts = read_captures(files, listen, tell)
    listeners.sort(key=lambda each: each.meeting.number)
    around = Surroundings(facts, _ttls(listeners))
    heard = []
    for listener in listeners:
        judged = judge(listener, around, target_of(listener))
        if judged is not None:
            heard.append(_Heard(listener, judged))
    heard = _with_subs(heard)
    associations = tuple(
        observed(
            each.listener,
            each.judged,
            target_of(each.listener),
            sub=each.sub,
            sub_of=each.sub_of,
        )
        for each in heard
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


def _with_subs(heard: list[_Heard]) -> list[_Heard]:
    """Set each C-MOVE and its sub-associations beside each other."""
    found = list(heard)
    for place, mover in enumerate(heard):
        if mover.judged.service != C_MOVE:
            continue
        subs = [n for n, each in enumerate(heard) if _is_sub(each, mover)]
        for n in subs:
            found[n] = found[n]._replace(sub_of=place)
        if subs:
            found[place] = _explained_by(mover, heard[subs[0]])._replace(sub_of=found[place].sub_of)
    return found


def _explained_by(mover: _Heard, sub: _Heard) -> _Heard:
    """Let a failed sub-association tell why a C-MOVE failed: its answer does not."""
    judged, failed = mover.judged, VerdictStatus.FAILED
    if judged.status is not failed or sub.judged.status is not failed:
        return mover._replace(sub=sub.listener)
    if sub.judged.kind is EvidenceKind.ASSOCIATION_REJECTED:
        found = likely(FindingId.MOVE_WRONG_TITLE, FindingId.MOVE_NOT_REACHED)
    elif sub.judged.stage.row.after_acceptance:
        found = likely(FindingId.MOVE_NOT_STORED, FindingId.MOVE_CANNOT_SEND)
    else:
        found = likely(FindingId.MOVE_NOT_REACHED, FindingId.MOVE_NO_ANSWER)
    server = sub.listener.meeting.server
    title = f"{judged.title}; its association to {server} failed: {sub.judged.title}"
    return mover._replace(judged=judged._replace(found=found, title=title), sub=sub.listener)


def _is_sub(each: _Heard, mover: _Heard) -> bool:
    """Whether a conversation was opened by the server of a C-MOVE to its destination meanwhile."""
    one, other = _conversation(each), _conversation(mover)
    if each is mover or one.client.endpoint.address != other.server.endpoint.address:
        return False
    called, wanted = target_of(each.listener).called_ae, destination_of(mover.listener)
    if called and wanted and called != wanted:
        return False
    return other.first.frame < one.first.frame < other.last.frame


def _conversation(heard: _Heard) -> Conversation:
    assert heard.listener.conversation is not None
    return heard.listener.conversation
