"""Records the messages of a TLS handshake.

OpenSSL's message callback sees both directions decrypted: alerts and who sent them, the peer's
whole certificate chain even if the handshake fails, and whether a client certificate was requested.
If Python does not offer the callback, only the exception of a handshake is known.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable

from dcmecho.diagnosis.target.tls import TlsAlert
from dcmecho.dicom.wire.tls.ssl_private import on_messages

_HANDSHAKE, _ALERT = 22, 21
_RECORD_HEADER = 256
_RECORD_TYPES = range(20, 25)
_CERTIFICATE, _CERTIFICATE_REQUEST = 11, 13
_EMPTY_CERTIFICATE_BYTES = 8
_CLOSE_NOTIFY = 0
_MOST_MESSAGES = 1000
"""Maximum messages after the handshake. Two session tickets and a few new keys are usual."""

_ALERTS = {
    0: "close_notify",
    10: "unexpected_message",
    20: "bad_record_mac",
    22: "record_overflow",
    40: "handshake_failure",
    42: "bad_certificate",
    43: "unsupported_certificate",
    44: "certificate_revoked",
    45: "certificate_expired",
    46: "certificate_unknown",
    47: "illegal_parameter",
    48: "unknown_ca",
    49: "access_denied",
    50: "decode_error",
    51: "decrypt_error",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    90: "user_canceled",
    109: "missing_extension",
    110: "unsupported_extension",
    112: "unrecognized_name",
    116: "certificate_required",
    120: "no_application_protocol",
}
"""RFC 8446 6, RFC 5246 7.2."""


class HandshakeRecorder:
    """Records the messages of one connection of a context."""

    def __init__(self) -> None:
        self.alerts: list[TlsAlert] = []
        self.chain: tuple[bytes, ...] = ()
        """The peer's certificates in DER, its own first."""
        self.foreign_bytes = b""
        """The first bytes from the peer, if they do not begin a TLS record."""
        self.peer_spoke_tls = False
        """The peer has begun a TLS record."""
        self.certificate_asked = False
        self.certificate_sent = False
        self._end_it: Callable[[], None] | None = None
        self._since = 0

    def bound(self, end_it: Callable[[], None]) -> None:
        """Call ``end_it`` after too many messages since the handshake.

        OpenSSL reads the next message within the same call. A peer that sends messages without a
        pause would block that call forever, despite all timeouts.
        """
        self._end_it = end_it

    def attach(self, context: ssl.SSLContext) -> None:
        """Record the messages of ``context``, if this Python can."""
        on_messages(context, self.take)

    @property
    def peer_alert(self) -> TlsAlert | None:
        """The last alert from the peer, except close_notify."""
        found = [a for a in self.alerts if a.from_peer and a.code != _CLOSE_NOTIFY]
        return found[-1] if found else None

    def take(
        self,
        _connection: object,
        direction: str,
        version: object,
        content_type: int,
        message_type: int,
        data: bytes,
    ) -> None:
        """Record one message from OpenSSL's callback."""
        from_peer = direction == "read"
        self._count(content_type, from_peer=from_peer)
        if content_type == _RECORD_HEADER and from_peer:
            if data[0] in _RECORD_TYPES:
                self.peer_spoke_tls = True
            else:
                self.foreign_bytes = self.foreign_bytes or bytes(data)
        elif content_type == _ALERT and len(data) == 2:
            code = data[1]
            self.alerts.append(TlsAlert(code, _ALERTS.get(code, f"alert {code}"), from_peer))
        elif content_type == _HANDSHAKE and message_type == _CERTIFICATE_REQUEST and from_peer:
            self.certificate_asked = True
        elif content_type == _HANDSHAKE and message_type == _CERTIFICATE:
            if from_peer:
                self.chain = _certificates(data, "TLSv1.3" in str(version) or version == 0x0304)
            else:
                self.certificate_sent = len(data) > _EMPTY_CERTIFICATE_BYTES

    def _count(self, content_type: int, *, from_peer: bool) -> None:
        if self._end_it is None or not from_peer or content_type not in (_HANDSHAKE, _ALERT):
            return
        self._since += 1
        if self._since > _MOST_MESSAGES:
            self._end_it()


def _certificates(message: bytes, has_context: bool) -> tuple[bytes, ...]:
    """Return the DER certificates of a Certificate message (RFC 8446 4.4.2, RFC 5246 7.4.2)."""
    at = 4
    if has_context:
        at += 1 + int.from_bytes(message[at : at + 1], "big")
    end = at + 3 + int.from_bytes(message[at : at + 3], "big")
    at += 3
    found = []
    while at + 3 <= min(end, len(message)):
        length = int.from_bytes(message[at : at + 3], "big")
        found.append(message[at + 3 : at + 3 + length])
        at += 3 + length
        if has_context:
            at += 2 + int.from_bytes(message[at : at + 2], "big")
    return tuple(found)
