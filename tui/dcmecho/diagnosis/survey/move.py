"""Listens, sends one C-MOVE to this machine's AE title, and collects what follows."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from dcmecho.diagnosis.listen.book import newest_calls
from dcmecho.diagnosis.listen.events import (
    Admission,
    Admit,
    CallChanged,
    CallsClosedUnread,
    EmitListening,
    ListeningEvent,
    PendingAssociation,
)
from dcmecho.diagnosis.move.model import (
    LONGEST_S,
    MoveAnswer,
    MoveEvidence,
    MoveRequest,
    MoveResult,
    StudyPresence,
)
from dcmecho.diagnosis.move.verdict import has_reached, is_ambiguous, judge
from dcmecho.diagnosis.network.association import Acceptance, Ending
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.run_options import ContextProposal
from dcmecho.diagnosis.sanitize import error_text
from dcmecho.diagnosis.survey.associations import Associations, BudgetSpentError
from dcmecho.diagnosis.survey.link import ServiceLink
from dcmecho.standard.uids import (
    EXPLICIT_VR_LITTLE_ENDIAN,
    IMPLICIT_VR_LITTLE_ENDIAN,
    STUDY_ROOT_FIND,
    STUDY_ROOT_MOVE,
)

MOST_ASSOCIATIONS = 2
"""One for the C-MOVE, and one for a C-FIND if only that can show whether the study exists."""

_TICK_S = 0.2
_ENOUGH_AFTER_S = 2.0
"""Time the peer has to finish after the return connection is proven, before C-CANCEL."""
_CANCEL_TIMEOUT_S = 3.0
_LINGER_S = 3.0
"""Time for calls to end, or to arrive if the peer reports that it has sent objects."""

_SYNTAXES = (IMPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN)
_MOVES = (ContextProposal(STUDY_ROOT_MOVE, _SYNTAXES),)
_FINDS = (ContextProposal(STUDY_ROOT_FIND, _SYNTAXES),)
_MESSAGE_ID = 1
_MOST_PENDING = 65_535
"""Most pending responses: the peer counts the sub-operations with 16 bits (PS3.7 E.1)."""
_KEPT_CALLS = 100


@dataclass(frozen=True, slots=True)
class RunningListener:
    """A running listener: its addresses, and a function that closes them within 2 s."""

    bound: tuple[Address, ...]
    stop: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Machine:
    """The functions of this machine that a C-MOVE to it needs.

    ``listen`` raises ``OSError`` with a text that says why it failed and what to do.
    ``address_towards`` returns this machine's address that reaches a numeric address, or an empty
    text. ``addresses_of`` returns the numeric addresses of a host.
    """

    listen: Callable[[tuple[Address, ...], EmitListening, Admit], RunningListener]
    address_towards: Callable[[str], str]
    addresses_of: Callable[[str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class MoveTools:
    """The associations, this machine, and the receiver of interim results."""

    associations: Associations
    machine: Machine
    tell: Callable[[MoveResult], None]


def move(order: MoveRequest, tools: MoveTools) -> MoveResult:
    """Run the C-MOVE and judge it. The listener has ended when this returns or raises.

    Raises the same errors as ``Associations.open``.
    """
    return _Move(order, tools).run()


class _Move:
    def __init__(self, order: MoveRequest, tools: MoveTools) -> None:
        self._tools = tools
        self._associations = tools.associations
        target = tools.associations.target
        self._heard: deque[ListeningEvent] = deque()
        self._news = threading.Event()
        self._seen = MoveEvidence(
            order,
            target.calling_ae,
            target.name or "the peer",
            target.called_ae,
            tools.machine.addresses_of(target.host),
        )
        self._began_s = 0.0
        self._told_s = 0.0
        self._pending = 0
        self._reached_s: float | None = None

    def run(self) -> MoveResult:
        try:
            listener = self._listen()
        except OSError as error:
            return self._judged(not_listening=error_text(error), over=True)
        try:
            self._update(bound=listener.bound)
            self._ask()
        finally:
            listener.stop()
        self._take_in()
        result = self._judged(over=True)
        if is_ambiguous(self._seen):
            result = self._judged(study=self._find())
        return result

    def _listen(self) -> RunningListener:
        machine, order = self._tools.machine, self._seen.order
        towards = (machine.address_towards(ip) for ip in sorted(self._seen.peer_addresses))
        ours = next(filter(None, towards), "")
        ends = tuple(end._replace(ip=end.ip or ours) for end in order.ends)
        return machine.listen(ends, self._take_event, self._admit)

    def _admit(self, _inbound: PendingAssociation) -> Admission:
        return Admission.STORAGE if self._seen.order.accept else Admission.NOT_NOW

    def _take_event(self, event: ListeningEvent) -> None:
        self._heard.append(event)
        self._news.set()

    def _ask(self) -> None:
        purpose = f"C-MOVE of study {self._seen.order.study_uid} to {self._seen.title}"
        associated = self._associations.open(purpose, _MOVES, self._use)
        if associated.acceptance is None:
            self._update(not_associated=associated.report.verdict.title)

    def _use(self, link: ServiceLink, acceptance: Acceptance) -> bool:
        context = acceptance.only_answer
        if context is None:
            self._update(left_unanswered=True)
            return False
        self._update(context_result=context.result)
        if not context.is_accepted:
            return False
        link.request_move(context, _MESSAGE_ID, self._seen.order.study_uid, self._seen.title)
        self._began_s = time.monotonic()
        ended = False
        while not ended and self._awaits(link, context.context_id):
            ended = self._take(link.next_move(_MESSAGE_ID, link.patience_s))
        if ended:
            self._linger(link)
        final = self._seen.answer
        return ended and final is not None and final.answer.ending is Ending.ANSWERED

    def _take(self, answer: MoveAnswer) -> bool:
        """Note a response; return true if nothing follows it. Not each pending one is shown."""
        self._pending += 1
        ended = answer.is_final or answer.answer.ending is not Ending.ANSWERED
        if not ended and self._pending > _MOST_PENDING:
            self._update(answer=_endless(answer))
            return True
        now_s = time.monotonic()
        if ended or now_s > self._told_s + _TICK_S:
            self._told_s = now_s
            self._update(answer=answer)
        else:
            self._seen = replace(self._seen, answer=answer)
        return ended

    def _awaits(self, link: ServiceLink, context_id: int) -> bool:
        """Wait for the peer; return false if there is nothing more to wait for."""
        silent_s = time.monotonic() + link.patience_s
        while True:
            has_spoken = link.wait_for_activity(_TICK_S)
            self._take_in()
            now_s = time.monotonic()
            if self._has_enough(link, context_id, now_s) or now_s > self._began_s + LONGEST_S:
                return False
            if has_spoken:
                return True
            if now_s > silent_s:
                self._update(answer=link.next_move(_MESSAGE_ID, 0.0))
                return False

    def _has_enough(self, link: ServiceLink, context_id: int, now_s: float) -> bool:
        """Ask the peer to stop once the return connection is proven; return true if it does not."""
        if self._seen.order.accept or not has_reached(self._seen):
            return False
        if self._reached_s is None:
            self._reached_s = now_s
        elif not self._seen.cut_short and now_s > self._reached_s + _ENOUGH_AFTER_S:
            self._update(cut_short=True)
            link.cancel_request(context_id, _MESSAGE_ID)
        return now_s > self._reached_s + _ENOUGH_AFTER_S + _CANCEL_TIMEOUT_S

    def _linger(self, link: ServiceLink) -> None:
        """Wait for open calls to end. Calls can arrive after the final response."""
        until_s = time.monotonic() + _LINGER_S
        self._take_in()
        while self._expects_more() and not link.cancelled and time.monotonic() < until_s:
            self._news.wait(_TICK_S)
            self._take_in()

    def _expects_more(self) -> bool:
        answer = self._seen.answer
        claims = answer is not None and answer.counts.sent > 0
        if any(call.ending is None for call in self._seen.calls):
            return True
        return claims and not self._seen.calls

    def _take_in(self) -> None:
        """Process the listener's events."""
        self._news.clear()
        if not self._heard:
            return
        calls = {call.number: call for call in self._seen.calls}
        closed_unread = self._seen.closed_unread
        while self._heard:
            match self._heard.popleft():
                case CallChanged(call):
                    calls[call.number] = call
                case CallsClosedUnread(times=times):
                    closed_unread = times
                case _:
                    pass
        newest = tuple(newest_calls(tuple(calls.values()), _KEPT_CALLS))
        if newest != self._seen.calls or closed_unread != self._seen.closed_unread:
            self._update(calls=newest, closed_unread=closed_unread)

    def _find(self) -> StudyPresence:
        """Ask whether the peer has the study; matches are counted but not read."""
        found: list[StudyPresence] = []

        def use(link: ServiceLink, acceptance: Acceptance) -> bool:
            context = acceptance.only_answer
            if context is None or not context.is_accepted:
                return False
            answered = link.find_study(context, _MESSAGE_ID, self._seen.order.study_uid)
            ended = answered.answer.ending is Ending.ANSWERED
            if answered.matches:
                found.append(StudyPresence.FOUND)
            elif ended and answered.status == 0:
                found.append(StudyPresence.NOT_FOUND)
            return ended

        try:
            self._associations.open("C-FIND: does the peer have this study", _FINDS, use)
        except BudgetSpentError:
            return StudyPresence.UNKNOWN
        return found[0] if found else StudyPresence.UNKNOWN

    def _judged(self, **known: object) -> MoveResult:
        self._seen = replace(self._seen, **known)  # type: ignore[arg-type]
        return judge(self._seen)

    def _update(self, **known: object) -> None:
        self._tools.tell(self._judged(**known))


def _endless(answer: MoveAnswer) -> MoveAnswer:
    message = f"more than {_MOST_PENDING} C-MOVE-RSP with status Pending, and no final one"
    malformed = answer.answer._replace(ending=Ending.MALFORMED, message=message)
    return MoveAnswer(malformed)
