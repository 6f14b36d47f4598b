"""Stage ``tls``: is the connection encrypted, and is the peer's certificate trusted?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind, JsonScalar, JsonValue
from dcmecho.diagnosis.network.association import Answer, Ending
from dcmecho.diagnosis.sanitize import PeerText, own_text, path_text
from dcmecho.diagnosis.stage import StageId, Status
from dcmecho.diagnosis.stages.bcp195 import profile_met
from dcmecho.diagnosis.stages.outcome import Outcome, failed
from dcmecho.diagnosis.stages.slowness import noting_slowness
from dcmecho.diagnosis.target.tls import (
    EXPIRES_SOON_DAYS,
    Certificate,
    Handshake,
    TlsEnding,
    TlsSettings,
    days_until,
)

_FAREWELL = "close_notify"


def judge(handshake: Handshake, settings: TlsSettings, host: str, today: datetime) -> Outcome:
    """Judge a handshake. Without verification of the peer it is at best a warning."""
    facts = (
        *_certificates(handshake, today),
        *_client_certificate(handshake),
    )
    if handshake.ending is not TlsEnding.DONE:
        return failed(_failure(handshake, settings, host), *facts, elapsed_ms=handshake.elapsed_ms)
    established = _established(handshake)
    warnings = (*_not_authenticated(handshake, settings), *_expiring(handshake, today))
    if warnings:
        summary = f"{handshake.version}, {warnings[0].text}"
        status = Status.WARNING
    else:
        peer = handshake.chain[0].subject if handshake.chain else "the peer"
        summary = f"{handshake.version}, peer authenticated: {peer}"
        status = Status.PASSED
    evidence = (*warnings, established, *facts)
    done = Outcome(status, summary, evidence, handshake.elapsed_ms)
    return noting_slowness(done, StageId.TLS, handshake.elapsed_ms)


def belongs_to_tls(answer: Answer, handshake: Handshake) -> bool:
    """Report whether ``answer`` is the peer's refusal of the client certificate.

    In TLS 1.3 the refusal follows the handshake. It is an alert, or just the end of the connection
    if the peer requested a certificate and got none.
    """
    if answer.ending is Ending.TLS_ALERT:
        return True
    missing = handshake.certificate_asked and not handshake.certificate_sent
    return missing and answer.ending in (Ending.CLOSED, Ending.RESET)


def with_certificate(outcome: Outcome, handshake: Handshake) -> Outcome:
    """Add the certificate that was sent, if the peer then ended the connection without a word.

    Node ends it like this if it does not accept the certificate.
    """
    ended = {EvidenceKind.PEER_CLOSED, EvidenceKind.PEER_RESET}
    if not handshake.certificate_sent or outcome.evidence[0].kind not in ended:
        return outcome
    return outcome._replace(evidence=(*outcome.evidence, *_client_certificate(handshake)))


def refused_later(
    answer: Answer, handshake: Handshake, settings: TlsSettings, host: str
) -> Outcome:
    """Return the failure of a handshake that was completed and then refused."""
    data = _facts(handshake, settings, host) | {"after_handshake": True}
    if answer.ending is Ending.TLS_ALERT:
        text = f"the peer refused with the alert {answer.message} after the handshake"
        data |= {"ending": TlsEnding.ALERT.value, "alert": answer.message}
        data["peer_alerts"] = [answer.message]
    else:
        text = "the peer requested a client certificate, got none, and ended the connection"
        reset = answer.ending is Ending.RESET
        data |= {"ending": (TlsEnding.RESET if reset else TlsEnding.CLOSED).value}
    evidence = Evidence(EvidenceKind.TLS_FAILED, answer.at_ms, text, data)
    return failed(evidence, _established(handshake), *_client_certificate(handshake))


def _established(handshake: Handshake) -> Evidence:
    met = profile_met(handshake.version, handshake.cipher)
    return Evidence(
        EvidenceKind.TLS_ESTABLISHED,
        handshake.at_ms,
        f"{handshake.version}, {handshake.cipher}; {met}",
        {"version": handshake.version, "cipher": handshake.cipher, "profile": met},
    )


def _certificates(handshake: Handshake, today: datetime) -> Iterator[Evidence]:
    """Yield the chain as the peer sent it, then the local certificates that continue it."""
    for position, certificate in enumerate((*handshake.chain, *handshake.added)):
        sent = position < len(handshake.chain)
        yield _certificate(certificate, position, handshake.at_ms, today, sent=sent)


def _certificate(
    certificate: Certificate, position: int, at_ms: float, today: datetime, *, sent: bool
) -> Evidence:
    days = days_until(certificate.not_after, today)
    before, after = certificate.not_before - today, today - certificate.not_after
    off = max(before, after)
    over = after > timedelta(0)
    ends = f"expired {count(after.days, 'day')} ago" if over else f"expires in {count(days, 'day')}"
    if before > timedelta(0):
        ends = f"becomes valid in {count(before.days, 'day')}, {ends}"
    names = f", for {', '.join(map(str, certificate.names))}" if certificate.names else ""
    return Evidence(
        EvidenceKind.TLS_CERTIFICATE,
        at_ms,
        f"certificate {position + 1}{'' if sent else ' (from your files, not sent)'}:"
        f" {certificate.subject}{names}, issued by {certificate.issuer}, {certificate.key}, {ends}"
        f" ({certificate.not_after:%Y-%m-%d})",
        {
            "position": position,
            "subject": str(certificate.subject),
            "issuer": str(certificate.issuer),
            "names": [str(name) for name in certificate.names],
            "not_before": f"{certificate.not_before:%Y-%m-%d %H:%M} UTC",
            "not_after": f"{certificate.not_after:%Y-%m-%d %H:%M} UTC",
            "valid_today": off <= timedelta(0),
            "days_left": days,
            "days_off": max(off.days, 0),
            "key": certificate.key,
            "sent": sent,
            "sha256": certificate.fingerprint,
            "serial": certificate.serial,
        },
    )


def _client_certificate(handshake: Handshake) -> tuple[Evidence, ...]:
    if not handshake.certificate_asked:
        return ()
    sent = handshake.certificate_sent
    text = "the peer requested a client certificate, and " + (
        "yours was sent" if sent else "none was sent"
    )
    kind = EvidenceKind.TLS_CLIENT_CERTIFICATE
    return (Evidence(kind, handshake.at_ms, text, {"sent": sent}),)


def _not_authenticated(handshake: Handshake, settings: TlsSettings) -> tuple[Evidence, ...]:
    if settings.verify:
        return ()
    text = "encrypted, peer not authenticated (verify = false)"
    return (Evidence(EvidenceKind.TLS_NOT_AUTHENTICATED, handshake.at_ms, text),)


def _expiring(handshake: Handshake, today: datetime) -> Iterator[Evidence]:
    for certificate in (*handshake.chain, *handshake.added):
        days_left = days_until(certificate.not_after, today)
        if 0 <= days_left <= EXPIRES_SOON_DAYS:
            yield Evidence(
                EvidenceKind.TLS_EXPIRES_SOON,
                handshake.at_ms,
                f"the certificate {certificate.subject} expires in {count(days_left, 'day')}",
                {"subject": str(certificate.subject), "days_left": days_left},
            )


def _failure(handshake: Handshake, settings: TlsSettings, host: str) -> Evidence:
    data = _facts(handshake, settings, host)
    match handshake.ending:
        case TlsEnding.CERTIFICATE_REFUSED:
            text = f"the peer's certificate is not trusted: {handshake.message}"
        case TlsEnding.ALERT:
            refusals = [name for name in _alerts(handshake, from_peer=True) if name != _FAREWELL]
            data["alert"] = refusals[-1]
            text = f"the peer refused with the alert {data['alert']}"
        case TlsEnding.NOT_TLS:
            data["seen"] = str(PeerText(handshake.data))
            text = f"the peer does not use TLS; it answered {data['seen']}"
        case TlsEnding.CLOSED:
            text = "the peer closed the connection during the handshake"
        case TlsEnding.RESET:
            text = "the connection was reset during the handshake"
        case TlsEnding.SILENT:
            text = f"no answer to the ClientHello within {handshake.elapsed_ms / 1000:.1f} s"
        case _:
            text = f"the handshake failed: {handshake.message}"
    if ours := _own_alerts(handshake):
        text += f"; dcmecho sent the alert {ours[-1]}"
    return Evidence(EvidenceKind.TLS_FAILED, handshake.at_ms, text, data)


def _facts(handshake: Handshake, settings: TlsSettings, host: str) -> dict[str, JsonValue]:
    """Return the facts about a failed handshake that the texts and the reasoning need."""
    facts: dict[str, JsonValue] = {
        "ending": handshake.ending.value,
        "verify_code": handshake.verify_code,
        "error": str(handshake.message),
        "server_name": own_text(settings.server_name or host),
        "certificate_asked": handshake.certificate_asked,
        "certificate_sent": handshake.certificate_sent,
        "peer_spoke_tls": handshake.peer_spoke_tls,
        "first_bytes": handshake.data.hex(" "),
        "peer_alerts": _alerts(handshake, from_peer=True),
        "our_alerts": _own_alerts(handshake),
        "after_handshake": False,
        "missing": _missing(handshake),
        "own_certificate": path_text(settings.cert_file),
    }
    return facts


def _alerts(handshake: Handshake, *, from_peer: bool) -> list[JsonScalar]:
    return [alert.name for alert in handshake.alerts if alert.from_peer is from_peer]


def _own_alerts(handshake: Handshake) -> list[JsonScalar]:
    """Return the alerts dcmecho sent, if it ended the handshake.

    OpenSSL also sends one after the peer has ended it; that one means nothing.
    """
    ended_by_us = handshake.ending in (TlsEnding.CERTIFICATE_REFUSED, TlsEnding.FAILED)
    return _alerts(handshake, from_peer=False) if ended_by_us else []


def _missing(handshake: Handshake) -> str:
    """Return the issuer at the end of the peer's chain, whose certificate is missing.

    It follows the issuers, because peers also send unrelated certificates.
    """
    if not handshake.chain:
        return ""
    known = (*handshake.chain, *handshake.added)
    issuers = {certificate.subject: certificate.issuer for certificate in known}
    issuer = handshake.chain[0].issuer
    for _ in issuers:
        issuer = issuers.get(issuer, issuer)
    return str(issuer)
