"""Reads certificates with ``cryptography``."""

from __future__ import annotations

import ssl
import warnings
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.diagnosis.target.tls import Certificate
from dcmecho.regular_file import read_regular

_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
_ODD = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""The errors ``cryptography`` raises for certificates that break the standard."""


def read_certificate(der: bytes) -> Certificate:
    """Read a DER certificate. Raises ``ValueError`` if it cannot be read."""
    try:
        return _read(der)
    except _ODD as error:
        raise ValueError(f"the certificate cannot be read: {error}") from error


def first_certificate(path: str) -> Certificate | None:
    """Return the first certificate of a PEM file, or ``None`` if there is no readable one."""
    try:
        text = read_regular(Path(path)).decode("latin-1")
        begin, end = text.index(_BEGIN), text.index(_END)
        return read_certificate(ssl.PEM_cert_to_DER_cert(text[begin : end + len(_END)]))
    except (OSError, ValueError):
        return None


def _read(der: bytes) -> Certificate:
    with warnings.catch_warnings():
        # Real peers have certificates with unusual serial numbers. Keep warnings off the screen.
        warnings.simplefilter("ignore")
        certificate = x509.load_der_x509_certificate(der)
        return Certificate(
            subject=PeerText(certificate.subject.rfc4514_string() or "(no subject)"),
            issuer=PeerText(certificate.issuer.rfc4514_string() or "(no issuer)"),
            names=_names(certificate),
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
            key=_key(certificate),
            fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
            serial=f"{certificate.serial_number:X}",
        )


def _names(certificate: x509.Certificate) -> tuple[PeerText, ...]:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, *_ODD):
        return ()
    found = extension.value
    addresses = [str(address) for address in found.get_values_for_type(x509.IPAddress)]
    names = found.get_values_for_type(x509.DNSName)
    return tuple(PeerText(name) for name in (*names, *addresses))


def _key(certificate: x509.Certificate) -> str:
    try:
        key = certificate.public_key()
    except _ODD:
        return "unknown key"
    match key:
        case rsa.RSAPublicKey():
            return f"RSA {key.key_size}"
        case dsa.DSAPublicKey():
            return f"DSA {key.key_size}"
        case ec.EllipticCurvePublicKey():
            return f"EC {key.curve.name}"
        case _:
            return type(key).__name__.removesuffix("PublicKey").lstrip("_")
