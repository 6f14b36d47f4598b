"""The kind of server on a port, recognized by its first bytes."""

from __future__ import annotations

from dataclasses import dataclass

from dcmecho.diagnosis.cause import CauseId


@dataclass(frozen=True, slots=True)
class OtherService:
    """A kind of server as text, and its cause.

    ``greets`` means that its first line is text worth showing.
    """

    words: str
    cause: CauseId
    greets: bool = True


_BEGINNINGS: tuple[tuple[bytes, OtherService], ...] = (
    (b"HTTP/", OtherService("a web server (HTTP)", CauseId.PEER_IS_HTTP)),
    (b"<!DOCTYPE", OtherService("a web server (HTML)", CauseId.PEER_IS_HTTP)),
    (b"<html", OtherService("a web server (HTML)", CauseId.PEER_IS_HTTP)),
    (b"SSH-", OtherService("an SSH server", CauseId.PEER_IS_SSH)),
    (
        b"\x15\x03",
        OtherService("a TLS server (it sends an alert)", CauseId.PEER_IS_TLS, greets=False),
    ),
    (
        b"\x16\x03",
        OtherService("a TLS server (it sends a handshake)", CauseId.PEER_IS_TLS, greets=False),
    ),
    (b"220", OtherService("a mail or file server (SMTP or FTP greeting)", CauseId.PEER_IS_OTHER)),
    (b"\x0bMSH", OtherService("an HL7 service (MLLP)", CauseId.PEER_IS_OTHER)),
    (
        b"\x03\x00\x00",
        OtherService("a remote desktop server (RDP)", CauseId.PEER_IS_OTHER, greets=False),
    ),
    (b"-ERR", OtherService("a Redis or POP3 server", CauseId.PEER_IS_OTHER)),
)

_UNKNOWN = OtherService("an unknown service", CauseId.PEER_IS_OTHER)


def identify(data: bytes) -> OtherService:
    """Return the family of ``data``, the first bytes that a peer sent."""
    lowered = data[:16].lower()
    for beginning, family in _BEGINNINGS:
        if lowered.startswith(beginning.lower()):
            return family
    return _UNKNOWN
