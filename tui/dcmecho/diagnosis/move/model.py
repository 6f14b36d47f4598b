"""The request, evidence and result of a C-MOVE to this machine. Frozen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum

from dcmecho.diagnosis.causes.findings import Finding
from dcmecho.diagnosis.listen.calls import Call
from dcmecho.diagnosis.move.counts import NO_COUNTS, SubOperations
from dcmecho.diagnosis.network.association import Answer
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.rows import WordsEnum
from dcmecho.diagnosis.sanitize import NO_TEXT, PeerText
from dcmecho.standard.statuses import PENDING

LONGEST_S = 600.0
"""Longest time to wait for the end of a C-MOVE, whatever the peer sends meanwhile."""


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """A study that the peer should send to this machine: the calling AE title is the destination.

    dcmecho listens on ``ends``; the first one is as registered at the peer. An empty address means
    the one that reaches the peer, port 0 any free port. With ``accept`` images are accepted,
    counted and discarded. Without it each association is read and rejected as transient.
    """

    study_uid: str
    ends: tuple[Address, ...]
    accept: bool = False


@dataclass(frozen=True, slots=True)
class MoveAnswer:
    """One C-MOVE-RSP, or what arrived instead. ``ANSWERED`` has a status. Texts are printable."""

    answer: Answer
    status: int | None = None
    status_words: str = ""
    comment: PeerText = NO_TEXT
    counts: SubOperations = NO_COUNTS

    @property
    def is_final(self) -> bool:
        """True if no further response follows."""
        return self.status not in PENDING


class StudyPresence(Enum):
    """The result of the C-FIND for the study, if one was needed."""

    NOT_ASKED = "not asked"
    FOUND = "found"
    NOT_FOUND = "not found"
    UNKNOWN = "not answered"


@dataclass(frozen=True, slots=True)
class MoveEvidence:
    """Everything seen of the C-MOVE so far.

    ``bound`` are the listening addresses; ``not_listening`` says why there are none.
    ``context_result`` is the answer to the presentation context (PS3.8 9.3.3.2), unless it was
    ``left_unanswered``;
    ``not_associated`` says why there was no association. ``answer`` is the newest response,
    ``calls`` the newest state of each call. ``peer_addresses`` are the target's, numeric.
    """

    order: MoveRequest
    title: str
    """The calling AE title, which is the move destination."""
    peer: str
    """The target's name, for a sentence; printable."""
    called_ae: str
    peer_addresses: frozenset[str] = frozenset()
    bound: tuple[Address, ...] = ()
    not_listening: str = ""
    not_associated: str = ""
    context_result: int | None = None
    left_unanswered: bool = False
    answer: MoveAnswer | None = None
    calls: tuple[Call, ...] = ()
    closed_unread: int = 0
    study: StudyPresence = StudyPresence.NOT_ASKED
    cut_short: bool = False
    """dcmecho ended it with C-CANCEL because everything was known."""
    over: bool = False


class LegState(StrEnum):
    """The state of a leg."""

    PASSED = "passed"
    FAILED = "failed"
    RUNNING = "running"
    UNKNOWN = "unknown"
    NOT_REACHED = "not-reached"


class LegId(WordsEnum):
    """The legs, in order."""

    LISTEN = "listen", "Listener"
    REQUEST = "request", "C-MOVE"
    STUDY = "study", "Study"
    DESTINATION = "destination", "Destination"
    WAY_BACK = "way-back", "Return connection"
    REGISTRATION = "registration", "Registration"
    STORE = "store", "C-STORE"


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg, with one line about what was seen."""

    id: LegId
    name: str
    state: LegState
    text: str


class MoveOutcome(StrEnum):
    """The outcome of a C-MOVE to this machine."""

    UNDER_WAY = "under-way"
    REACHED = "reached"
    """The peer called as registered, and dcmecho rejected the association on purpose."""
    STORED = "stored"
    """Everything that the peer has of the study arrived."""
    NOT_STORED = "not-stored"
    """The peer called, but not everything was stored."""
    WRONG_PORT = "wrong-port"
    WRONG_TITLE = "wrong-title"
    NO_ASSOCIATION = "no-association"
    """The peer connected but sent no readable association request."""
    DESTINATION_UNKNOWN = "destination-unknown"
    NOT_REACHED = "not-reached"
    WENT_ELSEWHERE = "went-elsewhere"
    STUDY_UNKNOWN = "study-unknown"
    NOTHING_SENT = "nothing-sent"
    UNCLEAR = "unclear"
    """The peer reports a failure without a reason, and nothing arrived."""
    REFUSED = "refused"
    STATUS = "status"
    NO_ANSWER = "no-answer"
    MALFORMED = "malformed"
    CANNOT_LISTEN = "cannot-listen"
    NOT_ASKED = "not-asked"
    """No association was opened."""

    @property
    def succeeded(self) -> bool:
        """True if the return connection works."""
        return self in (MoveOutcome.REACHED, MoveOutcome.STORED)


@dataclass(frozen=True, slots=True)
class MoveResult:
    """The verdict and its evidence."""

    outcome: MoveOutcome
    summary: str
    legs: tuple[Leg, ...]
    evidence: MoveEvidence
    findings: tuple[Finding, ...] = ()

    @property
    def succeeded(self) -> bool:
        """True if the peer reached this machine."""
        return self.outcome.succeeded

    @property
    def could_not_listen(self) -> bool:
        """True if nothing was asked because the port cannot be used."""
        return self.outcome is MoveOutcome.CANNOT_LISTEN
