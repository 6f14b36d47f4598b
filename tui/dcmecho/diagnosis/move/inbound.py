"""Finds the calls that the peer made because of the C-MOVE, and judges them. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

from dcmecho.diagnosis.listen.calls import AeTitle, Call
from dcmecho.diagnosis.listen.verdict import CallFindingId, CallVerdict, Expectation, judge
from dcmecho.diagnosis.move.model import MoveEvidence
from dcmecho.standard.uids import is_storage


@dataclass(frozen=True, slots=True)
class MatchedCall:
    """A call, and its judgement against the correct registration."""

    call: Call
    verdict: CallVerdict

    @property
    def mistakes(self) -> frozenset[CallFindingId]:
        """The ids of everything that differs from the registration."""
        return frozenset(each.id for each in self.verdict.findings)

    @property
    def is_right(self) -> bool:
        """True if it proposes storage, for the right title, on the registered port."""
        wrong = {CallFindingId.WRONG_PORT, CallFindingId.WRONG_TITLE}
        return proposes_storage(self.call) and not self.mistakes & wrong

    def is_for(self, title: str) -> bool:
        """Report whether it proposes storage for ``title``, ignoring case."""
        if self.call.request is None or not proposes_storage(self.call):
            return False
        called = self.call.request.called_ae.significant
        return called.lower() == AeTitle.of(title).significant.lower()


def inbound(seen: MoveEvidence) -> tuple[MatchedCall, ...]:
    """Return the calls that belong to the C-MOVE, most significant first.

    An association that proposes storage belongs to it if it has the peer's address or AE title:
    archives can send from other machines, and other applications can send at the same time.
    Unreadable calls belong to it only from the peer's address. A C-ECHO never does.
    """
    expected = Expectation(
        title=AeTitle.of(seen.title),
        port=seen.bound[0].port if seen.bound else None,
        peer=seen.peer,
    )
    kept = (call for call in seen.calls if _belongs(call, seen))
    judged = (MatchedCall(call, judge(call, expected)) for call in kept)
    return tuple(sorted(judged, key=_telling))


def other_callers(seen: MoveEvidence) -> tuple[Call, ...]:
    """Return calls that propose storage but cannot be attributed to the peer."""
    return tuple(call for call in seen.calls if proposes_storage(call) and not _belongs(call, seen))


def proposes_storage(call: Call) -> bool:
    """Return true for a readable A-ASSOCIATE-RQ with a storage SOP class."""
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
