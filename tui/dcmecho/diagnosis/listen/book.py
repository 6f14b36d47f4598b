"""The calls of one listener so far, their judgements and the outcome."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dcmecho.diagnosis.listen.calls import Call
from dcmecho.diagnosis.listen.events import (
    CallChanged,
    CallsClosedUnread,
    ListeningEvent,
    ListeningStarted,
    ListeningStopped,
    StopReason,
)
from dcmecho.diagnosis.listen.verdict import CallVerdict, Expectation, Grade, judge
from dcmecho.diagnosis.network.connection import Address

KEPT_CALLS = 500
"""Maximum calls kept. Older calls are dropped but still counted."""

_KEPT_BYTES = 1_048_576
"""Most bytes of all requests kept. A request that was read takes some 30 times its bytes."""


def newest_calls(calls: Sequence[Call], most: int = KEPT_CALLS) -> Sequence[Call]:
    """Return the newest calls: at most ``most``, and the newest whose requests fit the limit."""
    kept_bytes, first = 0, len(calls)
    for call in reversed(calls[-most:]):
        kept_bytes += call.request.pdu_bytes if call.request else 0
        if kept_bytes > _KEPT_BYTES:
            break
        first -= 1
    return calls[first:]


class ListeningOutcome(StrEnum):
    """The result of listening."""

    REACHED = "reached"
    WRONG = "wrong"
    """There were calls, but none as expected."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class JudgedCall:
    """A call and its judgement."""

    call: Call
    verdict: CallVerdict


class CallBook:
    """Collects the events of one listener, in order. Not thread-safe."""

    def __init__(self, expected: Expectation) -> None:
        self.expected = expected
        self.started: ListeningStarted | None = None
        self.stopped: ListeningStopped | None = None
        self.closed_unread: CallsClosedUnread | None = None
        self.calls = 0
        """Number of calls, including those that are no longer kept."""
        self._kept: OrderedDict[int, JudgedCall] = OrderedDict()
        self._reached = False

    def add(self, event: ListeningEvent) -> None:
        """Record an event of the listener."""
        match event:
            case ListeningStarted():
                self.started = event
            case ListeningStopped():
                self.stopped = event
            case CallsClosedUnread():
                self.closed_unread = event
            case CallChanged(call):
                self._add(call)

    def _add(self, call: Call) -> None:
        self.calls = max(self.calls, call.number)
        verdict = judge(call, self.expected)
        self._reached |= verdict.grade in (Grade.REACHED, Grade.ODD)
        self._kept[call.number] = JudgedCall(call, verdict)
        newest = newest_calls([judged.call for judged in self._kept.values()])
        while len(self._kept) > len(newest):
            self._kept.popitem(last=False)

    def expect(self, expected: Expectation) -> None:
        """Change the expectation and judge the kept calls again."""
        self.expected = expected
        kept, self._reached = self._kept, False
        self._kept = OrderedDict()
        for judged in kept.values():
            self._add(judged.call)

    @property
    def newest_first(self) -> tuple[JudgedCall, ...]:
        """The kept calls, newest first."""
        return tuple(reversed(self._kept.values()))

    def find(self, number: int) -> JudgedCall | None:
        """Return a kept call by its number, or ``None``."""
        return self._kept.get(number)

    @property
    def outcome(self) -> ListeningOutcome:
        """The outcome so far."""
        if self._reached:
            return ListeningOutcome.REACHED
        return (
            ListeningOutcome.WRONG if self.calls or self.closed_unread else ListeningOutcome.NOTHING
        )

    @property
    def sentence(self) -> str:
        """The outcome in one sentence."""
        # Without known addresses, any caller that uses our title could be the peer.
        who = self.expected.peer if self.expected.addresses else ""
        who = who or "A DICOM application"
        match self.outcome:
            case ListeningOutcome.REACHED:
                return f"{who} reached you."
            case ListeningOutcome.WRONG:
                calls = "1 call arrived" if self.calls == 1 else f"{self.calls} calls arrived"
                return f"{calls}, but none as expected."
            case ListeningOutcome.NOTHING if self._ended_early:
                return "Nothing arrived, but the listener was stopped early."
            case ListeningOutcome.NOTHING:
                return "Nothing arrived."

    @property
    def _ended_early(self) -> bool:
        return self.stopped is not None and self.stopped.reason is StopReason.ASKED


def registration(title: str, bound: Address) -> str:
    """Return the entry that the peer must have registered, in one phrase."""
    return f"AE title {title}, address {bound.ip}, port {bound.port}"


def left_s(started: ListeningStarted, now: datetime) -> float:
    """Return the seconds left, at least 0."""
    return max(0.0, started.for_s - (now - started.at).total_seconds())
