"""Makes the certificates of the practice peers. Imports ``cryptography``, which takes a while."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from dcmecho.lab.tls.files import TlsFiles
from dcmecho.new_file import write_new

_VALID = timedelta(days=90)
_CLOCKS_DIFFER = timedelta(days=1)
_PEER_NAMES = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])


@dataclass(frozen=True, slots=True)
class _Issued:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def key_pem(self) -> str:
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()


def make_certificates(files: TlsFiles) -> None:
    """Write every file anew, for this user only. Raises ``OSError``."""
    authority = _issue("Practice CA", x509.BasicConstraints(ca=True, path_length=0))
    _replace(files.ca, authority.pem)
    for path, name, extensions in (
        (files.peer, "Practice peer", (_PEER_NAMES, _usage(ExtendedKeyUsageOID.SERVER_AUTH))),
        (files.client, "My workstation", (_usage(ExtendedKeyUsageOID.CLIENT_AUTH),)),
    ):
        leaf = x509.BasicConstraints(ca=False, path_length=None)
        issued = _issue(name, leaf, *extensions, issuer=authority)
        _replace(path, issued.pem + issued.key_pem)


def _replace(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    write_new(path, text)


def _usage(purpose: x509.ObjectIdentifier) -> x509.ExtendedKeyUsage:
    return x509.ExtendedKeyUsage([purpose])


def _issue(name: str, *extensions: x509.ExtensionType, issuer: _Issued | None = None) -> _Issued:
    """Issue a certificate, signed with its own key without an ``issuer``."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder(
        issuer_name=issuer.certificate.subject if issuer else subject,
        subject_name=subject,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - _CLOCKS_DIFFER,
        not_valid_after=now + _VALID,
    )
    for extension in extensions:
        builder = builder.add_extension(extension, isinstance(extension, x509.BasicConstraints))
    return _Issued(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)
