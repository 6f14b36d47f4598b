"""What a peer answered on an association, or what came in place of an answer.

All times ``at_ms`` count from the start of the run, all durations are milliseconds from socket send
to socket receive.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from dcmecho.diagnosis.network.connection import TcpInfo
from dcmecho.standard.context_results import ContextResult


class Ending(StrEnum):
    """How the wait for an answer ended."""

    ANSWERED = "answered"
    """The PDU that the question asks for, of either outcome."""
    ABORTED = "aborted"
    CLOSED = "closed"
    """FIN: an empty read."""
    RESET = "reset"
    """RST: ECONNRESET."""
    TLS_ALERT = "tls-alert"
    """A TLS alert after the handshake; ``message`` names it."""
    SILENT = "silent"
    NOT_DICOM = "not-dicom"
    """Bytes that are no DICOM PDU."""
    MALFORMED = "malformed"
    """A DICOM PDU that breaks the standard, or one that has no place here."""
    CANCELLED = "cancelled"


class ContextAnswer(NamedTuple):
    """The peer's answer to one proposed presentation context (PS3.8 9.3.3.2).

    ``result`` is a number of ``ContextResult``, or one outside the standard.
    """

    context_id: int
    abstract_syntax: str
    result: int
    transfer_syntax: str = ""
    transfer_syntax_name: str = ""

    @property
    def is_accepted(self) -> bool:
        """True where the peer takes the context."""
        return self.result == ContextResult.ACCEPTANCE


class Acceptance(NamedTuple):
    """A-ASSOCIATE-AC (PS3.8 9.3.3)."""

    max_pdu_bytes: int | None
    implementation_class_uid: str
    implementation_version: str
    contexts: tuple[ContextAnswer, ...]
    remarks: tuple[str, ...] = ()
    """What is odd in it and harmless here, each with its byte."""


class Rejection(NamedTuple):
    """A-ASSOCIATE-RJ (PS3.8 9.3.4): numbers as on the wire, and the reason in words.

    ``manner`` is what result and source say: for how long, and which part of the peer.
    """

    result: int
    source: int
    reason: int
    words: str
    manner: str = ""

    @property
    def triple(self) -> str:
        """``result/source/reason``."""
        return f"{self.result}/{self.source}/{self.reason}"

    @property
    def in_full(self) -> str:
        """All three numbers in words, for who reads the protocol."""
        return f"{self.words} ({self.manner})" if self.manner else self.words


class Abort(NamedTuple):
    """A-ABORT (PS3.8 9.3.8)."""

    source: int
    reason: int
    words: str


class Answer(NamedTuple):
    """What came back, common to every question.

    ``before_request`` tells that it came before we had sent what the stage sends. ``data`` is what
    the peer sent where that was no DICOM PDU or broke the standard (capped), ``message`` says what
    and where. ``tcp`` is filled where the kernel tells, for a silence and for C-ECHO.
    """

    ending: Ending
    at_ms: float
    elapsed_ms: float
    before_request: bool = False
    abort: Abort | None = None
    data: bytes = b""
    message: str = ""
    unfinished: bool = False
    """``MALFORMED`` because the PDU never became whole: it may have been lost on the way."""
    tcp: TcpInfo | None = None


class Negotiation(NamedTuple):
    """The answer to an A-ASSOCIATE-RQ. ``ANSWERED`` has one of the two.

    ``closed_after`` tells whether the peer closed the connection after its rejection, where that
    was watched for.
    """

    answer: Answer
    acceptance: Acceptance | None = None
    rejection: Rejection | None = None
    closed_after: bool | None = None


class EchoAnswer(NamedTuple):
    """The answer to one C-ECHO-RQ. ``ANSWERED`` has a status (PS3.7 9.3.5.2)."""

    answer: Answer
    message_id: int
    status: int | None = None
    status_words: str = ""
    comment: str = ""
