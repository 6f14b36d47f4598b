"""The results of asking about a peer's services. Frozen, so threads can share them."""

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
from dcmecho.diagnosis.stage import StageResult
from dcmecho.diagnosis.store.model import StoreResult
from dcmecho.diagnosis.verdict import Verdict
from dcmecho.standard.context_results import ContextResult


def _refused(result: ContextResult) -> tuple[str, str, ContextResult]:
    return f"refused-{result:d}", f"refused {result:d}: {result.plain_words}", result


class ContextReply(Enum):
    """The answer to one proposed presentation context: JSON word, text and result number."""

    ACCEPTED = ("accepted", ContextResult.ACCEPTANCE.plain_words, ContextResult.ACCEPTANCE)
    USER_REJECTION = _refused(ContextResult.USER_REJECTION)
    NO_REASON = _refused(ContextResult.NO_REASON)
    ABSTRACT_SYNTAX = _refused(ContextResult.ABSTRACT_SYNTAX_NOT_SUPPORTED)
    TRANSFER_SYNTAX = _refused(ContextResult.TRANSFER_SYNTAXES_NOT_SUPPORTED)
    OTHER = ("refused-other", "refused with a number outside the standard", None)
    UNANSWERED = ("unanswered", "not answered by the acceptance", None)
    NOT_ASKED = ("not-asked", "not asked: no association was opened", None)

    def __init__(self, word: str, words: str, result: ContextResult | None) -> None:
        self.word = word
        self.words = words
        self.result = result

    @classmethod
    def of(cls, result: int) -> ContextReply:
        """Return the member for the ``result`` of a presentation context (PS3.8 9.3.3.2)."""
        return next((reply for reply in cls if reply.result == result), cls.OTHER)

    @property
    def is_refused(self) -> bool:
        """True if the peer refused."""
        return self.word.startswith("refused")


@dataclass(frozen=True, slots=True)
class Cell:
    """The peer's answer about one transfer syntax for one SOP class."""

    syntax: Syntax
    reply: ContextReply


@dataclass(frozen=True, slots=True)
class SopClassRow:
    """The answers for one SOP class. ``name`` is from the DICOM dictionary."""

    sop_class: SopClass
    name: str
    cells: tuple[Cell, ...]

    @property
    def accepted(self) -> tuple[Syntax, ...]:
        """The transfer syntaxes that the peer accepts."""
        return tuple(cell.syntax for cell in self.cells if cell.reply is ContextReply.ACCEPTED)

    @property
    def is_answered(self) -> bool:
        """True if the peer answered about at least one transfer syntax."""
        return any(
            cell.reply is ContextReply.ACCEPTED or cell.reply.is_refused for cell in self.cells
        )

    def of(self, syntax: Syntax) -> ContextReply | None:
        """Return the answer about a transfer syntax, or ``None`` if it is not asked about."""
        return next((cell.reply for cell in self.cells if cell.syntax == syntax), None)


@dataclass(frozen=True, slots=True)
class Matrix:
    """SOP classes by transfer syntaxes, one presentation context each.

    ``names`` are the names of ``syntaxes``. ``indiscriminate`` names the things that do not exist
    but were accepted: then acceptance proves little. ``broken_off`` says why rows were not asked.
    """

    rows: tuple[SopClassRow, ...]
    names: tuple[str, ...]
    syntaxes: tuple[Syntax, ...]
    indiscriminate: tuple[str, ...] = ()
    broken_off: str = ""

    @property
    def succeeded(self) -> bool:
        """True if every row was asked. A refused SOP class is not a failure."""
        return not self.broken_off

    @property
    def findings(self) -> tuple[Finding, ...]:
        """A matrix has no findings."""
        return ()

    def groups(self) -> Iterator[tuple[str, tuple[SopClassRow, ...]]]:
        """Yield the rows by group, in order."""
        titles = dict.fromkeys(row.sop_class.group for row in self.rows)
        for title in titles:
            yield title, tuple(row for row in self.rows if row.sop_class.group == title)


@dataclass(frozen=True, slots=True)
class ObjectKind:
    """The kind of a DICOM file, without its content. Texts are printable."""

    file: str
    sop_class_uid: str
    sop_class_name: str
    transfer_syntax_uid: str
    transfer_syntax_name: str


class LikeOutcome(StrEnum):
    """The answer to whether a peer would accept an object."""

    TAKEN = "taken"
    NOT_AS_IT_IS = "not-as-it-is"
    """The peer accepts the SOP class, but with other transfer syntaxes."""
    REFUSED = "refused"
    NOT_ASKED = "not-asked"
    """No association was opened, or the peer did not answer the question."""


@dataclass(frozen=True, slots=True)
class LikeResult:
    """The answer for an object like a file. ``row`` has all answers of the peer."""

    kind: ObjectKind
    outcome: LikeOutcome
    row: SopClassRow
    summary: str
    findings: tuple[Finding, ...] = ()

    @property
    def succeeded(self) -> bool:
        """True if the peer would accept it."""
        return self.outcome is LikeOutcome.TAKEN


class QueryOutcome(StrEnum):
    """The outcome of a C-FIND for a study that does not exist."""

    NO_MATCH = "no-match"
    """Answered with success and no match: queries are allowed."""
    MATCHED = "matched"
    STATUS = "status"
    ABORTED = "aborted"
    CLOSED = "closed"
    NO_ANSWER = "no-answer"
    NOT_OFFERED = "not-offered"
    MALFORMED = "malformed"
    NOT_ASKED = "not-asked"
    """No association was opened."""


@dataclass(frozen=True, slots=True)
class QueryResult:
    """A zero-match C-FIND. ``matches`` is a number; the content of matches is never kept."""

    outcome: QueryOutcome
    summary: str
    status: int | None = None
    matches: int = 0
    elapsed_ms: float | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def succeeded(self) -> bool:
        """True if the peer allows queries."""
        return self.outcome is QueryOutcome.NO_MATCH


class ProbeStep(StrEnum):
    """The outcome of one A-ASSOCIATE-RQ of a certain size."""

    ANSWERED = "answered"
    """Answered with an A-ASSOCIATE-AC."""
    REFUSED = "refused"
    """Rejected or aborted: a DICOM application has read it."""
    BROKEN = "broken"
    """Closed, reset, or answered with something other than DICOM."""
    LOST = "lost"
    """No answer, and the request was not acknowledged."""
    UNANSWERED = "unanswered"
    """No answer, but the peer's machine acknowledged the whole request."""
    NOT_REACHED = "not-reached"
    """Not sent: no connection, or cancelled."""


@dataclass(frozen=True, slots=True)
class ProbeRequest:
    """One request. ``small_segments`` is true if it was sent in segments of 500 bytes."""

    request_bytes: int
    contexts: int
    step: ProbeStep
    text: str
    small_segments: bool = False
    elapsed_ms: float = 0.0
    tcp: TcpInfo | None = None


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """The result of the large-PDU probe; ``requests`` are its requests, in order."""

    requests: tuple[ProbeRequest, ...]
    summary: str
    passed: bool
    """True if every size was answered."""
    findings: tuple[Finding, ...] = ()

    @property
    def succeeded(self) -> bool:
        """True if every size was answered."""
        return self.passed


Answer = Matrix | LikeResult | QueryResult | ProbeResult | MoveResult | StoreResult
"""The answer of one service."""


@dataclass(frozen=True, slots=True)
class ServicesResult:
    """The answers so far to everything that was asked after a diagnosis.

    ``stopped`` is the verdict about an association that could not be opened, if any. ``refusal``
    says why nothing was asked, ``fault`` which bug in dcmecho ended the survey.
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
    opened: tuple[StageResult, ...] = ()
    """The stages of the first association that was opened; empty until the survey ends."""

    def with_former(self, former: ServicesResult | None) -> ServicesResult:
        """Return this result, with answers of ``former`` for services that were not asked now."""
        if former is None:
            return self
        answers: dict[str, Any] = {
            service.value: self.answer(service) or former.answer(service) for service in Service
        }
        return replace(self, **answers)

    def answer(self, service: Service) -> Answer | None:
        """Return the answer of one service, or ``None`` if it was not asked."""
        found: Answer | None = getattr(self, service)
        return found

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers of the services that were asked, in order."""
        return tuple(answer for service in Service if (answer := self.answer(service)))

    @property
    def has_more_than_transfers(self) -> bool:
        """True if something else than a C-MOVE or a test image was answered."""
        return any(answer not in (self.move, self.store) for answer in self.answers)

    @property
    def succeeded(self) -> bool:
        """True if every answer is positive and nothing stopped the survey."""
        answered = all(answer.succeeded for answer in self.answers)
        return self.stopped is None and not self.fault and answered

    @property
    def failing(self) -> Service | None:
        """The first service with an answer that is not positive; ``None`` after a cancel."""
        if self.cancelled:
            return None
        asked = ((service, self.answer(service)) for service in Service)
        return next((service for service, said in asked if said and not said.succeeded), None)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, in the order of the services."""
        return tuple(finding for answer in self.answers for finding in answer.findings)
