"""A TLS server that controls when each byte is sent: late session tickets, late alerts."""

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

from dcmecho.dicom.pdu.read import Associate, Pdu, read_pdu
from dcmecho.lab import pdu
from dcmecho.lab.payloads import HTTP_BAD_REQUEST
from dcmecho.lab.requests import read_request

THREADS = "tls-peer"
"""Their name."""

_PATIENCE_S = 10.0
_END_DEADLINE_S = 5.0
_POLL_S = 0.001
_OPEN_STATES = (1, 8)
"""ESTABLISHED and CLOSE_WAIT."""
_FLIGHT_AND_REQUEST_BYTES = 200
"""More than a client's last flight without a certificate, less than with an A-ASSOCIATE-RQ."""


class Secured:
    """The server's end of one connection. :meth:`flush` sends what OpenSSL has prepared."""

    def __init__(self, sock: socket.socket, context: ssl.SSLContext) -> None:
        sock.settimeout(_PATIENCE_S)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sock = sock
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    def shake_hands(self, last_flight_bytes: int = 1, *, discreet: bool = False) -> None:
        """Do the handshake; session tickets are made and not sent.

        Looks at what the client sends after the server's flight only when ``last_flight_bytes`` of
        it have come. Raises ``ssl.SSLError`` after the alert has been sent; with ``discreet``, a
        certificate that is not trusted gets none.
        """
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                self._await_bytes(last_flight_bytes if self._outgoing.pending else 1)
                self._feed()
            except ssl.SSLError as error:
                if not (discreet and isinstance(error, ssl.SSLCertVerificationError)):
                    self.flush()
                raise
            else:
                return

    def receive_pdu(self) -> Pdu:
        """The next PDU. Raises ``ConnectionError`` at the end."""
        header = self.receive(6)
        return read_pdu(header + self.receive(int.from_bytes(header[2:], "big")))

    def receive(self, count: int) -> bytes:
        """Receive exactly ``count`` bytes and send nothing. Raises ``ConnectionError``."""
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
        """Send what is pending; wait until the client's kernel has it or the client has left."""
        self._sock.sendall(self._outgoing.read())
        while _open(self._sock) and _unacknowledged_bytes(self._sock):
            select.select([], [], [], _POLL_S)

    def hold(self) -> None:
        """Receive what the client sends until it leaves."""
        while self._sock.recv(65536):
            pass

    def reset(self) -> None:
        """Break the connection (RST)."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._sock.close()

    def _await_bytes(self, count: int) -> None:
        """Send what is pending, and return when ``count`` bytes are in the kernel, unread."""
        self._sock.sendall(self._outgoing.read())
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, count)
        select.select([self._sock], [], [], _PATIENCE_S)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)

    def _feed(self) -> None:
        data = self._sock.recv(65536)
        if not data:
            raise ConnectionAbortedError("the client closed the connection")
        self._incoming.write(data)


def _open(sock: socket.socket) -> bool:
    """After a reset, the kernel still counts bytes that will never be acknowledged (tcp(7))."""
    return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] in _OPEN_STATES


def _unacknowledged_bytes(sock: socket.socket) -> int:
    count = array.array("i", [0])
    fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, count)
    return count[0]


Act = Callable[[Secured], None]
"""Plays one connection whose handshake has not begun; the connection is closed after it."""


def answer_dicom(client: Secured) -> None:
    """A healthy archive that sends its session tickets before any request."""
    client.shake_hands()
    client.flush()
    _answer_request(client)
    _answer_commands(client)


def answer_dicom_with_late_tickets(client: Secured) -> None:
    """A healthy archive that sends its session tickets separately, after the A-ASSOCIATE-RQ."""
    client.shake_hands()
    request = client.receive_pdu()
    client.flush()
    _accept(client, request)
    _answer_commands(client)


def send_tickets_and_hold(client: Secured) -> None:
    """Send session tickets instead of an A-ASSOCIATE-AC."""
    client.shake_hands()
    client.receive_pdu()
    client.flush()
    client.hold()


def judge_late(client: Secured) -> None:
    """See the client's last flight only with its A-ASSOCIATE-RQ behind it, as a far peer does.

    A refusal is an alert, and then RST: the request is lost.
    """
    try:
        client.shake_hands(_FLIGHT_AND_REQUEST_BYTES)
    finally:
        client.reset()


def drop_strangers(client: Secured) -> None:
    """A healthy archive that closes without an alert on a certificate it does not trust, as Node.

    A client that shows none gets the alert, if one is required.
    """
    client.shake_hands(discreet=True)
    client.flush()
    _answer_request(client)
    _answer_commands(client)


def reject_titles(client: Secured) -> None:
    """An archive that expects other titles and rejects with 1/1/7."""
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


class TlsPeer:
    """Serves ``act`` on a free port of loopback, a thread a connection."""

    def __init__(self, context: ssl.SSLContext, act: Act) -> None:
        self._context = context
        self._act = act
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[tuple[threading.Thread, socket.socket]] = []
        self._acceptor = threading.Thread(target=self._accept, name=THREADS, daemon=True)

    def __enter__(self) -> Self:
        self._acceptor.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._acceptor.join(_END_DEADLINE_S)
        self._listener.close()
        for attending, sock in self._open:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            attending.join(_END_DEADLINE_S)

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            attending = threading.Thread(
                target=self._attend, args=(sock,), name=THREADS, daemon=True
            )
            self._open.append((attending, sock))
            attending.start()

    def _attend(self, sock: socket.socket) -> None:
        with sock, suppress(OSError):
            self._act(Secured(sock, self._context))


def _answer_request(client: Secured) -> None:
    _accept(client, client.receive_pdu())


def _accept(client: Secured, request: Pdu) -> None:
    assert isinstance(request.content, Associate)
    answers = tuple(
        pdu.LabContextAnswer(proposed.context_id, pdu.ContextResult.ACCEPTANCE)
        for proposed in request.content.proposed
    )
    client.send(pdu.associate_ac(request.data[10:74], answers))


def _answer_commands(client: Secured) -> None:
    while True:
        received = client.receive_pdu()
        echo = read_request(received)
        if echo is None:
            break
        client.send(pdu.echo_rsp(echo.context_id, echo.message_id, 0x0000))
    if received.kind is pdu.PduType.RELEASE_RQ:
        client.send(pdu.RELEASE_RP)
        client.hold()
