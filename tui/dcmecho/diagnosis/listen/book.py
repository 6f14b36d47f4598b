"""What a listener has told so far, and what it comes to: the summary and its next steps."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dcmecho.diagnosis.listen.calls import Call
from dcmecho.diagnosis.listen.events import (
    CallChanged,
    CallsTurnedAway,
    ListeningEvent,
    ListeningStarted,
    ListeningStopped,
    StopReason,
)
from dcmecho.diagnosis.listen.verdict import CallVerdict, Expectation, Grade, judge
from dcmecho.diagnosis.network.connection import Address

KEPT_CALLS = 500
"""The newest calls are kept whole; older ones count."""


class ListeningOutcome(StrEnum):
    """What a listener comes to."""

    REACHED = "reached"
    WRONG = "wrong"
    """Somebody called, and nobody as expected."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class JudgedCall:
    """A call and its judgement."""

    call: Call
    verdict: CallVerdict


class CallBook:
    """Takes the events of one listener, in order. Not for several threads at once."""

    def __init__(self, expected: Expectation) -> None:
        self.expected = expected
        self.started: ListeningStarted | None = None
        self.stopped: ListeningStopped | None = None
        self.turned_away: CallsTurnedAway | None = None
        self.calls = 0
        """How many calls there were, also those no longer kept."""
        self._kept: OrderedDict[int, JudgedCall] = OrderedDict()
        self._reached = False

    def add(self, event: ListeningEvent) -> None:
        """Take in what the listener told."""
        match event:
            case ListeningStarted():
                self.started = event
            case ListeningStopped():
                self.stopped = event
            case CallsTurnedAway():
                self.turned_away = event
            case CallChanged(call):
                self._add(call)

    def _add(self, call: Call) -> None:
        self.calls = max(self.calls, call.number)
        verdict = judge(call, self.expected)
        self._reached |= verdict.grade in (Grade.REACHED, Grade.ODD)
        self._kept[call.number] = JudgedCall(call, verdict)
        while len(self._kept) > KEPT_CALLS:
            self._kept.popitem(last=False)

    def expect(self, expected: Expectation) -> None:
        """Expect something else from the beginning: the kept calls are judged anew."""
        self.expected = expected
        kept, self._reached = self._kept, False
        self._kept = OrderedDict()
        for judged in kept.values():
            self._add(judged.call)

    @property
    def newest_first(self) -> tuple[JudgedCall, ...]:
        """The kept calls."""
        return tuple(reversed(self._kept.values()))

    def find(self, number: int) -> JudgedCall | None:
        """A kept call by its number."""
        return self._kept.get(number)

    @property
    def outcome(self) -> ListeningOutcome:
        """What it comes to so far."""
        if self._reached:
            return ListeningOutcome.REACHED
        return (
            ListeningOutcome.WRONG if self.calls or self.turned_away else ListeningOutcome.NOTHING
        )

    @property
    def sentence(self) -> str:
        """The outcome in one line."""
        # Where its addresses are not known, anybody who calls our title looks like it.
        who = self.expected.peer if self.expected.addresses else ""
        who = who or "A DICOM application"
        match self.outcome:
            case ListeningOutcome.REACHED:
                return f"{who} reached us."
            case ListeningOutcome.WRONG:
                calls = "1 call came" if self.calls == 1 else f"{self.calls} calls came"
                return f"{calls}, none of them as expected."
            case ListeningOutcome.NOTHING if self._ended_early:
                return "Nothing came, and the listener was stopped before its time was over."
            case ListeningOutcome.NOTHING:
                return "Nothing came."

    @property
    def _ended_early(self) -> bool:
        return self.stopped is not None and self.stopped.reason is StopReason.ASKED


def registration(title: str, bound: Address) -> str:
    """What the other side has to have in its table, in one sentence."""
    return f"AE title {title}, address {bound.ip}, port {bound.port}"


def left_s(started: ListeningStarted, now: datetime) -> float:
    """How many seconds are left, at least 0."""
    return max(0.0, started.for_s - (now - started.at).total_seconds())
