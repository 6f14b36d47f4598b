"""One association, judged, before its report is made: small, and compared with others."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from dcmecho.capture.associations.judged import Judged
from dcmecho.capture.associations.telling import moment_of, observed
from dcmecho.capture.conversation import Conversation
from dcmecho.capture.passed.listening import Listener
from dcmecho.capture.passed.titles import target_of
from dcmecho.diagnosis.observed.association import (
    UNKNOWN_TIME,
    Alike,
    ObservedAssociation,
)
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus


class Account(NamedTuple):
    """What a conversation came to."""

    listener: Listener
    judged: Judged
    target: Target
    sub: Listener | None = None
    """The sub-association of a C-MOVE, if the capture has it."""
    sub_of: int | None = None
    """Of a sub-association the place of its C-MOVE."""
    same_as: int | None = None
    """Of an association that was captured at a second place, the place of the first."""
    also: tuple[str, ...] = ()
    """How the same association looks at the other places of the capture."""

    @classmethod
    def of(cls, listener: Listener, judged: Judged) -> Account:
        """Return the account of a conversation."""
        return cls(listener, judged, target_of(listener))

    @property
    def status(self) -> VerdictStatus:
        """How it ended."""
        return self.judged.status

    @property
    def conversation(self) -> Conversation:
        """The facts of its packets."""
        assert self.listener.conversation is not None
        return self.listener.conversation

    @property
    def started(self) -> datetime | None:
        """When its first packet was captured, if the capture has times."""
        at = moment_of(self.conversation.first.time)
        return None if at == UNKNOWN_TIME else at

    @property
    def kind(self) -> tuple[object, ...]:
        """What it has in common with those that ended alike."""
        judged = self.judged
        return (
            judged.status,
            judged.stage,
            judged.title,
            judged.kind,
            judged.found,
            judged.service,
            self.target,
            self.conversation.client.endpoint.address,
        )

    def told(self) -> ObservedAssociation:
        """Return the report."""
        return observed(
            self.listener,
            self.judged,
            self.target,
            sub=self.sub,
            sub_of=self.sub_of,
            same_as=self.same_as,
            also=self.also,
        )


def told_once(alike: list[Account]) -> ObservedAssociation:
    """Return the report on the first of associations that ended alike, with how many there are."""
    first, last = alike[0], alike[-1]
    told = first.told()
    if len(alike) == 1:
        return told
    return replace(told, alike=Alike(len(alike), first.started, last.started))
