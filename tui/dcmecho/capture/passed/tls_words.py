"""What the clear part of a TLS handshake says, in words. Sources: RFC 8446, RFC 5246."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.diagnosis.target.tls import Certificate

_VERSIONS = {0x0300: "SSL 3.0", 0x0301: "1.0", 0x0302: "1.1", 0x0303: "1.2", 0x0304: "1.3"}
_ALERTS = {
    0: "close notify", 10: "unexpected message", 20: "bad record MAC", 22: "record overflow",
    40: "handshake failure", 42: "bad certificate", 43: "unsupported certificate",
    44: "certificate revoked", 45: "certificate expired", 46: "certificate unknown",
    47: "illegal parameter", 48: "unknown CA", 49: "access denied", 50: "decode error",
    51: "decrypt error", 70: "protocol version", 71: "insufficient security",
    80: "internal error", 86: "inappropriate fallback", 112: "unrecognized name",
    116: "certificate required", 120: "no application protocol",
}  # fmt: skip


def alert_words(number: int) -> str:
    """Return the name of an alert, or its number."""
    return _ALERTS.get(number, str(number))


def version_words(versions: Sequence[int]) -> str:
    """Return ``TLS 1.2, 1.3``, the lowest first; what no standard has is left out."""
    known = [_VERSIONS[each] for each in sorted(set(versions)) if each in _VERSIONS]
    return f"TLS {', '.join(known)}" if known else "TLS of an unknown version"


def two_byte_numbers(data: bytes) -> tuple[int, ...]:
    """Return the numbers of a list."""
    return tuple(number for (number,) in struct.iter_unpack(">H", data[: len(data) & ~1]))


def hello_words(versions: Sequence[int], server_name: bytes) -> str:
    """Return what a client offers."""
    name = f" for {PeerText(server_name).brief}" if server_name else ""
    return f"ClientHello: offers {version_words(versions)}{name}"


def read_first_certificate(message: bytes) -> Certificate | None:
    """Return the first certificate of a Certificate message of TLS 1.2, if it can be read."""
    from dcmecho.dicom.wire.tls.certificates import read_certificate

    length = int.from_bytes(message[3:6], "big")
    der = message[6 : 6 + length]
    if not der or len(der) < length:
        return None
    try:
        return read_certificate(der)
    except ValueError:
        return None


def certificate_words(certificate: Certificate) -> str:
    """Return whose it is, for which names, and until when."""
    names = ", ".join(each.brief for each in certificate.names[:4]) or "no names"
    return (
        f"certificate of {certificate.subject.brief} ({names}), issued by"
        f" {certificate.issuer.brief}, valid {certificate.not_before:%Y-%m-%d} to"
        f" {certificate.not_after:%Y-%m-%d}"
    )
