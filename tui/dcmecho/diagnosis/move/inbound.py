"""Which of the calls that came are the peer's answer to our C-MOVE, and how each stands. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from dcmecho.diagnosis.listen.calls import AeTitle, Call
from dcmecho.diagnosis.listen.verdict import CallFindingId, CallVerdict, Expectation, judge
from dcmecho.diagnosis.move.model import MoveEvidence
from dcmecho.standard.uids import is_storage


@dataclass(frozen=True, slots=True)
class MatchedCall:
    """A call, and how it compares with what the peer should have registered."""

    call: Call
    verdict: CallVerdict

    @property
    def mistakes(self) -> frozenset[CallFindingId]:
        """What is not as registered."""
        return frozenset(each.id for each in self.verdict.findings)

    @property
    def is_right(self) -> bool:
        """True where an association for storage came for our title, on the registered port."""
        wrong = {CallFindingId.WRONG_PORT, CallFindingId.WRONG_TITLE}
        return proposes_storage(self.call) and not self.mistakes & wrong


def inbound(seen: MoveEvidence) -> tuple[MatchedCall, ...]:
    """The calls that belong to it, the most telling first.

    An association that proposes storage belongs to it where it comes from the peer's address or
    with the peer's title: archives send from other machines too, and others send to us meanwhile.
    Anything unreadable counts only from the peer itself; a C-ECHO is somebody's check.
    """
    expected = Expectation(
        title=AeTitle.of(seen.title),
        port=seen.bound[0].port if seen.bound else None,
        peer=seen.peer,
    )
    kept = (call for call in seen.calls if _belongs(call, seen))
    judged = (MatchedCall(call, judge(call, expected)) for call in kept)
    return tuple(sorted(judged, key=_telling))


def strangers(seen: MoveEvidence) -> tuple[Call, ...]:
    """Calls for storage that are not known to be the peer's."""
    return tuple(call for call in seen.calls if proposes_storage(call) and not _belongs(call, seen))


def proposes_storage(call: Call) -> bool:
    """True where an A-ASSOCIATE-RQ with a storage SOP class could be read."""
    request = call.request
    return (
        request is not None
        and not request.fault
        and any(is_storage(each.abstract_syntax.value) for each in request.contexts)
    )


def _belongs(call: Call, seen: MoveEvidence) -> bool:
    from_the_peer = call.source.ip in seen.peer_addresses
    if proposes_storage(call):
        assert call.request is not None
        peers_title = AeTitle.of(seen.called_ae).significant
        return from_the_peer or call.request.calling_ae.significant == peers_title
    readable = call.request is not None and not call.request.fault
    return not readable and from_the_peer


def _telling(each: MatchedCall) -> tuple[bool, bool]:
    return (not each.is_right, not proposes_storage(each.call))
