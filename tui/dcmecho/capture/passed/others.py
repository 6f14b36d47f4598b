"""Conversations that are no associations, named: other protocols, and no request at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dcmecho.capture.conversation import Endpoint, Opened, Way
from dcmecho.capture.passed.listening import Listener
from dcmecho.capture.passed.tls_words import alert_words, version_words
from dcmecho.diagnosis.counting import count

_BEGINNINGS = {
    b"SSH-": "SSH",
    b"\x03\x00": "remote desktop (TPKT)",
    b"\x0b": "HL7 (MLLP)",
    b"\x00\x00": "SMB",
    b"220": "FTP or mail",
    b"\x13BitTorrent": "BitTorrent",
    b"RFB ": "VNC",
}
_METHODS = (b"GET ", b"POST ", b"PUT ", b"HEAD ", b"OPTIONS ", b"DELETE ", b"CONNECT ", b"PRI ")
_STATUS = re.compile(rb"HTTP/[0-9.]{1,3} ([1-5][0-9][0-9])")
_MOST_KINDS = 1000


class Other(NamedTuple):
    """Conversations of one kind with one server."""

    server: str
    """``address:port``."""
    what: str
    times: int
    clients: tuple[str, ...]
    """Addresses, at most four."""
    is_on_a_dicom_port: bool
    """An association with this server is in the capture too, or it has a usual port of DICOM."""


def name_others(listeners: Iterable[Listener], dicom: Iterable[Endpoint]) -> tuple[Other, ...]:
    """Return them by kind: those on a port of DICOM first, then the most frequent."""
    ports = {str(each) for each in dicom}
    times: Counter[tuple[str, str]] = Counter()
    clients: dict[tuple[str, str], dict[str, None]] = {}
    for listener in listeners:
        key = str(listener.meeting.server), _what(listener)
        if key in times or len(times) < _MOST_KINDS:
            times[key] += 1
            known = clients.setdefault(key, {})
            if len(known) < 4:
                known[listener.meeting.client.address] = None
    found = [
        Other(server, what, number, tuple(clients[server, what]), _is_dicom(server, ports))
        for (server, what), number in times.items()
    ]
    return tuple(sorted(found, key=lambda each: (not each.is_on_a_dicom_port, -each.times)))


_USUAL_PORTS = frozenset({"104", "2761", "2762", "4242", "11112"})


def _is_dicom(server: str, ports: set[str]) -> bool:
    return server in ports or server.rpartition(":")[2] in _USUAL_PORTS


def _what(heard: Listener) -> str:
    conversation = heard.conversation
    assert conversation is not None
    if Way.FROM_CLIENT in heard.tls:
        return _tls(heard)
    foreign = heard.trace.foreign
    client, server = foreign.get(Way.FROM_CLIENT, b""), foreign.get(Way.FROM_SERVER, b"")
    if client or server:
        return _protocol(client, server)
    if not conversation.established:
        return "never opened"
    if conversation.client.end or conversation.server.end:
        return "something that cannot be read"
    if conversation.opened is Opened.GUESSED:
        return "packets without data"
    return "opened and closed without a request, as checks of a port do"


def _protocol(client: bytes, server: bytes) -> str:
    if client.startswith(_METHODS) or server.startswith(b"HTTP/"):
        method = client.split(b" ")[0].decode("ascii", "replace") if client else ""
        asked = f" ({method})" if method.isalpha() and len(method) < 8 else ""
        answer = _STATUS.match(server)
        return f"HTTP{asked}" + (f", answered {answer[1].decode()}" if answer else "")
    for data in (client, server):
        for beginning, name in _BEGINNINGS.items():
            if data.startswith(beginning):
                return name
    return "bytes that are neither DICOM nor TLS"


def _tls(heard: Listener) -> str:
    client, server = heard.tls[Way.FROM_CLIENT], heard.tls.get(Way.FROM_SERVER)
    words = "TLS of a web browser or web service" if client.is_web else "TLS"
    if server is not None and server.version is not None:
        words += f", {version_words([server.version])}"
    if server is not None and server.certificate is not None:
        words += f", certificate of {server.certificate.subject.brief}"
    for who, each in (("client", client), ("server", server)):
        if each is not None and each.alert is not None:
            words += f", the {who} sends the alert {alert_words(each.alert[0])}"
    return words


def words_of(other: Other) -> str:
    """Return one line about conversations of one kind."""
    from_ = ", ".join(other.clients)
    return f"{other.server}: {other.what}; {count(other.times, 'connection')} from {from_}"


def total(others: Sequence[Other]) -> int:
    """Return how many conversations they are."""
    return sum(each.times for each in others)
