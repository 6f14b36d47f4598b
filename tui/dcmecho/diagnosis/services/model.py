"""What was found out about a peer's services: frozen, safe to hand from one thread to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, StrEnum
from typing import Any

from dcmecho.diagnosis.causes.findings import Finding
from dcmecho.diagnosis.move.model import MoveResult
from dcmecho.diagnosis.network.connection import TcpInfo
from dcmecho.diagnosis.services.catalogue import SopClass, Syntax
from dcmecho.diagnosis.services.service import Service
from dcmecho.diagnosis.store.model import StoreResult
from dcmecho.diagnosis.verdict import Verdict
from dcmecho.standard.context_results import ContextResult


def _refused(result: ContextResult) -> tuple[str, str, ContextResult]:
    return f"refused-{result:d}", f"refused {result:d}: {result.plain_words}", result


class ContextReply(Enum):
    """The answer to one proposed presentation context: its word in JSON, its words, its number."""

    ACCEPTED = ("accepted", ContextResult.ACCEPTANCE.plain_words, ContextResult.ACCEPTANCE)
    USER_REJECTION = _refused(ContextResult.USER_REJECTION)
    NO_REASON = _refused(ContextResult.NO_REASON)
    ABSTRACT_SYNTAX = _refused(ContextResult.ABSTRACT_SYNTAX_NOT_SUPPORTED)
    TRANSFER_SYNTAX = _refused(ContextResult.TRANSFER_SYNTAXES_NOT_SUPPORTED)
    OTHER = ("refused-other", "refused with a number outside the standard", None)
    UNANSWERED = ("unanswered", "not answered in the acceptance", None)
    NOT_ASKED = ("not-asked", "not asked: the association did not come about", None)

    def __init__(self, word: str, words: str, result: ContextResult | None) -> None:
        self.word = word
        self.words = words
        self.result = result

    @classmethod
    def of(cls, result: int) -> ContextReply:
        """What the ``result`` of a presentation context says (PS3.8 9.3.3.2)."""
        return next((taken for taken in cls if taken.result == result), cls.OTHER)

    @property
    def is_refused(self) -> bool:
        """True where the peer said no."""
        return self.word.startswith("refused")


@dataclass(frozen=True, slots=True)
class Cell:
    """What the peer made of one transfer syntax for one SOP class."""

    syntax: Syntax
    taken: ContextReply


@dataclass(frozen=True, slots=True)
class Row:
    """One SOP class. ``name`` is the dictionary's."""

    sop_class: SopClass
    name: str
    cells: tuple[Cell, ...]

    @property
    def accepted(self) -> tuple[Syntax, ...]:
        """The transfer syntaxes that the peer takes."""
        return tuple(cell.syntax for cell in self.cells if cell.taken is ContextReply.ACCEPTED)

    @property
    def is_answered(self) -> bool:
        """True where the peer answered for one transfer syntax at least."""
        return any(
            cell.taken is ContextReply.ACCEPTED or cell.taken.is_refused for cell in self.cells
        )

    def of(self, syntax: Syntax) -> ContextReply | None:
        """Return the answer for a transfer syntax; ``None`` where that is no question."""
        return next((cell.taken for cell in self.cells if cell.syntax == syntax), None)


@dataclass(frozen=True, slots=True)
class Matrix:
    """SOP classes by transfer syntaxes, one context each. ``names`` are those of the syntaxes.

    ``indiscriminate`` says that the peer accepted what does not exist, so that acceptance tells
    nothing; ``broken_off`` why rows were not asked.
    """

    rows: tuple[Row, ...]
    names: tuple[str, ...]
    syntaxes: tuple[Syntax, ...]
    indiscriminate: tuple[str, ...] = ()
    broken_off: str = ""

    @property
    def succeeded(self) -> bool:
        """True where every row was asked: a SOP class that is refused is no failure."""
        return not self.broken_off

    @property
    def findings(self) -> tuple[Finding, ...]:
        """None."""
        return ()

    def groups(self) -> Iterator[tuple[str, tuple[Row, ...]]]:
        """Give the rows by group, in order."""
        titles = dict.fromkeys(row.sop_class.group for row in self.rows)
        for title in titles:
            yield title, tuple(row for row in self.rows if row.sop_class.group == title)


@dataclass(frozen=True, slots=True)
class ObjectKind:
    """What a DICOM file is, without anything that it holds. Texts are printable."""

    file: str
    sop_class_uid: str
    sop_class_name: str
    transfer_syntax_uid: str
    transfer_syntax_name: str


class LikeOutcome(StrEnum):
    """Whether a peer would take an object."""

    TAKEN = "taken"
    NOT_AS_IT_IS = "not-as-it-is"
    """The SOP class, with other transfer syntaxes."""
    REFUSED = "refused"
    NOT_ASKED = "not-asked"
    """The association did not come about, or the peer left the question open."""


@dataclass(frozen=True, slots=True)
class LikeResult:
    """Whether a peer would take an object like a file, as it is; ``row`` is all it answered."""

    kind: ObjectKind
    outcome: LikeOutcome
    row: Row
    summary: str
    findings: tuple[Finding, ...] = ()

    @property
    def succeeded(self) -> bool:
        """True where the peer would take it."""
        return self.outcome is LikeOutcome.TAKEN


class QueryOutcome(StrEnum):
    """How a C-FIND for a study that does not exist ended."""

    NO_MATCH = "no-match"
    """Answered with success and no match: the peer lets us query."""
    MATCHED = "matched"
    STATUS = "status"
    ABORTED = "aborted"
    CLOSED = "closed"
    NO_ANSWER = "no-answer"
    NOT_OFFERED = "not-offered"
    MALFORMED = "malformed"
    NOT_ASKED = "not-asked"
    """The association did not come about."""


@dataclass(frozen=True, slots=True)
class QueryResult:
    """A zero-match C-FIND. ``matches`` counts; what they hold is nowhere kept."""

    outcome: QueryOutcome
    summary: str
    status: int | None = None
    matches: int = 0
    elapsed_ms: float | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def succeeded(self) -> bool:
        """True where the peer lets us query."""
        return self.outcome is QueryOutcome.NO_MATCH


class ProbeStep(StrEnum):
    """How one A-ASSOCIATE-RQ of a certain size ended."""

    ANSWERED = "answered"
    """By an A-ASSOCIATE-AC."""
    REFUSED = "refused"
    """By a rejection or an abort: a DICOM application has read it."""
    BROKEN = "broken"
    """Closed, reset, or answered by no DICOM."""
    LOST = "lost"
    """Silent, and the network did not acknowledge the request."""
    UNANSWERED = "unanswered"
    """Silent, and the peer's machine has all of it."""
    NOT_REACHED = "not-reached"
    """It could not be sent: no connection, or cancelled."""


@dataclass(frozen=True, slots=True)
class ProbeRequest:
    """One request. ``small_segments`` says that it was sent in segments of 500 bytes."""

    request_bytes: int
    contexts: int
    step: ProbeStep
    text: str
    small_segments: bool = False
    elapsed_ms: float = 0.0
    tcp: TcpInfo | None = None


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """The large-PDU probe: requests in the order they were sent."""

    soundings: tuple[ProbeRequest, ...]
    summary: str
    passed: bool
    """Every size was answered."""
    findings: tuple[Finding, ...] = ()

    @property
    def succeeded(self) -> bool:
        """True where every size was answered."""
        return self.passed


Answer = Matrix | LikeResult | QueryResult | ProbeResult | MoveResult | StoreResult
"""What came of one service."""


@dataclass(frozen=True, slots=True)
class ServicesResult:
    """All that was asked after a diagnosis, as far as it is known.

    ``stopped`` is how the association ended that did not come about, where there is one;
    ``refusal`` why nothing was asked at all, ``fault`` why dcmecho itself could not go on.
    """

    run_id: str
    started: datetime
    """Aware, UTC."""
    elapsed_ms: float = 0.0
    associations: int = 0
    refusal: str = ""
    fault: str = ""
    cancelled: bool = False
    matrix: Matrix | None = None
    like: LikeResult | None = None
    query: QueryResult | None = None
    probe: ProbeResult | None = None
    move: MoveResult | None = None
    store: StoreResult | None = None
    stopped: Verdict | None = None

    def with_former(self, former: ServicesResult | None) -> ServicesResult:
        """Return this result, and what an earlier one said of questions that this one leaves."""
        if former is None:
            return self
        answers: dict[str, Any] = {
            service.value: self.answer(service) or former.answer(service) for service in Service
        }
        return replace(self, **answers)

    def answer(self, service: Service) -> Answer | None:
        """What came of one service, ``None`` where it was not asked."""
        found: Answer | None = getattr(self, service)
        return found

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What came of each service that was asked, in order."""
        return tuple(answer for service in Service if (answer := self.answer(service)))

    @property
    def succeeded(self) -> bool:
        """True where each question beyond the matrix was answered with yes."""
        answered = all(answer.succeeded for answer in self.answers)
        return self.stopped is None and not self.fault and answered

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, in the order of the questions."""
        return tuple(finding for answer in self.answers for finding in answer.findings)
