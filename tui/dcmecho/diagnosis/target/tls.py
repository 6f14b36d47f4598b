"""The words of TLS: what a profile asks for, and what a handshake showed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

EXPIRES_SOON_DAYS = 30
"""A certificate that ends within so many days is told of."""


class TlsVersion(StrEnum):
    """Protocol versions by the names that people and OpenSSL use."""

    TLS_1_0 = "1.0"
    TLS_1_1 = "1.1"
    TLS_1_2 = "1.2"
    TLS_1_3 = "1.3"


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """TLS as ``[target.tls]`` or DCMTK's options ask for it. Relative paths were resolved.

    A passphrase is only ever referred to: by the name of an environment variable, or by a command
    that prints it. ``passphrase`` is for one that was typed, and never shown.
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
    """The name the certificate has to bear; the host where empty."""


@dataclass(frozen=True, slots=True)
class TlsFileProblem:
    """A local mistake, found before connecting: which value, which file, what is wrong."""

    key: str
    path: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.key, self.path, self.message) if part)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says. Texts are printable; times are aware, UTC."""

    subject: str
    issuer: str
    names: tuple[str, ...]
    """DNS names and addresses (RFC 5280 4.2.1.6)."""
    not_before: datetime
    not_after: datetime
    key: str
    """``RSA 2048``, ``EC secp256r1``, ``Ed25519``."""
    fingerprint: str
    """SHA-256, hex."""


def days_until(then: datetime, today: datetime) -> int:
    """Whole days from ``today`` on, negative where ``then`` has passed."""
    return (then - today).days


@dataclass(frozen=True, slots=True)
class TlsCheck:
    """What the files of a profile were found to be, before anything was sent."""

    problems: tuple[TlsFileProblem, ...] = ()
    own: Certificate | None = None
    """Our own certificate, where the profile names one that can be read."""


@dataclass(frozen=True, slots=True)
class TlsAlert:
    """An alert (RFC 8446 6) and the side it came from."""

    code: int
    name: str
    from_peer: bool


class TlsEnding(StrEnum):
    """How a handshake ended."""

    DONE = "done"
    CERTIFICATE_REFUSED = "certificate-refused"
    """We did not trust the peer's certificate: see ``verify_code``."""
    ALERT = "alert"
    """The peer refused with an alert."""
    NOT_TLS = "not-tls"
    """The peer answered with something that is no TLS record."""
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
    """Not sent: the chain went on with these from our own files, as far as they lead."""
    certificate_asked: bool = False
    """The peer asked for a client certificate."""
    certificate_sent: bool = False
    alerts: tuple[TlsAlert, ...] = ()
    verify_code: int = 0
    """OpenSSL's X509_V_ERR number (verify(1)), 0 for none."""
    message: str = ""
    data: bytes = b""
    """First bytes of a peer that does not speak TLS."""

    @property
    def words(self) -> str:
        """How it ended, in one line for the log."""
        if self.ending is TlsEnding.DONE:
            return f"{self.version}  {self.cipher}"
        alerts = ", ".join(
            f"alert {alert.name} from {'the peer' if alert.from_peer else 'us'}"
            for alert in self.alerts
        )
        return f"no TLS: {'; '.join(filter(None, (self.message, alerts)))}"
