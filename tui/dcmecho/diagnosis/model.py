"""The words of a diagnosis: target, stage, evidence, cause, verdict, report.

Everything here is frozen and safe to hand from one thread to another. What a run tells is made of
named tuples, here and in ``link`` and ``events``: they are defined in a quarter of a dataclass's
time, and every start defines them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from dcmecho.diagnosis.services.model import ServicesResult
    from dcmecho.diagnosis.tls import TlsSettings

JsonScalar = str | int | float | bool | None
"""A scalar that JSON can hold; evidence data is a flat mapping of these or of lists of these."""

JsonValue = JsonScalar | list[JsonScalar]

DEFAULT_CALLING_AE = "DCMECHO"
CONNECT_TIMEOUT_S = 5.0
ACSE_TIMEOUT_S = 30.0
DIMSE_TIMEOUT_S = 30.0
SOCKET_TIMEOUT_S = 60.0
MAX_PDU_BYTES = 16382
"""What a target has where nobody says otherwise."""

UNSAID_CALLED_AE = "ANY-SCP"
"""What DCMTK's and pynetdicom's clients send where no called title is given: it names no peer."""


class StageId(StrEnum):
    """The rungs of the ladder, in the order they are climbed."""

    PROFILE = "profile"
    RESOLVE = "resolve"
    CONNECT = "connect"
    TLS = "tls"
    ASSOCIATE = "associate"
    AE_TITLE = "ae-title"
    CONTEXT = "context"
    ECHO = "echo"
    RELEASE = "release"


class Status(StrEnum):
    """How one stage ended."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOT_REACHED = "not-reached"


class VerdictStatus(StrEnum):
    """How a whole run ended. ``ERROR`` is of dcmecho itself and says nothing about the peer.

    A fault, or a run that never took place as another one had the peer.
    """

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    ERROR = "error"
    CANCELLED = "cancelled"

    @property
    def is_failing(self) -> bool:
        """True where the run failed, by the peer, the way to it or dcmecho itself."""
        return self in (VerdictStatus.FAILED, VerdictStatus.ERROR)


class EvidenceKind(StrEnum):
    """What was seen. The decisive kinds are keys of the tables in ``reasoning``."""

    PROFILE_VALID = "profile.valid"
    PROFILE_INVALID = "profile.invalid"
    PROFILE_WARNING = "profile.warning"
    DO_NOT_PROBE = "profile.do-not-probe"

    NAME_LITERAL = "name.literal"
    NAME_RESOLVED = "name.resolved"
    NAME_FAILED = "name.failed"

    TCP_CONNECTED = "tcp.connected"
    TCP_FAILED = "tcp.failed"
    TCP_INFO = "tcp.info"

    TLS_ESTABLISHED = "tls.established"
    TLS_CERTIFICATE = "tls.certificate"
    TLS_CLIENT_CERTIFICATE = "tls.client-certificate"
    TLS_EXPIRES_SOON = "tls.expires-soon"
    TLS_NOT_AUTHENTICATED = "tls.not-authenticated"
    TLS_FAILED = "tls.failed"

    PEER_CLOSED = "peer.closed"
    PEER_RESET = "peer.reset"
    PEER_SILENT = "peer.silent"
    PEER_BYTES = "peer.bytes"
    PEER_MALFORMED = "peer.malformed"
    PEER_ODD = "peer.odd"
    """Breaks the standard, and is harmless here."""

    ASSOCIATION_ACCEPTED = "association.accepted"
    ASSOCIATION_REJECTED = "association.rejected"
    ASSOCIATION_ABORTED = "association.aborted"

    CONTEXT_ACCEPTED = "context.accepted"
    CONTEXT_REFUSED = "context.refused"

    ECHO_RESPONSE = "echo.response"

    RELEASE_RESPONSE = "release.response"
    RELEASE_MISSING = "release.missing"
    ABORT_SENT = "abort.sent"

    CANCELLED = "cancelled"
    NO_TURN = "no-turn"
    """Another run of this dcmecho had the peer all the time: it was not asked."""
    INTERNAL_ERROR = "internal-error"


class Evidence(NamedTuple):
    """A fact, with the time it was seen.

    ``at_ms`` counts from the start of the run. ``text`` is printable (see ``sanitize``).
    """

    kind: EvidenceKind
    at_ms: float
    text: str
    data: Mapping[str, JsonValue] = MappingProxyType({})


class StageResult(NamedTuple):
    """One rung, climbed or not. ``elapsed_ms`` is ``None`` where the stage did not run."""

    id: StageId
    status: Status
    summary: str
    elapsed_ms: float | None = None
    evidence: tuple[Evidence, ...] = ()


class Confidence(StrEnum):
    """``PROVEN``: no other cause of the list can produce this evidence."""

    PROVEN = "proven"
    LIKELY = "likely"
    POSSIBLE = "possible"


class Who(StrEnum):
    """Who has to act on a cause."""

    YOU = "you"
    NETWORK = "network"
    PEER = "peer"


class CauseId(StrEnum):
    """Stable identifiers, used in JSON, tests and docs."""

    HOST_INVALID = "profile.host-invalid"
    PORT_INVALID = "profile.port-invalid"
    AE_TITLE_INVALID = "profile.ae-title-invalid"
    TLS_FILE_INVALID = "profile.tls-file-invalid"
    DNS_NOT_FOUND = "dns.not-found"
    DNS_NO_ANSWER = "dns.no-answer"
    TCP_REFUSED = "tcp.refused"
    TCP_NO_ANSWER = "tcp.no-answer"
    TCP_UNREACHABLE = "tcp.unreachable"
    TCP_PROHIBITED = "tcp.prohibited"
    TCP_RESET = "tcp.reset"
    TCP_LOCAL_ERROR = "tcp.local-error"
    TLS_PEER_IS_PLAIN = "tls.peer-is-plain"
    TLS_CERT_EXPIRED = "tls.cert-expired"
    TLS_CERT_NOT_YET_VALID = "tls.cert-not-yet-valid"
    TLS_CERT_SELF_SIGNED = "tls.cert-self-signed"
    TLS_CERT_UNKNOWN_ISSUER = "tls.cert-unknown-issuer"
    TLS_CERT_NAME_MISMATCH = "tls.cert-name-mismatch"
    TLS_CERT_INVALID = "tls.cert-invalid"
    TLS_CLIENT_CERT_REQUIRED = "tls.client-cert-required"
    TLS_CLIENT_CERT_REFUSED = "tls.client-cert-refused"
    TLS_VERSION = "tls.version"
    TLS_CIPHER = "tls.cipher"
    TLS_ALERT = "tls.alert"
    TLS_CLOSED = "tls.closed"
    PEER_SILENT = "peer.silent"
    PEER_CLOSED_ON_CONNECT = "peer.closed-on-connect"
    PEER_CLOSED_ON_REQUEST = "peer.closed-on-request"
    PEER_RESET_ON_REQUEST = "peer.reset-on-request"
    PEER_IS_HTTP = "peer.is-http"
    PEER_IS_SSH = "peer.is-ssh"
    PEER_IS_TLS = "peer.is-tls"
    PEER_IS_OTHER = "peer.is-other"
    PEER_MALFORMED = "peer.malformed"
    ASSOC_CONGESTION = "assoc.congestion"
    ASSOC_LIMIT = "assoc.limit"
    ASSOC_APP_CONTEXT = "assoc.app-context"
    ASSOC_PROTOCOL_VERSION = "assoc.protocol-version"
    ASSOC_REJECTED = "assoc.rejected"
    ASSOC_ABORTED = "assoc.aborted"
    AE_CALLED_UNKNOWN = "ae.called-unknown"
    AE_CALLING_UNKNOWN = "ae.calling-unknown"
    AE_HOST_NOT_ALLOWED = "ae.host-not-allowed"
    AE_CASE = "ae.case"
    AE_SPACES = "ae.spaces"
    CONTEXT_SOP_CLASS_REFUSED = "context.sop-class-refused"
    CONTEXT_TRANSFER_SYNTAX_REFUSED = "context.transfer-syntax-refused"
    CONTEXT_REFUSED = "context.refused"
    ECHO_STATUS = "echo.status"
    ECHO_NO_ANSWER = "echo.no-answer"
    ECHO_ABORTED = "echo.aborted"
    ECHO_CLOSED = "echo.closed"
    AUTH_PER_COMMAND = "auth.per-command"
    RELEASE_NO_ANSWER = "release.no-answer"


class Cause(NamedTuple):
    """An explanation, in words for the person at the keyboard (from ``causes.toml``)."""

    id: CauseId
    confidence: Confidence
    title: str
    explanation: str
    who: Who
    actions: tuple[str, ...]
    reference: str


@dataclass(frozen=True, slots=True)
class Target:
    """A peer to diagnose. Values are as the user wrote them: stage ``profile`` judges them.

    Raises nothing: a port of 70000 or a title of 17 characters is representable.
    """

    host: str
    port: int
    called_ae: str
    calling_ae: str
    name: str = ""
    group: str = ""
    notes: str = ""
    connect_timeout_s: float = CONNECT_TIMEOUT_S
    acse_timeout_s: float = ACSE_TIMEOUT_S
    dimse_timeout_s: float = DIMSE_TIMEOUT_S
    max_pdu_bytes: int = MAX_PDU_BYTES
    do_not_probe: str = ""
    no_experiments: str = ""
    tls: TlsSettings | None = None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.calling_ae} -> {self.called_ae} @ {host}:{self.port}"


def ladder_of(target: Target) -> tuple[StageId, ...]:
    """The rungs that a diagnosis of ``target`` climbs: ``tls`` only where its profile says so."""
    return tuple(stage for stage in StageId if stage is not StageId.TLS or target.tls)


class ContextProposal(NamedTuple):
    """A presentation context to propose (PS3.8 9.3.2.2), by UIDs."""

    abstract_syntax: str
    transfer_syntaxes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What one run does beyond the target's own values (DCMTK's echoscu options)."""

    repeat: int = 1
    """C-ECHO requests on the one association (``--repeat``)."""
    abort: bool = False
    """End with A-ABORT in place of A-RELEASE (``--abort``)."""
    transfer_syntaxes: int = 1
    """Transfer syntaxes proposed for Verification, 1 to 3 known ones (``-pts``)."""
    presentation_contexts: int = 1
    """Presentation contexts proposed, 1 to 128 (``-ppc``)."""
    socket_timeout_s: float = SOCKET_TIMEOUT_S
    """Bound on one blocked send (``-ts``)."""
    application_context: str = ""
    """Sent in place of the one that DICOM has (PS3.7 A.2.1); only experiments do that."""
    peer_address: str = ""
    """The address to ask in place of what the host's name has now; all of them where empty."""
    source_address: str = ""
    """The local address to connect from; the system chooses where empty."""
    max_segment_bytes: int = 0
    """Upper bound of our TCP segments (TCP_MAXSEG, tcp(7)); 0 leaves it to the system."""
    last_stage: StageId = StageId.RELEASE
    """The climb ends after this one; what follows is skipped."""
    watch_close_s: float = 0.0
    """How long to watch whether the peer closes after a rejection; it tells families apart."""
    contexts: tuple[ContextProposal, ...] = ()
    """Proposed in place of Verification, at most 128; only what follows a diagnosis does that."""


class Verdict(NamedTuple):
    """Where the run ended. ``finding`` is the kind of the evidence that decided it."""

    status: VerdictStatus
    stage: StageId
    title: str
    finding: EvidenceKind


class ExperimentResult(NamedTuple):
    """One further association, and what it split."""

    id: str
    sent: str
    outcome: str
    split: str


@dataclass(frozen=True, slots=True)
class Report:
    """One finished run: the only thing that text, JSON and console are made from."""

    run_id: str
    started: datetime
    """Aware, UTC."""
    elapsed_ms: float
    target: Target
    verdict: Verdict
    causes: tuple[Cause, ...]
    stages: tuple[StageResult, ...]
    proven: tuple[str, ...]
    not_proven: tuple[str, ...]
    experiments: tuple[ExperimentResult, ...] = ()
    services: ServicesResult | None = None
    """What was asked beyond C-ECHO, where that was wanted."""

    def stage(self, stage_id: StageId) -> StageResult:
        """The result of one stage. Raises ``KeyError`` for a stage the ladder does not have."""
        for result in self.stages:
            if result.id is stage_id:
                return result
        raise KeyError(stage_id)
