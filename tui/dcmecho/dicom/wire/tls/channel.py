"""A TLS connection to read from and write to."""

from __future__ import annotations

import contextlib
import errno
import select
import ssl
import threading
import time
from collections.abc import Callable

from dcmecho.diagnosis.target.tls import TlsAlert
from dcmecho.dicom.wire import kernel
from dcmecho.dicom.wire.channel import READ_BYTES, Channel, EndlessMessagesError, Kernel
from dcmecho.dicom.wire.kernel import Received
from dcmecho.dicom.wire.tls.messages import HandshakeRecorder

_SEND_BEFORE_CLOSE_S = 0.2


class TlsChannel(Channel):
    """A channel within TLS.

    A readable socket does not mean that TLS data is available: a server can send session tickets
    at any time, and a read that waits for data after them would block. So available data is read
    at once and kept. OpenSSL connections are not thread-safe, but one thread can read while another
    sends a last PDU, so a lock protects them.
    """

    def __init__(
        self, sock: ssl.SSLSocket, recorder: HandshakeRecorder, seen_by: Kernel = kernel
    ) -> None:
        super().__init__(sock, seen_by)
        self._recorder = recorder
        self._lock = threading.Lock()
        self._plain = b""
        self._failure: OSError | None = None
        self._ended = False
        self._read_waits_for = select.POLLIN
        self._endless = False

    @property
    def peer_alert(self) -> TlsAlert | None:
        """The TLS alert that the peer sent, if any."""
        return self._recorder.peer_alert

    def begin(self) -> None:
        """Begin, see :meth:`Channel.begin`. Call it after the handshake."""
        super().begin()
        self._recorder.bound(self._end_it)

    def readable(self, wait_s: float | None) -> bool:
        """Report whether data, the end or a failure can be received."""
        self.seen_by.quick_acknowledge(self._socket)
        deadline = None if wait_s is None else time.monotonic() + wait_s
        while not self._take():
            remaining_s = None if deadline is None else max(deadline - time.monotonic(), 0)
            if not self._poll(self._read_waits_for, remaining_s) or remaining_s == 0:
                return self._take()
        return True

    def receive(self, limit: int) -> Received | None:
        """Return up to ``limit`` available bytes, or ``None`` if none. Raises ``OSError``.

        There is no kernel time stamp, because OpenSSL reads the socket without asking for it.
        """
        if not self._take():
            return None
        if self._failure is not None:
            raise self._failure
        given, self._plain = self._plain[:limit], self._plain[limit:]
        return Received(given)

    def send(self, data: bytes, given_up: Callable[[], bool]) -> None:
        """Send all of ``data``, unless ``given_up``. Data that the peer has sent is kept."""
        try:
            super().send(data, given_up)
        except OSError:
            self._take()
            if self._endless and self._failure is not None:
                raise self._failure from None
            raise

    def send_before_close(self, data: bytes) -> None:
        """Send as much as fits, without waiting for room or long for a reader."""
        if not self._lock.acquire(timeout=_SEND_BEFORE_CLOSE_S):
            return
        try:
            with contextlib.suppress(OSError):
                self._socket.send(data)
        finally:
            self._lock.release()

    def _send_some(self, data: memoryview) -> int:
        # In a renegotiation (RFC 5246 7.4.1.1) the peer must send before we can write.
        try:
            with self._lock:
                return self._socket.send(data)
        except ssl.SSLWantReadError as error:
            self._write_waits_for = select.POLLIN
            raise BlockingIOError(errno.EAGAIN, "the peer renegotiates") from error
        except ssl.SSLWantWriteError as error:
            self._write_waits_for = select.POLLOUT
            raise BlockingIOError(errno.EAGAIN, "no room") from error

    def _take(self) -> bool:
        """Read what has arrived; report whether there is something to receive."""
        with self._lock:
            return bool(self._plain) or self._ended or self._failure is not None or self._read()

    def _end_it(self) -> None:
        self._endless = True
        self.shut_down()

    def _read(self) -> bool:
        found = self._read_on()
        if self._endless and not self._plain:
            self._ended = False
            self._failure = EndlessMessagesError("endless TLS messages without any data")
        return found or self._endless

    def _read_on(self) -> bool:
        try:
            self._plain = self._socket.recv(READ_BYTES)
        except ssl.SSLWantReadError:
            self._read_waits_for = select.POLLIN
            return False
        except ssl.SSLWantWriteError:
            self._read_waits_for = select.POLLOUT
            return False
        except ssl.SSLEOFError as error:
            if self.seen_by.was_reset(self._socket, error):
                self._failure = ConnectionResetError(errno.ECONNRESET, "connection reset by peer")
        except OSError as error:
            self._failure = error
            return True
        self._ended = not self._plain
        return True
