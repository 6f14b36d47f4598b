"""The service on a port, recognized by its first bytes."""

from __future__ import annotations

import pytest

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.stages.identify import identify


@pytest.mark.parametrize(
    ("data", "words", "cause"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n", "a web server (HTTP)", CauseId.PEER_IS_HTTP),
        (b"<html><body>", "a web server (HTML)", CauseId.PEER_IS_HTTP),
        (b"<!doctype html>", "a web server (HTML)", CauseId.PEER_IS_HTTP),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", "an SSH server", CauseId.PEER_IS_SSH),
        (b"\x15\x03\x01\x00\x02\x02\x46", "a TLS server (it sends an alert)", CauseId.PEER_IS_TLS),
        (b"\x16\x03\x03\x00\x7a", "a TLS server (it sends a handshake)", CauseId.PEER_IS_TLS),
        (b"220 mail.example ESMTP\r\n", "a mail or file server", CauseId.PEER_IS_OTHER),
        (b"\x0bMSH|^~\\&|", "an HL7 service (MLLP)", CauseId.PEER_IS_OTHER),
        (b"-ERR unknown command\r\n", "a Redis or POP3 server", CauseId.PEER_IS_OTHER),
        (b"\x03\x00\x00\x13\x0e\xd0", "a remote desktop server (RDP)", CauseId.PEER_IS_OTHER),
        (b"\xff\xfe\x00", "an unknown service", CauseId.PEER_IS_OTHER),
        (b"", "an unknown service", CauseId.PEER_IS_OTHER),
    ],
)
def test_recognizes_the_service(data: bytes, words: str, cause: CauseId) -> None:
    family = identify(data)
    assert family.words.startswith(words)
    assert family.cause is cause
