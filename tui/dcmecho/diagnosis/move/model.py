"""What was asked with a C-MOVE to ourselves, what was seen of it, and what it comes to. Frozen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum

from dcmecho.diagnosis.causes.findings import Finding
from dcmecho.diagnosis.listen.calls import Call
from dcmecho.diagnosis.move.counts import NO_COUNTS, SubOperations
from dcmecho.diagnosis.network.association import Answer
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.rows import WordsEnum
from dcmecho.standard.statuses import PENDING


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """A study to be sent to ourselves: our title is the move destination.

    ``ends`` are where we listen, the first one as the peer has us registered; without an address
    the one that reaches the peer, with port 0 a free one. With ``accept`` what comes is let in,
    counted and dropped; without it each association is read and rejected as transient.
    """

    study_uid: str
    ends: tuple[Address, ...]
    accept: bool = False


@dataclass(frozen=True, slots=True)
class MoveAnswer:
    """One C-MOVE-RSP, or what came in its place. ``ANSWERED`` has a status. Texts are printable."""

    answer: Answer
    status: int | None = None
    status_words: str = ""
    comment: str = ""
    counts: SubOperations = NO_COUNTS

    @property
    def is_final(self) -> bool:
        """True where nothing more follows."""
        return self.status not in PENDING


class StudyPresence(Enum):
    """What a C-FIND said of the study, where that had to be asked."""

    NOT_ASKED = "not asked"
    FOUND = "found"
    NOT_FOUND = "not found"
    UNKNOWN = "not answered"


@dataclass(frozen=True, slots=True)
class MoveEvidence:
    """All that was seen, as far as the C-MOVE has come.

    ``bound`` are the ends that accept, ``not_listening`` says why there are none.
    ``context_result`` is the answer to the presentation context (PS3.8 9.3.3.2), ``not_associated``
    why there was none. ``answer`` is the newest response; ``calls`` are the newest state of each.
    ``peer_addresses`` are those of the target, numeric.
    """

    order: MoveRequest
    title: str
    """Ours: the move destination."""
    peer: str
    """The target's name, for a sentence; printable."""
    called_ae: str
    peer_addresses: frozenset[str] = frozenset()
    bound: tuple[Address, ...] = ()
    not_listening: str = ""
    not_associated: str = ""
    context_result: int | None = None
    answer: MoveAnswer | None = None
    calls: tuple[Call, ...] = ()
    turned_away: int = 0
    study: StudyPresence = StudyPresence.NOT_ASKED
    cut_short: bool = False
    """We ended it ourselves, with what we wanted to know (C-CANCEL)."""
    over: bool = False


class LegState(StrEnum):
    """How a leg of the way stands."""

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
    WAY_BACK = "way-back", "Way back"
    REGISTRATION = "registration", "Registration"
    STORE = "store", "C-STORE"


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg, with what was seen of it in a line."""

    id: LegId
    name: str
    state: LegState
    text: str


class MoveOutcome(StrEnum):
    """What a C-MOVE to ourselves came to."""

    UNDER_WAY = "under-way"
    REACHED = "reached"
    """The peer called us as registered, and we rejected it on purpose."""
    STORED = "stored"
    """Everything that the peer has of the study came to us."""
    NOT_STORED = "not-stored"
    """The peer called us, and not everything was stored."""
    WRONG_PORT = "wrong-port"
    WRONG_TITLE = "wrong-title"
    NO_ASSOCIATION = "no-association"
    """The peer connected to us, and sent no association request that can be read."""
    DESTINATION_UNKNOWN = "destination-unknown"
    NOT_REACHED = "not-reached"
    WENT_ELSEWHERE = "went-elsewhere"
    STUDY_UNKNOWN = "study-unknown"
    NOTHING_SENT = "nothing-sent"
    UNCLEAR = "unclear"
    """A failure that names no reason, and nothing came."""
    REFUSED = "refused"
    STATUS = "status"
    NO_ANSWER = "no-answer"
    MALFORMED = "malformed"
    CANNOT_LISTEN = "cannot-listen"
    NOT_ASKED = "not-asked"
    """The association did not come about."""

    @property
    def succeeded(self) -> bool:
        """True where the way back works."""
        return self in (MoveOutcome.REACHED, MoveOutcome.STORED)


@dataclass(frozen=True, slots=True)
class MoveResult:
    """The verdict, and what it stands on. ``elapsed_ms`` is from C-MOVE-RQ to the last response."""

    outcome: MoveOutcome
    summary: str
    legs: tuple[Leg, ...]
    evidence: MoveEvidence
    findings: tuple[Finding, ...] = ()

    @property
    def succeeded(self) -> bool:
        """True where the peer reached us."""
        return self.outcome.succeeded

    @property
    def could_not_listen(self) -> bool:
        """True where nothing was asked, because the port cannot be taken."""
        return self.outcome is MoveOutcome.CANNOT_LISTEN
