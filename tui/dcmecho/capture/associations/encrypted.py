"""TLS: what the handshake tells, and where it is dark."""

from __future__ import annotations

from collections.abc import Iterator

from dcmecho.capture.associations.judged import Judged, failed, unknown
from dcmecho.capture.associations.surroundings import Surroundings
from dcmecho.capture.conversation import Conversation, Opened, Way
from dcmecho.capture.passed.listening import Listener
from dcmecho.capture.passed.tls import TLS_1_3, TlsFraming
from dcmecho.capture.passed.tls_words import (
    alert_words,
    certificate_words,
    hello_words,
    version_words,
)
from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.observed.association import EndedBy
from dcmecho.diagnosis.observed.service_reasoning import AnySuspects, likely, proven
from dcmecho.diagnosis.stage import StageId

_NOT_TOLD = "TLS encrypts what comes after the handshake: titles, acceptance and commands"
_SHORTEST_REQUEST = 100
"""An A-ASSOCIATE-RQ is longer; a Certificate without one, or a Finished, is shorter."""

_ALERT_BYTES = 19
"""An encrypted alert: 2 bytes, its type, and 16 bytes of the tag (RFC 8446 5.2)."""
_FINISHED_BYTES = (53, 69)
"""A Finished with SHA-256 or SHA-384: 4 bytes, the hash, its type and the tag."""

_FAILED = EvidenceKind.TLS_FAILED
_FROM_CLIENT: dict[int, AnySuspects] = {
    42: likely(
        CauseId.TLS_CERT_NAME_MISMATCH,
        CauseId.TLS_CERT_INVALID,
        CauseId.TLS_CERT_NOT_YET_VALID,
        CauseId.TLS_CIPHER,
    ),
    43: likely(CauseId.TLS_CERT_INVALID),
    45: likely(CauseId.TLS_CERT_EXPIRED, CauseId.TLS_ALERT),
    46: likely(
        CauseId.TLS_CERT_UNKNOWN_ISSUER, CauseId.TLS_CERT_NAME_MISMATCH, CauseId.TLS_CERT_INVALID
    ),
    48: likely(
        CauseId.TLS_CERT_UNKNOWN_ISSUER, CauseId.TLS_CERT_SELF_SIGNED, CauseId.TLS_CERT_INVALID
    ),
    70: likely(CauseId.TLS_VERSION),
}


def judge_tls(heard: Listener, conversation: Conversation, around: Surroundings) -> Judged | None:
    """Return what a conversation tells whose client began with TLS."""
    client = heard.tls[Way.FROM_CLIENT]
    server = heard.tls.get(Way.FROM_SERVER)
    if client.is_web:
        return None
    has_part = conversation.opened is Opened.GUESSED or conversation.server.gap_bytes
    if has_part or not conversation.server.frames or client.is_cut or (server and server.is_cut):
        judged = _in_part(client, server)
    elif server is None:
        judged = _without_answer(heard, conversation, around)
    else:
        judged = _with_answer(client, server, conversation)
    return judged._replace(cannot_tell=(_NOT_TOLD,))


def tls_facts(heard: Listener) -> Iterator[str]:
    """Yield what the clear part of the handshake says, in words."""
    client, server = heard.tls.get(Way.FROM_CLIENT), heard.tls.get(Way.FROM_SERVER)
    if client is not None and client.has_hello:
        yield hello_words(client.offered, client.server_name)
    if server is not None and server.version is not None:
        asks = ", asks for a certificate of the client" if server.asks_certificate else ""
        yield f"ServerHello: takes {version_words([server.version])}{asks}"
    for who, each in (("server", server), ("client", client)):
        if each is not None and each.certificate is not None:
            yield f"{who}: {certificate_words(each.certificate)}"


def _in_part(client: TlsFraming, server: TlsFraming | None) -> Judged:
    """Return what TLS tells of which the capture does not have all."""
    if client.alert is not None or (server is not None and server.alert is not None):
        return _alerted(client, server)
    title = "TLS, of which the capture does not have all"
    judged = unknown(StageId.TLS, EvidenceKind.TLS_ESTABLISHED, title)
    return judged._replace(ended_by=EndedBy.UNKNOWN)


def _without_answer(heard: Listener, conversation: Conversation, around: Surroundings) -> Judged:
    trace = heard.trace
    if trace.pdus[Way.FROM_SERVER]:
        found: AnySuspects = proven(CauseId.TLS_PEER_IS_PLAIN)
        return failed(StageId.TLS, _FAILED, "a DICOM PDU in answer to TLS", found)
    foreign = trace.foreign.get(Way.FROM_SERVER)
    if foreign:
        is_web = foreign.lstrip()[:1] == b"<" or foreign.startswith(b"HTTP/")
        other = CauseId.PEER_IS_HTTP if is_web else CauseId.PEER_IS_OTHER
        found = likely(CauseId.TLS_PEER_IS_PLAIN, other)
        return failed(StageId.TLS, _FAILED, "an answer without TLS", found)
    if conversation.server.resets or (conversation.server.fin and not conversation.client.fin):
        found = likely(CauseId.TLS_PEER_IS_PLAIN, CauseId.TLS_CLOSED)
        return failed(StageId.TLS, _FAILED, "closed in answer to TLS", found)
    found = likely(CauseId.PEER_SILENT, CauseId.TLS_CLOSED, CauseId.TLS_PEER_IS_PLAIN)
    if (
        conversation.client.fin
        or conversation.client.resets
        or around.silence_after(conversation.last.time) > 2
    ):
        return failed(StageId.TLS, EvidenceKind.PEER_SILENT, "no answer to TLS", found)
    return unknown(StageId.TLS, EvidenceKind.PEER_SILENT, "TLS begins, and the capture ends", found)


def _with_answer(client: TlsFraming, server: TlsFraming, conversation: Conversation) -> Judged:
    if client.alert is not None or server.alert is not None:
        return _alerted(client, server)
    is_new = server.version == TLS_1_3
    has_alert = is_new and _ends_in_an_alert(server)
    if has_alert or (is_new and _gave_up(server, conversation)):
        found = likely(
            CauseId.TLS_CLOSED,
            CauseId.TLS_ALERT,
            CauseId.TLS_CLIENT_CERT_REQUIRED,
            CauseId.TLS_CLIENT_CERT_REFUSED,
        )
        if has_alert:
            title = "the server sends an alert right after the handshake; which one is encrypted"
            judged = failed(StageId.TLS, _FAILED, title, found)
            return judged._replace(ended_by=EndedBy.SERVER)
        title = "the server closed right after the handshake; why is encrypted"
        return failed(StageId.TLS, _FAILED, title, found)
    if client.records and server.records:
        title = "a complete TLS handshake, then encrypted data both ways"
        judged = unknown(StageId.TLS, EvidenceKind.TLS_ESTABLISHED, title)
        return judged._replace(ended_by=EndedBy.UNKNOWN)
    if conversation.client.fin or conversation.server.fin or conversation.server.resets:
        found = likely(CauseId.TLS_CLOSED, CauseId.TLS_ALERT)
        return failed(StageId.TLS, _FAILED, "closed within the TLS handshake", found)
    return unknown(StageId.TLS, EvidenceKind.TLS_ESTABLISHED, "the capture ends within TLS")


def _alerted(client: TlsFraming, server: TlsFraming | None) -> Judged:
    if client.alert is not None:
        number, _ = client.alert
        found = (*_FROM_CLIENT.get(number, ()), *likely(CauseId.TLS_ALERT, CauseId.TLS_CLOSED))
        return failed(StageId.TLS, _FAILED, _words("client", number), _once(found))
    assert server is not None
    assert server.alert is not None
    number, _ = server.alert
    found = _of_server(number, client, server)
    return failed(StageId.TLS, _FAILED, _words("server", number), found)


def _ends_in_an_alert(server: TlsFraming) -> bool:
    """Whether an alert is all that a TLS 1.3 server sent behind its Finished."""
    *_, before, last = (0, 0, *server.records)
    return last == _ALERT_BYTES and before in _FINISHED_BYTES


def _gave_up(server: TlsFraming, conversation: Conversation) -> bool:
    """Whether a TLS 1.3 server ended it before it can have read a request, or instead."""
    ends = [each.frame for each in (conversation.server.fin,) if each is not None]
    ends += [each.seen.frame for each in conversation.server.resets]
    fin = conversation.client.fin
    first = bool(ends) and (fin is None or min(ends) < fin.frame)
    return first and server.records[-1:] != [] and server.records[-1] in _FINISHED_BYTES


def _of_server(number: int, client: TlsFraming, server: TlsFraming) -> AnySuspects:
    if number == 70:
        return likely(CauseId.TLS_VERSION, CauseId.TLS_ALERT)
    if server.asks_certificate or number == 116:
        none = number == 116 or not client.certificate_bytes
        first, second = CauseId.TLS_CLIENT_CERT_REQUIRED, CauseId.TLS_CLIENT_CERT_REFUSED
        if not none:
            first, second = second, first
        return likely(first, second, CauseId.TLS_ALERT)
    if number in {40, 71}:
        return likely(CauseId.TLS_CIPHER, CauseId.TLS_VERSION, CauseId.TLS_ALERT)
    return likely(CauseId.TLS_ALERT, CauseId.TLS_CLOSED)


def _once(found: AnySuspects) -> AnySuspects:
    return likely(*(cause for cause, _ in found))


def _words(who: str, number: int) -> str:
    return f"the {who} sends the alert {alert_words(number)}"
