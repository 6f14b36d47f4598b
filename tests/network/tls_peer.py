"""A TLS server that decides itself when each byte leaves: session tickets late, alerts late."""

from __future__ import annotations

import array
import fcntl
import select
import socket
import ssl
import struct
import termios
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from dcmecho.lab import pdu
from dcmecho.lab.payloads import HTTP_BAD_REQUEST

_PATIENCE_S = 10.0
_END_DEADLINE_S = 5.0
_FLIGHT_BYTES = 200
"""More than a client's last flight without a certificate, less than with an A-ASSOCIATE-RQ."""


class Secured:
    """The server's end of one connection. What OpenSSL wants to send leaves with :meth:`flush`."""

    def __init__(self, sock: socket.socket, context: ssl.SSLContext) -> None:
        sock.settimeout(_PATIENCE_S)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sock = sock
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    def shake_hands(self) -> None:
        """Do the handshake; session tickets are made and not sent.

        Raises ``ssl.SSLError`` after the alert has been sent.
        """
        self._until_done(self._tls.do_handshake)

    def await_client_bytes(self, count: int) -> None:
        """Return once ``count`` bytes lie in the kernel, unread."""
        self._sock.recv(count, socket.MSG_PEEK | socket.MSG_WAITALL)

    def receive_pdu(self) -> tuple[int, bytes]:
        """Type and body of the next PDU. Raises ``ConnectionError`` at the end."""
        kind, length = struct.unpack(">BxL", self.receive(6))
        return kind, self.receive(length)

    def receive(self, count: int) -> bytes:
        """Exactly ``count`` bytes, sending nothing meanwhile. Raises ``ConnectionError``."""
        data = b""
        while len(data) < count:
            try:
                chunk = self._tls.read(count - len(data))
            except ssl.SSLWantReadError:
                self._feed()
                continue
            if not chunk:
                raise ConnectionAbortedError("the client closed TLS")
            data += chunk
        return data

    def send(self, data: bytes) -> None:
        self._tls.write(data)
        self.flush()

    def flush(self) -> None:
        """Send what has gathered, and wait until the client's kernel has it."""
        self._sock.sendall(self._outgoing.read())
        while _unacknowledged_bytes(self._sock):
            select.select([], [], [], 0.001)

    def hold(self) -> None:
        """Take what the client sends until it leaves."""
        while self._sock.recv(65536):
            pass

    def reset(self) -> None:
        """Break the connection (RST)."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._sock.close()

    def _until_done(self, step: Callable[[], object]) -> None:
        while True:
            try:
                step()
            except ssl.SSLWantReadError:
                self.flush()
                self._feed()
            except ssl.SSLError:
                self.flush()
                raise
            else:
                return

    def _feed(self) -> None:
        data = self._sock.recv(65536)
        if not data:
            raise ConnectionAbortedError("the client closed the connection")
        self._incoming.write(data)


def _unacknowledged_bytes(sock: socket.socket) -> int:
    count = array.array("i", [0])
    fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, count)
    return count[0]


Act = Callable[[Secured], None]
"""Plays one connection whose handshake has not begun; the connection is closed after it."""


def answer_dicom(client: Secured) -> None:
    """A healthy archive; its session tickets come before anything was asked."""
    client.shake_hands()
    client.flush()
    _answer_request(client)
    _answer_commands(client)


def answer_dicom_with_late_tickets(client: Secured) -> None:
    """A healthy archive; its session tickets come alone, after the A-ASSOCIATE-RQ."""
    client.shake_hands()
    request = client.receive_pdu()
    client.flush()
    _accept(client, request[1])
    _answer_commands(client)


def send_tickets_and_hold(client: Secured) -> None:
    """Session tickets in place of an A-ASSOCIATE-AC."""
    client.shake_hands()
    client.receive_pdu()
    client.flush()
    client.hold()


def judge_late(client: Secured) -> None:
    """Look at the client's last flight only when its A-ASSOCIATE-RQ is there, as a far peer does."""
    raise NotImplementedError


def reject_titles(client: Secured) -> None:
    """Not the titles that it expects: 1/1/7."""
    client.shake_hands()
    client.receive_pdu()
    client.send(pdu.associate_rj(1, 1, 7))
    client.hold()


def answer_http(client: Secured) -> None:
    """A web server behind TLS."""
    client.shake_hands()
    client.receive(1)
    client.send(HTTP_BAD_REQUEST)


def close_on_request(client: Secured) -> None:
    """FIN without close_notify, in answer to an A-ASSOCIATE-RQ."""
    client.shake_hands()
    client.receive_pdu()


def close_at_once(client: Secured) -> None:
    """FIN without close_notify, right after the handshake."""
    client.shake_hands()


def reset_on_request(client: Secured) -> None:
    client.shake_hands()
    client.receive_pdu()
    client.reset()
