"""TLS: what a target asks for, and what a handshake showed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dcmecho.diagnosis.sanitize import NO_TEXT, PeerText

EXPIRES_SOON_DAYS = 30
"""A certificate that expires within this many days is a warning."""


class TlsVersion(StrEnum):
    """Protocol versions by the names that people and OpenSSL use."""

    TLS_1_0 = "1.0"
    TLS_1_1 = "1.1"
    TLS_1_2 = "1.2"
    TLS_1_3 = "1.3"


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """The settings of ``[target.tls]`` or of DCMTK's options, with relative paths resolved.

    A passphrase is stored only as the name of an environment variable, or as a command that prints
    it. ``passphrase`` is one that was typed; it is never shown.
    """

    ca_files: tuple[str, ...] = ()
    ca_folder: str = ""
    cert_file: str = ""
    key_file: str = ""
    passphrase_env: str = ""
    passphrase_command: str = ""
    passphrase: str | None = field(default=None, repr=False)
    minimum_version: TlsVersion = TlsVersion.TLS_1_2
    verify: bool = True
    server_name: str = ""
    """The name that the certificate must contain; if empty, the host."""


@dataclass(frozen=True, slots=True)
class TlsFileProblem:
    """A mistake in the local TLS files, found before connecting: key, file, and what is wrong."""

    key: str
    path: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.key, self.path, self.message) if part)


@dataclass(frozen=True, slots=True)
class Certificate:
    """The contents of a certificate. Times are aware, UTC."""

    subject: PeerText
    issuer: PeerText
    names: tuple[PeerText, ...]
    """DNS names and addresses (RFC 5280 4.2.1.6)."""
    not_before: datetime
    not_after: datetime
    key: str
    """``RSA 2048``, ``EC secp256r1``, ``Ed25519``."""
    fingerprint: str
    """SHA-256, hex."""
    serial: str = ""
    """The serial number in hex, as ``openssl x509 -serial`` prints it."""


def days_until(then: datetime, today: datetime) -> int:
    """Return the whole days from ``today`` to ``then``; negative if ``then`` has passed."""
    return (then - today).days


@dataclass(frozen=True, slots=True)
class TlsCheck:
    """The result of checking a target's TLS files, before anything is sent."""

    problems: tuple[TlsFileProblem, ...] = ()
    own: Certificate | None = None
    """The client certificate, if the target names one that can be read."""


@dataclass(frozen=True, slots=True)
class TlsAlert:
    """An alert (RFC 8446 6) and the side it came from."""

    code: int
    name: str
    from_peer: bool


class TlsEnding(StrEnum):
    """The end of a handshake."""

    DONE = "done"
    CERTIFICATE_REFUSED = "certificate-refused"
    """dcmecho did not trust the peer's certificate; see ``verify_code``."""
    ALERT = "alert"
    """The peer refused with an alert."""
    NOT_TLS = "not-tls"
    """The peer answered with something that is not a TLS record."""
    CLOSED = "closed"
    RESET = "reset"
    SILENT = "silent"
    FAILED = "failed"
    """Anything else; ``message`` has OpenSSL's words."""
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Handshake:
    """One TLS handshake as it was seen. ``at_ms`` counts from the start of the run."""

    ending: TlsEnding
    at_ms: float
    elapsed_ms: float
    version: str = ""
    cipher: str = ""
    chain: tuple[Certificate, ...] = ()
    """As the peer sent it, its own certificate first."""
    added: tuple[Certificate, ...] = ()
    """Certificates from the local files that continue the chain; the peer did not send them."""
    certificate_asked: bool = False
    """The peer asked for a client certificate."""
    certificate_sent: bool = False
    peer_spoke_tls: bool = False
    """The peer answered with TLS, so its port is not plain."""
    alerts: tuple[TlsAlert, ...] = ()
    verify_code: int = 0
    """OpenSSL's X509_V_ERR number (verify(1)); 0 if there was no error."""
    message: PeerText = NO_TEXT
    data: bytes = b""
    """First bytes of a peer that does not speak TLS."""

    @property
    def words(self) -> str:
        """Return how it ended, as one line for the log."""
        if self.ending is TlsEnding.DONE:
            return f"{self.version}  {self.cipher}"
        alerts = ", ".join(
            f"alert {alert.name} from {'the peer' if alert.from_peer else 'dcmecho'}"
            for alert in self.alerts
        )
        return f"no TLS: {'; '.join(filter(None, (str(self.message), alerts)))}"
