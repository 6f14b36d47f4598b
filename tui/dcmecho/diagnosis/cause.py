"""Causes: what can be wrong, how certain that is, and who must act."""

from __future__ import annotations

from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from dcmecho.diagnosis.product import Hint


class Confidence(StrEnum):
    """``PROVEN``: no other cause of the list can produce this evidence."""

    PROVEN = "proven"
    LIKELY = "likely"
    POSSIBLE = "possible"


class Who(StrEnum):
    """The person who must act: as in JSON and data files, in a sentence, in a narrow column."""

    words: str
    short: str

    YOU = "you", "you", "you"
    NETWORK = "network", "network team", "network"
    PEER = "peer", "peer's administrator", "peer admin"

    def __new__(cls, value: str, words: str, short: str) -> Who:
        """Make a member of its value and its words."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = words
        member.short = short
        return member


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
    TCP_SLOW = "tcp.slow"
    TCP_BIG_PACKETS_LOST = "tcp.big-packets-lost"
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
    PEER_NAME_LOOKUP = "peer.name-lookup"
    PEER_SLOW = "peer.slow"
    PEER_CLOSED_ON_CONNECT = "peer.closed-on-connect"
    PEER_CLOSED_ON_REQUEST = "peer.closed-on-request"
    PEER_RESET_ON_REQUEST = "peer.reset-on-request"
    PEER_IS_HTTP = "peer.is-http"
    PEER_IS_SSH = "peer.is-ssh"
    PEER_IS_TLS = "peer.is-tls"
    PEER_IS_OTHER = "peer.is-other"
    PEER_MALFORMED = "peer.malformed"
    PEER_ONE_OF_SEVERAL = "peer.one-of-several"
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
    AUTH_IDENTITY_REQUIRED = "auth.identity-required"
    RELEASE_NO_ANSWER = "release.no-answer"
    VANTAGE_NAME = "vantage.name"
    VANTAGE_UNREACHABLE = "vantage.unreachable"
    VANTAGE_HOST_KEY = "vantage.host-key"
    VANTAGE_PERMISSION = "vantage.permission"
    VANTAGE_NO_PYTHON = "vantage.no-python"
    VANTAGE_FORBIDDEN = "vantage.forbidden"
    VANTAGE_NOISY_SHELL = "vantage.noisy-shell"
    VANTAGE_LOST = "vantage.lost"
    PATH_BLOCKED_FROM = "path.blocked-from"
    PATH_NAME_DIFFERS = "path.name-differs"
    PATH_ADDRESS_NOT_REGISTERED = "path.address-not-registered"
    PATH_TITLE_PER_ADDRESS = "path.title-per-address"


Id_co = TypeVar("Id_co", bound=StrEnum, covariant=True)


class Behind(NamedTuple):
    """What can be behind a symptom, and who must act then: never called proven."""

    who: Who
    text: str


class Cause(NamedTuple, Generic[Id_co]):
    """An explanation, in words for the person at the keyboard.

    Its id is of the enum whose data file has the words: ``CauseId``, or ``FindingId`` for what is
    asked beyond C-ECHO.
    """

    id: Id_co
    confidence: Confidence
    title: str
    explanation: str
    who: Who
    actions: tuple[str, ...]
    reference: str
    where: tuple[Hint, ...] = ()
    """Hints for the products that the peer can be."""
    behind: tuple[Behind, ...] = ()
    """Not empty if this names a symptom: what can be behind it, the most likely first."""

    @property
    def is_symptom(self) -> bool:
        """Report whether this names what was seen, and not yet what is wrong."""
        return bool(self.behind)
