"""What the ladder asks of the network, and what it is told.

``dicom.link`` answers these over one TCP connection. A Link raises nothing: each
call returns what was seen. All times ``at_ms`` count from the start of the run, all durations are
milliseconds from socket send to socket receive.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from dcmecho.diagnosis.model import RunOptions, Target

if TYPE_CHECKING:
    from dcmecho.diagnosis.tls import Handshake, TlsCheck, TlsSettings


class Address(NamedTuple):
    """One numeric address of a host (``scope_id`` for link-local IPv6)."""

    ip: str
    port: int
    scope_id: int = 0

    @property
    def is_unspecified(self) -> bool:
        """True for what stands for every address of this machine (``0.0.0.0``, ``::``)."""
        return self.ip in ("0.0.0.0", "::")

    def __str__(self) -> str:
        return f"[{self.ip}]:{self.port}" if ":" in self.ip else f"{self.ip}:{self.port}"


class NameFailure(StrEnum):
    """Why a name has no address."""

    NOT_FOUND = "not-found"
    """The resolver says that the name does not exist, or has no address."""
    NO_ANSWER = "no-answer"
    """The resolver did not answer, or could not."""


class Resolution(NamedTuple):
    """The addresses of a name, or why there are none."""

    at_ms: float
    elapsed_ms: float
    addresses: tuple[Address, ...] = ()
    failure: NameFailure | None = None
    message: str = ""


class Connection(NamedTuple):
    """One attempt to connect to one address.

    ``local`` is our address as the peer sees it if nothing translates it. ``errno`` is that of the
    failed ``connect(2)``; a time-out has ``timed_out`` and no errno. ``tcp`` is what the kernel
    measured in the TCP handshake. ``tried_from`` is our address where the attempt failed, empty
    where there is no way to the peer: whoever opens a firewall needs it.
    """

    address: Address
    at_ms: float
    elapsed_ms: float
    local: Address | None = None
    errno: int | None = None
    timed_out: bool = False
    message: str = ""
    tcp: TcpInfo | None = None
    kept_out: str = ""
    """Why nothing was even tried: another run of this dcmecho has the peer."""
    tried_from: str = ""

    @property
    def connected(self) -> bool:
        """True where the TCP handshake was completed."""
        return self.local is not None


class TcpInfo(NamedTuple):
    """What Linux knows about the connection (``TCP_INFO``, tcp(7)), read before closing it.

    ``bytes_acked`` counts one for the SYN where the kernel does so. ``retransmits`` are those of
    the segment that is not acknowledged now.
    """

    rtt_ms: float
    retransmits: int
    unacked: int
    bytes_acked: int
    segment_bytes: int = 0
    """The longest segment that we send now (``tcpi_snd_mss``)."""
    path_mtu_bytes: int = 0
    total_retransmits: int = 0
    """Segments sent again since the connection began."""
    rtt_variance_ms: float = 0.0
    min_rtt_ms: float | None = None
    """The shortest round trip so far; ``None`` where the kernel keeps none.

    Only this one is free of the peer's delayed acknowledgements.
    """


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

    ``result``: 0 accepted, 1 user rejection, 2 no reason, 3 abstract syntax not supported, 4
    transfer syntaxes not supported.
    """

    context_id: int
    abstract_syntax: str
    result: int
    transfer_syntax: str = ""
    transfer_syntax_name: str = ""


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


class Link(Protocol):
    """One association over one TCP connection, asked step by step. Raises nothing."""

    def resolve(self, host: str, port: int, timeout_s: float) -> Resolution:
        """Every address of ``host``, in the order to try them."""

    def connect(self, address: Address, timeout_s: float, options: RunOptions) -> Connection:
        """Open the TCP connection, from the source address and with the segments asked for."""

    def check_tls(self, settings: TlsSettings) -> TlsCheck:
        """Look at the files of ``settings``; sends nothing."""

    def secure(self, settings: TlsSettings, host: str, timeout_s: float) -> Handshake:
        """Do the TLS handshake on the open connection, for the name of ``settings`` or ``host``."""

    def associate(self, target: Target, options: RunOptions) -> Negotiation:
        """Listen whether the peer speaks or closes first, then send A-ASSOCIATE-RQ."""

    def echo(self, message_id: int) -> EchoAnswer:
        """Send one C-ECHO-RQ."""

    def release(self) -> Answer:
        """Send A-RELEASE-RQ."""

    def abort(self) -> None:
        """Send A-ABORT where an association is open."""

    def close(self) -> None:
        """Abort what is open and close the connection. Safe to call twice."""

    def now_ms(self) -> float:
        """The run's clock, ms: all its times are read off this one."""

    @property
    def cancelled(self) -> bool:
        """True once somebody asked this run to end."""
