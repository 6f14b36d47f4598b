"""A peer's answers on an association, or what came instead of an answer.

All times ``at_ms`` count from the start of the run. All durations are milliseconds from socket send
to socket receive.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from dcmecho.diagnosis.network.connection import TcpInfo
from dcmecho.diagnosis.sanitize import NO_TEXT, PeerText
from dcmecho.standard.context_results import ContextResult


class Ending(StrEnum):
    """The end of the wait for an answer."""

    ANSWERED = "answered"
    """A PDU that answers the request, positive or negative."""
    ABORTED = "aborted"
    CLOSED = "closed"
    """FIN: an empty read."""
    RESET = "reset"
    """RST: ECONNRESET."""
    TLS_ALERT = "tls-alert"
    """A TLS alert after the handshake; ``message`` names it."""
    SILENT = "silent"
    NOT_DICOM = "not-dicom"
    """Bytes that are not a DICOM PDU."""
    MALFORMED = "malformed"
    """A DICOM PDU that breaks the standard, or is not allowed at this point."""
    CANCELLED = "cancelled"


class ContextAnswer(NamedTuple):
    """The peer's answer to one proposed presentation context (PS3.8 9.3.3.2).

    ``result`` is a number of ``ContextResult``, or one that the standard does not define.
    """

    context_id: int
    abstract_syntax: str
    result: int
    transfer_syntax: str = ""
    transfer_syntax_name: str = ""

    @property
    def is_accepted(self) -> bool:
        """Report whether the peer accepted the context."""
        return self.result == ContextResult.ACCEPTANCE


class Acceptance(NamedTuple):
    """A-ASSOCIATE-AC (PS3.8 9.3.3)."""

    max_pdu_bytes: int | None
    implementation_class_uid: str
    implementation_version: PeerText
    contexts: tuple[ContextAnswer, ...]
    """Empty if the peer answers none of them, which breaks the standard."""
    remarks: tuple[str, ...] = ()
    """Harmless violations of the standard in it, each with its byte position."""

    @property
    def only_answer(self) -> ContextAnswer | None:
        """The answer to the only context that was asked about; ``None`` if it is left out."""
        return next(iter(self.contexts), None)


class Rejection(NamedTuple):
    """A-ASSOCIATE-RJ (PS3.8 9.3.4): its numbers, and the reason as text.

    ``manner`` is the meaning of result and source: permanent or transient, and which part of the
    peer rejected.
    """

    result: int
    source: int
    reason: int
    words: str
    manner: str = ""

    @property
    def triple(self) -> str:
        """Return ``result/source/reason``."""
        return f"{self.result}/{self.source}/{self.reason}"

    @property
    def in_full(self) -> str:
        """Return the meaning of all three numbers, for readers of the protocol."""
        return f"{self.words} ({self.manner})" if self.manner else self.words


class Abort(NamedTuple):
    """A-ABORT (PS3.8 9.3.8)."""

    source: int
    reason: int
    words: str


class Answer(NamedTuple):
    """The answer to any request.

    ``before_request`` means that it came before the stage had sent its request. ``data`` is what
    the peer sent if that was not a valid DICOM PDU (its beginning only); ``message`` says what is
    wrong and where. ``tcp`` is set after a silence and after C-ECHO, if the kernel has the figures.
    """

    ending: Ending
    at_ms: float
    elapsed_ms: float
    before_request: bool = False
    abort: Abort | None = None
    data: bytes = b""
    message: str = ""
    unfinished: bool = False
    """``MALFORMED`` because the rest of the PDU never came: the network might have lost it."""
    tcp: TcpInfo | None = None
    request_bytes: int = 0
    """The length of the association request; 0 for an answer to another request."""


class Negotiation(NamedTuple):
    """The answer to an A-ASSOCIATE-RQ: if ``ANSWERED``, an acceptance or a rejection.

    ``closed_after`` says whether the peer closed the connection after its rejection; ``None`` if
    nobody waited for that.
    """

    answer: Answer
    acceptance: Acceptance | None = None
    rejection: Rejection | None = None
    closed_after: bool | None = None


class EchoAnswer(NamedTuple):
    """The answer to one C-ECHO-RQ; if ``ANSWERED``, with a status (PS3.7 9.3.5.2)."""

    answer: Answer
    message_id: int
    status: int | None = None
    status_words: str = ""
    comment: PeerText = NO_TEXT
