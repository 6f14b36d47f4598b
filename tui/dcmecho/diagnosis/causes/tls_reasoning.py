"""The causes of a failed TLS handshake: tables by verification code, alert and ending."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.stages.identify import identify
from dcmecho.diagnosis.target.tls import TlsEnding

Suspects = tuple[tuple[CauseId, Confidence], ...]
"""Causes that can explain the evidence, the most likely first."""

_PROVEN, _LIKELY, _POSSIBLE = Confidence.PROVEN, Confidence.LIKELY, Confidence.POSSIBLE

BY_VERIFY_CODE: Mapping[int, CauseId] = {
    2: CauseId.TLS_CERT_UNKNOWN_ISSUER,
    9: CauseId.TLS_CERT_NOT_YET_VALID,
    10: CauseId.TLS_CERT_EXPIRED,
    18: CauseId.TLS_CERT_SELF_SIGNED,
    19: CauseId.TLS_CERT_UNKNOWN_ISSUER,
    20: CauseId.TLS_CERT_UNKNOWN_ISSUER,
    21: CauseId.TLS_CERT_UNKNOWN_ISSUER,
    62: CauseId.TLS_CERT_NAME_MISMATCH,
    63: CauseId.TLS_CERT_NAME_MISMATCH,
    64: CauseId.TLS_CERT_NAME_MISMATCH,
    66: CauseId.TLS_CIPHER,
    67: CauseId.TLS_CIPHER,
    68: CauseId.TLS_CIPHER,
}
"""OpenSSL's X509_V_ERR numbers (verify(1)); 66 to 68 are keys and digests that are too weak.

Any other number is ``TLS_CERT_INVALID``, with OpenSSL's message.
"""

BY_ALERT: Mapping[str, CauseId] = {
    "certificate_required": CauseId.TLS_CLIENT_CERT_REQUIRED,
    "protocol_version": CauseId.TLS_VERSION,
    "insufficient_security": CauseId.TLS_CIPHER,
}
"""Alerts with only one meaning (RFC 8446 6.2)."""

ABOUT_A_CERTIFICATE = frozenset(
    {
        "bad_certificate",
        "unsupported_certificate",
        "certificate_revoked",
        "certificate_expired",
        "certificate_unknown",
        "unknown_ca",
        "access_denied",
    }
)
"""Alerts by which a server refuses the client certificate, or the lack of one."""

BY_OPENSSL_WORDS: tuple[tuple[str, CauseId], ...] = (
    ("unsupported protocol", CauseId.TLS_VERSION),
    ("no protocols available", CauseId.TLS_VERSION),
    ("version too low", CauseId.TLS_VERSION),
    ("wrong ssl version", CauseId.TLS_VERSION),
    ("cipher", CauseId.TLS_CIPHER),
    ("key too small", CauseId.TLS_CIPHER),
    ("wrong signature type", CauseId.TLS_CIPHER),
)

_DICOM_PDU_TYPES = range(1, 8)


def tls_suspects(finding: Evidence, seen: Sequence[Evidence] = ()) -> Suspects:
    """Return the causes of a failed handshake; ``seen`` contains the peer's certificates."""
    match TlsEnding(str(finding.data["ending"])):
        case TlsEnding.CERTIFICATE_REFUSED:
            return _certificate_refused(finding, seen)
        case TlsEnding.ALERT:
            return _alert(finding)
        case TlsEnding.NOT_TLS:
            return _not_tls(bytes.fromhex(str(finding.data["first_bytes"])))
        case TlsEnding.RESET | TlsEnding.CLOSED if finding.data["after_handshake"]:
            return _ended_after_handshake(finding)
        case TlsEnding.RESET | TlsEnding.CLOSED if _certificate_missing(finding):
            return ((CauseId.TLS_CLIENT_CERT_REQUIRED, _LIKELY), (CauseId.TLS_CLOSED, _POSSIBLE))
        case TlsEnding.RESET | TlsEnding.CLOSED if finding.data["certificate_sent"]:
            return ((CauseId.TLS_CLIENT_CERT_REFUSED, _LIKELY), (CauseId.TLS_CLOSED, _POSSIBLE))
        case TlsEnding.RESET | TlsEnding.CLOSED if finding.data["peer_spoke_tls"]:
            return ((CauseId.TLS_CLOSED, _LIKELY),)
        case TlsEnding.RESET | TlsEnding.CLOSED:
            # DCMTK and Orthanc reset a plain port that is greeted in TLS; dcm4che and Node close.
            return ((CauseId.TLS_PEER_IS_PLAIN, _LIKELY), (CauseId.TLS_CLOSED, _POSSIBLE))
        case TlsEnding.SILENT:
            return (
                (CauseId.PEER_SILENT, _LIKELY),
                (CauseId.TLS_PEER_IS_PLAIN, _POSSIBLE),
                (CauseId.PEER_NAME_LOOKUP, _POSSIBLE),
            )
        case _:
            return _openssl_words(str(finding.data["error"]))


def _certificate_refused(finding: Evidence, seen: Sequence[Evidence]) -> Suspects:
    """Return OpenSSL's error, and other errors of the peer's own certificate.

    OpenSSL stops at the first error. Without the others, the user would have to call the same
    person twice.
    """
    code = finding.data["verify_code"]
    known = BY_VERIFY_CODE.get(code) if isinstance(code, int) else None
    faults = [known or CauseId.TLS_CERT_INVALID]
    for each in seen:
        if each.kind is EvidenceKind.TLS_CERTIFICATE and each.data["position"] == 0:
            faults += _other_faults(each, str(finding.data["server_name"]))
    return tuple((fault, _PROVEN) for fault in dict.fromkeys(faults))


def _other_faults(certificate: Evidence, server_name: str) -> Iterator[CauseId]:
    days_left, names = certificate.data["days_left"], certificate.data["names"]
    if not certificate.data["valid_today"] and isinstance(days_left, int):
        yield CauseId.TLS_CERT_EXPIRED if days_left < 0 else CauseId.TLS_CERT_NOT_YET_VALID
    if isinstance(names, list) and names and _is_for_others([*map(str, names)], server_name):
        yield CauseId.TLS_CERT_NAME_MISMATCH


def _is_for_others(names: Sequence[str], wanted: str) -> bool:
    """Report whether certainly none of ``names`` matches ``wanted`` (RFC 9525 6.3)."""
    if _is_address(wanted):
        return not any(_is_address(name) and _same_address(name, wanted) for name in names)
    labels = wanted.lower().rstrip(".").split(".")
    if not wanted.isascii():
        return False
    return not any(_may_stand_for(name.lower().rstrip("."), labels) for name in names)


def _may_stand_for(name: str, labels: Sequence[str]) -> bool:
    first, _, rest = name.partition(".")
    if "*" in first:
        return rest == ".".join(labels[1:])
    return name == ".".join(labels)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _same_address(one: str, other: str) -> bool:
    return ip_address(one) == ip_address(other)


def _certificate_missing(finding: Evidence) -> bool:
    return bool(finding.data["certificate_asked"]) and not finding.data["certificate_sent"]


def _ended_after_handshake(finding: Evidence) -> Suspects:
    """A server that accepts connections without a certificate might dislike the request instead."""
    reset = finding.data["ending"] == TlsEnding.RESET.value
    return (
        (CauseId.TLS_CLIENT_CERT_REQUIRED, _LIKELY),
        (CauseId.PEER_RESET_ON_REQUEST if reset else CauseId.PEER_CLOSED_ON_REQUEST, _POSSIBLE),
        (CauseId.PEER_CLOSED_ON_CONNECT, _POSSIBLE),
    )


def _alert(finding: Evidence) -> Suspects:
    name = str(finding.data["alert"])
    sent = bool(finding.data["certificate_sent"])
    if name in BY_ALERT:
        return ((BY_ALERT[name], _PROVEN),)
    if name == "decrypt_error" and sent:
        # The signature by the client key, or of the whole handshake (RFC 8446 6.2).
        return ((CauseId.TLS_CLIENT_CERT_REFUSED, _LIKELY), (CauseId.TLS_ALERT, _POSSIBLE))
    if name in ABOUT_A_CERTIFICATE and sent:
        return ((CauseId.TLS_CLIENT_CERT_REFUSED, _PROVEN),)
    if name in ABOUT_A_CERTIFICATE and _certificate_missing(finding):
        return ((CauseId.TLS_CLIENT_CERT_REQUIRED, _LIKELY), (CauseId.TLS_ALERT, _POSSIBLE))
    if name != "handshake_failure":
        return ((CauseId.TLS_ALERT, _PROVEN),)
    # TLS 1.2 has no alert for a missing certificate.
    disagreement: Suspects = ((CauseId.TLS_CIPHER, _POSSIBLE), (CauseId.TLS_VERSION, _POSSIBLE))
    if _certificate_missing(finding):
        return ((CauseId.TLS_CLIENT_CERT_REQUIRED, _LIKELY), *disagreement)
    if sent:
        return ((CauseId.TLS_CLIENT_CERT_REFUSED, _LIKELY), *disagreement)
    return ((CauseId.TLS_CIPHER, _LIKELY), (CauseId.TLS_VERSION, _POSSIBLE))


def _not_tls(first_bytes: bytes) -> Suspects:
    if _begins_a_short_pdu(first_bytes):
        return ((CauseId.TLS_PEER_IS_PLAIN, _PROVEN),)
    return ((identify(first_bytes).cause, _PROVEN),)


def _begins_a_short_pdu(first_bytes: bytes) -> bool:
    """Report whether a short DICOM PDU begins, not RDP or another protocol with such a byte.

    A DICOM answer to a ClientHello is short, so the upper bytes of its length are 0.
    """
    if len(first_bytes) < 4:
        return False
    kind, *zeros = first_bytes[:4]
    return kind in _DICOM_PDU_TYPES and not any(zeros)


def _openssl_words(words: str) -> Suspects:
    for part, cause in BY_OPENSSL_WORDS:
        if part in words:
            return ((cause, _PROVEN),)
    return (
        (CauseId.TLS_ALERT, _LIKELY),
        (CauseId.PEER_IS_OTHER, _POSSIBLE),
        (CauseId.TLS_PEER_IS_PLAIN, _POSSIBLE),
    )
