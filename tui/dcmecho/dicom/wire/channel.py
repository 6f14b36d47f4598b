"""A TCP connection to read from and write to."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from dcmecho.diagnosis.network.connection import Address, TcpInfo
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.dicom.wire import kernel
from dcmecho.dicom.wire.kernel import Received

if TYPE_CHECKING:
    import ssl

    from dcmecho.diagnosis.target.tls import TlsAlert

READ_BYTES = 65536
"""Maximum bytes per read."""

_SLICE_S = 0.1
"""The interval at which a blocked send checks whether it was given up."""

Sockaddr = tuple[str, int] | tuple[str, int, int, int]
"""What connect(2) takes: address and port, and for IPv6 flow and scope."""


class EndlessMessagesError(ConnectionError):
    """The peer keeps sending TLS messages and never a PDU."""


class Kernel(Protocol):
    """What the kernel that has the connection tells of it: the module ``kernel``, if it is here."""

    def stamp_arrivals(self, sock: socket.socket) -> None:
        """Let it note the arrival times of received bytes, if it can."""

    def receive(self, sock: socket.socket, limit: int) -> Received:
        """Return up to ``limit`` bytes, with their time stamp if any. Raises ``OSError``."""

    def quick_acknowledge(self, sock: socket.socket) -> None:
        """Let it acknowledge at once."""

    def tcp_info(self, sock: socket.socket) -> TcpInfo | None:
        """Return its figures about the connection, or ``None``."""

    def was_reset(self, sock: socket.socket, end: ssl.SSLError) -> bool:
        """Report whether a connection with TLS that ended so was reset, and not closed."""

    def way_s(self, sock: socket.socket, /) -> float:
        """Return what the way to the connection has taken since this was asked last."""

    def way_and_back_s(self, sock: socket.socket, /) -> float:
        """Return what a question to the connection and its answer take on the way."""


class Channel:
    """A plain TCP connection. :meth:`bound` limits every single blocked write."""

    def __init__(self, sock: socket.socket, seen_by: Kernel = kernel) -> None:
        self._socket = sock
        self.seen_by = seen_by
        self._timeout_s: float | None = None
        self._write_waits_for = select.POLLOUT

    @property
    def peer_alert(self) -> TlsAlert | None:
        """The TLS alert that the peer sent, if any."""
        return None

    def prepare(self, options: RunOptions) -> None:
        """Apply what ``options`` say of the socket, before connecting. Raises ``OSError``."""
        sock = self._socket
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if options.max_segment_bytes:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, options.max_segment_bytes)
        if options.source_address:
            sock.bind((options.source_address, 0))

    def connect(self, sockaddr: Sockaddr, timeout_s: float, given_up: Callable[[], bool]) -> None:
        """Open the connection within ``timeout_s``, unless ``given_up``. Raises ``OSError``."""
        self._timeout_s = timeout_s
        self._socket.setblocking(False)
        code = self._socket.connect_ex(sockaddr)
        if code == errno.EINPROGRESS:
            # A cancel after this check shuts the socket down, which wakes the poll.
            arrived = given_up() or self._poll(select.POLLOUT, timeout_s)
            code = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if not arrived and not code:
                raise TimeoutError("timed out")
        if given_up():
            raise InterruptedError("given up")
        code = code or self._fault_of_opened()
        if code:
            raise OSError(code, os.strerror(code))

    def _fault_of_opened(self) -> int:
        try:
            is_our_own = self._socket.getsockname() == self._socket.getpeername()
        except OSError:
            # The peer has reset the connection in the meantime.
            return errno.ECONNRESET
        # Nothing listens: the system chose the called port as our own port (RFC 9293 3.5).
        return errno.ECONNREFUSED if is_our_own else 0

    def begin(self) -> None:
        """Make the socket non-blocking; waits use poll from now on."""
        with contextlib.suppress(OSError):
            self._socket.setblocking(False)

    def stamp_arrivals(self) -> None:
        """From now on, let the kernel note the arrival times of received bytes, if it can."""
        self.seen_by.stamp_arrivals(self._socket)

    def local(self) -> Address:
        """Return our own end of the open connection. Raises ``OSError`` if it is not open."""
        name = self._socket.getsockname()
        return Address(name[0], name[1])

    def tried_from(self, ip: str) -> str:
        """Return our address for a connection to ``ip`` that failed; empty without a route."""
        # Imported here because most runs connect and do not need it.
        from dcmecho.dicom.wire.local_addresses import address_towards

        return address_towards(ip)

    def way_s(self) -> float:
        """Return what the way to a vantage point has taken since this was asked last."""
        return self.seen_by.way_s(self._socket)

    @property
    def way_and_back_s(self) -> float:
        """What a question to a vantage point and its answer take on the way."""
        return self.seen_by.way_and_back_s(self._socket)

    def wrapped(self, context: ssl.SSLContext, server_name: str) -> ssl.SSLSocket:
        """Return the socket within TLS, before the handshake. Do not use this channel any more."""
        return context.wrap_socket(
            self._socket,
            server_hostname=server_name,
            do_handshake_on_connect=False,
            suppress_ragged_eofs=False,
        )

    def if_lost(self, data: bytes) -> None:
        """Leave ``data`` for the peer with the vantage point, for the case that we are lost."""

    def bound(self, timeout_s: float) -> None:
        """Limit every single blocked write from now on."""
        self._timeout_s = timeout_s

    def readable(self, wait_s: float | None) -> bool:
        """Report whether there is something to receive: data, or the end.

        Waits up to ``wait_s`` seconds, or forever for ``None``. What was read is acknowledged
        before, because the peer might wait for that.
        """
        self.seen_by.quick_acknowledge(self._socket)
        return self._poll(select.POLLIN, wait_s)

    def receive(self, limit: int) -> Received | None:
        """Return up to ``limit`` available bytes, or ``None`` if none. Raises ``OSError``."""
        try:
            return self.seen_by.receive(self._socket, min(limit, READ_BYTES))
        except BlockingIOError:
            return None

    def send(self, data: bytes, given_up: Callable[[], bool]) -> None:
        """Send all of ``data``, unless ``given_up``. Raises ``OSError``."""
        rest = memoryview(data)
        deadline = None if self._timeout_s is None else time.monotonic() + self._timeout_s
        while rest:
            try:
                rest = rest[self._send_some(rest) :]
            except BlockingIOError:
                self._poll(self._write_waits_for, _SLICE_S)
                if given_up():
                    raise InterruptedError("given up") from None
                if deadline is not None and time.monotonic() > deadline:
                    raise TimeoutError("timed out") from None

    def send_before_close(self, data: bytes) -> None:
        """Send as much as fits without waiting, and ignore errors."""
        with contextlib.suppress(OSError):
            self._send_some(memoryview(data))

    def tcp_info(self) -> TcpInfo | None:
        """Return the kernel's data about the connection."""
        return self.seen_by.tcp_info(self._socket)

    def shut_down(self) -> None:
        """Shut down both directions, which wakes blocked readers and writers."""
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def stop_reading(self) -> None:
        """Stop reading and wake blocked readers. Sending is still possible."""
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self._socket, socket.SHUT_RD)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _poll(self, events: int, wait_s: float | None) -> bool:
        # poll, because select is limited to 1,024 descriptors.
        try:
            poller = select.poll()
            poller.register(self._socket, events)
            return bool(poller.poll(None if wait_s is None else wait_s * 1000))
        except (OSError, ValueError):
            return False

    def _send_some(self, data: memoryview) -> int:
        """Send as much as there is room for. Raises ``BlockingIOError`` without room."""
        return self._socket.send(data)
