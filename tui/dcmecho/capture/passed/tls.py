"""One direction of a TLS conversation, up to where it is encrypted. Source: RFC 8446, RFC 5246."""

from __future__ import annotations

from dcmecho.capture.conversation import Gap, Seen, Way
from dcmecho.capture.passed.passage import Passage
from dcmecho.capture.passed.tls_words import (
    alert_words,
    certificate_words,
    hello_words,
    read_first_certificate,
    two_byte_numbers,
    version_words,
)
from dcmecho.capture.reader import EVERYTHING
from dcmecho.diagnosis.events import LogLayer
from dcmecho.diagnosis.target.tls import Certificate

_CHANGE, _ALERT, _HANDSHAKE, _DATA = 20, 21, 22, 23
_HELLO, _SERVER_HELLO, _CERTIFICATE, _CERTIFICATE_REQUEST = 1, 2, 11, 13
_SNI, _ALPN, _VERSIONS = 0, 16, 43
_MOST_BYTES = 1 << 16
_MOST_RECORDS = 64

TLS_1_3 = 0x0304


class TlsFraming:
    """Cuts a direction into records, notes what is in the clear."""

    def __init__(self, way: Way, passage: Passage) -> None:
        """Begin with nothing; notes go into ``passage``."""
        self._way = way
        self._passage = passage
        self._buffer = b""
        self._messages = b""
        self._is_encrypted = False
        self.alert: tuple[int, Seen] | None = None
        """The first alert in the clear but "close notify", and when."""
        self.encrypted_alert: Seen | None = None
        self.has_hello = False
        self.is_cut = False
        """Bytes of it are missing."""
        self.version: int | None = None
        """As the ServerHello says."""
        self.offered: tuple[int, ...] = ()
        """The versions that the ClientHello offers."""
        self.certificate: Certificate | None = None
        """The first one in the clear, which TLS 1.3 has not."""
        self._has_said_dark = False
        self.asks_certificate = False
        self.certificate_bytes: int | None = None
        self.server_name = b""
        self.is_web = False
        """It asks for HTTP (ALPN)."""
        self.records: list[int] = []
        """The lengths of the first records with application data."""

    def data(self, seen: Seen, data: bytes) -> int:
        """Take the next bytes. Returns how many behind them need not be seen."""
        self._buffer += data
        while len(self._buffer) >= 5:
            kind = self._buffer[0]
            length = int.from_bytes(self._buffer[3:5], "big")
            if kind == _DATA:
                self._say_dark(seen)
                if len(self.records) < _MOST_RECORDS:
                    self.records.append(length)
                whole = 5 + length
                have = len(self._buffer)
                self._buffer = self._buffer[whole:]
                if have < whole:
                    return whole - have
                continue
            if len(self._buffer) < 5 + length:
                return 0
            self._record(seen, kind, self._buffer[5 : 5 + length])
            self._buffer = self._buffer[5 + length :]
        return 0

    def gap(self, _seen: Seen, _gap: Gap) -> int:
        """Give up: what follows cannot be told."""
        self.is_cut = True
        return EVERYTHING

    def _record(self, seen: Seen, kind: int, body: bytes) -> None:
        if kind == _CHANGE:
            self._is_encrypted = True
            self._say_dark(seen)
        elif kind == _ALERT:
            self._take_alert(seen, body)
        elif kind == _HANDSHAKE and not self._is_encrypted:
            self._messages = (self._messages + body)[:_MOST_BYTES]
            self._take_messages(seen)

    def _say_dark(self, seen: Seen) -> None:
        if not self._has_said_dark:
            self._note(seen, "from here on encrypted")
        self._has_said_dark = True

    def _note(self, seen: Seen, words: str) -> None:
        self._passage.note(self._way, seen, LogLayer.TLS, words)

    def _take_alert(self, seen: Seen, body: bytes) -> None:
        if len(body) != 2:
            self.encrypted_alert = self.encrypted_alert or seen
            self._note(seen, "alert, encrypted")
            return
        self._note(seen, f"alert: {alert_words(body[1])}")
        if body[1] and self.alert is None:
            self.alert = body[1], seen

    def _take_messages(self, seen: Seen) -> None:
        while len(self._messages) >= 4:
            length = int.from_bytes(self._messages[1:4], "big")
            if len(self._messages) < 4 + length:
                return
            kind, body = self._messages[0], self._messages[4 : 4 + length]
            self._messages = self._messages[4 + length :]
            self._message(seen, kind, body)

    def _message(self, seen: Seen, kind: int, body: bytes) -> None:
        if kind == _HELLO:
            self.has_hello = True
            extensions = _extensions(body, is_server=False)
            self.server_name = extensions.get(_SNI, b"")[5:]
            protocols = extensions.get(_ALPN, b"")
            self.is_web = b"http/" in protocols or b"\x02h2" in protocols
            self.offered = two_byte_numbers(extensions.get(_VERSIONS, b"")[1:] or body[:2])
            self._note(seen, hello_words(self.offered, self.server_name))
        elif kind == _SERVER_HELLO:
            self.has_hello = True
            said = _extensions(body, is_server=True).get(_VERSIONS, body[:2])
            self.version = int.from_bytes(said[:2], "big")
            self._note(seen, f"ServerHello: takes {version_words([self.version])}")
        elif kind == _CERTIFICATE_REQUEST:
            self.asks_certificate = True
            self._note(seen, "CertificateRequest: asks for a certificate of the client")
        elif kind == _CERTIFICATE:
            self.certificate_bytes = max(len(body) - 3, 0)
            self.certificate = read_first_certificate(body)
            known = self.certificate
            words = certificate_words(known) if known else f"{self.certificate_bytes} bytes"
            self._note(seen, f"Certificate: {words}")


def _extensions(body: bytes, *, is_server: bool) -> dict[int, bytes]:
    """Return the extensions of a ClientHello or ServerHello."""
    at = 34
    at += 1 + (body[at] if at < len(body) else 0)
    if is_server:
        at += 3
    else:
        at += 2 + int.from_bytes(body[at : at + 2], "big")
        at += 1 + (body[at] if at < len(body) else 0)
    at += 2
    found = {}
    while at + 4 <= len(body):
        kind = int.from_bytes(body[at : at + 2], "big")
        length = int.from_bytes(body[at + 2 : at + 4], "big")
        found[kind] = body[at + 4 : at + 4 + length]
        at += 4 + length
    return found


def is_tls(data: bytes) -> bool:
    """Whether bytes begin a TLS record of a handshake or an alert."""
    known = data[:1] in {b"\x15", b"\x16"} and data[1:2] == b"\3"
    return known and data[2:3] <= b"\4"
