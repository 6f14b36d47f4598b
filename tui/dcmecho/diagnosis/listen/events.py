"""The events of a listener, as one union of frozen dataclasses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dcmecho.diagnosis.listen.calls import AssociationRequest, Call
from dcmecho.diagnosis.network.connection import Address


class Admission(StrEnum):
    """The listener's decision about an association after reading its request."""

    VERIFICATION = "verification"
    """Accept it, but only presentation contexts for Verification."""
    STORAGE = "storage"
    """Accept storage SOP classes too; stored objects are counted and discarded."""
    NOT_NOW = "not now"
    """Reject it as transient: 2/3/1, temporary congestion (PS3.8 9.3.4)."""


@dataclass(frozen=True, slots=True)
class PendingAssociation:
    """An association whose request has not been answered yet."""

    source: Address
    arrived_at: Address
    request: AssociationRequest


Admit = Callable[[PendingAssociation], Admission]
"""Decides about an association after its request was read. Called on the listener's thread: must
return at once and raise nothing."""


class ClosedUnreadReason(StrEnum):
    """The reason why a connection was closed unread."""

    TOO_MANY = "too many connections at once"
    TOO_MANY_OF_SOURCE = "too many connections at once from this address"
    TOO_OFTEN = "too many connections from this address in a short time"


class StopReason(StrEnum):
    """The reason why the listener ended."""

    TIME_OVER = "time is over"
    ASKED = "stopped"


@dataclass(frozen=True, slots=True)
class ListeningStarted:
    """The first event. ``bound`` holds the listening addresses, in the requested order."""

    at: datetime
    bound: tuple[Address, ...]
    for_s: float


@dataclass(frozen=True, slots=True)
class CallChanged:
    """A call has begun, changed or ended. The newest event for a call number is complete."""

    call: Call


@dataclass(frozen=True, slots=True)
class CallsClosedUnread:
    """``times`` connections have been closed unread so far, the last one from ``address``."""

    at: datetime
    address: str
    reason: ClosedUnreadReason
    times: int


@dataclass(frozen=True, slots=True)
class ListeningStopped:
    """The last event; every socket is closed."""

    at: datetime
    reason: StopReason


ListeningEvent = ListeningStarted | CallChanged | CallsClosedUnread | ListeningStopped

EmitListening = Callable[[ListeningEvent], None]
"""Receives an event on the listener's thread (the first on its starter's). Must return at once."""
