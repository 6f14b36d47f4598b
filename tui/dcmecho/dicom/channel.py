"""An open connection to read from and write to, plain or within TLS."""

from __future__ import annotations

import contextlib
import errno
import select
import socket
import ssl
import threading
import time

from dcmecho.diagnosis.link import TcpInfo
from dcmecho.diagnosis.tls import TlsAlert
from dcmecho.dicom import kernel
from dcmecho.dicom.tls_messages import HandshakeRecorder

_READ_BYTES = 65536
_LAST_WORD_S = 0.2


class Channel:
    """A plain TCP connection. ``bound`` limits every single blocked call."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._timeout_s: float | None = sock.gettimeout()

    @property
    def peer_alert(self) -> TlsAlert | None:
        """The TLS alert that the peer sent, if any."""
        return None

    def wrapped(self, context: ssl.SSLContext, server_name: str) -> ssl.SSLSocket:
        """The socket within TLS, the handshake not done; this channel is of no use any more."""
        return context.wrap_socket(
            self._socket,
            server_hostname=server_name,
            do_handshake_on_connect=False,
            suppress_ragged_eofs=False,
        )

    def bound(self, timeout_s: float | None) -> None:
        """Limit every single blocked read or write from here on."""
        self._timeout_s = timeout_s
        with contextlib.suppress(OSError):
            self._socket.settimeout(timeout_s)

    def readable(self, wait_s: float | None) -> bool:
        """True where :meth:`receive` would not block: data, or the end, is there.

        Waits up to ``wait_s``, and without end for ``None``.
        """
        # poll, since select ends at 1,024 descriptors.
        try:
            poller = select.poll()
            poller.register(self._socket, select.POLLIN | select.POLLHUP | select.POLLERR)
            return bool(poller.poll(None if wait_s is None else wait_s * 1000))
        except (OSError, ValueError):
            return False

    def receive(self, limit: int) -> bytes:
        """Up to ``limit`` bytes, empty at the end. Raises ``OSError``."""
        kernel.quick_acknowledge(self._socket)
        return self._socket.recv(min(limit, _READ_BYTES))

    def send(self, data: bytes) -> None:
        """Send all of ``data``. Raises ``OSError``."""
        self._socket.sendall(data)
        kernel.quick_acknowledge(self._socket)

    def send_last_word(self, data: bytes) -> None:
        """Send what fits without waiting for room; an error is no matter any more."""
        with contextlib.suppress(OSError):
            self._socket.send(data, socket.MSG_DONTWAIT)

    def tcp_info(self) -> TcpInfo | None:
        """What the kernel knows of the connection."""
        return kernel.tcp_info(self._socket)

    def shut_down(self) -> None:
        """End both directions; whoever is blocked in the connection wakes up."""
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def close(self) -> None:
        """Give the descriptor back."""
        self._socket.close()


class TlsChannel(Channel):
    """The same within TLS.

    A readable socket is no readable TLS connection: a server's session tickets come at any time,
    and a read that waits for data behind them would block. So what is there is taken at once, and
    kept. OpenSSL's connections are not safe for two threads at a time: one may read while another
    sends its last word.
    """

    def __init__(self, sock: ssl.SSLSocket, recorder: HandshakeRecorder) -> None:
        super().__init__(sock)
        self._recorder = recorder
        self._lock = threading.Lock()
        self._plain = b""
        self._failure: OSError | None = None
        self._ended = False

    @property
    def peer_alert(self) -> TlsAlert | None:
        """The TLS alert that the peer sent, if any."""
        return self._recorder.peer_alert

    def readable(self, wait_s: float | None) -> bool:
        """True where data, the end or a failure is there to be received."""
        deadline = None if wait_s is None else time.monotonic() + wait_s
        while not self._take():
            remaining_s = None if deadline is None else max(deadline - time.monotonic(), 0)
            if not super().readable(remaining_s) or remaining_s == 0:
                return self._take()
        return True

    def receive(self, limit: int) -> bytes:
        """Up to ``limit`` bytes, empty at the end. Raises ``OSError``."""
        if not self.readable(self._timeout_s):
            raise TimeoutError("timed out")
        if self._failure is not None:
            raise self._failure
        given, self._plain = self._plain[:limit], self._plain[limit:]
        return given

    def send(self, data: bytes) -> None:
        """Send all of ``data``. Raises ``OSError``; what the peer said before is kept."""
        try:
            with self._lock:
                super().send(data)
        except OSError:
            self._take()
            raise

    def send_last_word(self, data: bytes) -> None:
        """Send what fits without waiting long for room."""
        if not self._lock.acquire(timeout=_LAST_WORD_S):
            return
        try:
            self._socket.settimeout(_LAST_WORD_S)
            self._socket.send(data)
        except OSError:
            pass
        finally:
            self._lock.release()

    def _take(self) -> bool:
        """Take what has arrived. True where there is something to receive."""
        with self._lock:
            return bool(self._plain) or self._ended or self._failure is not None or self._read()

    def _read(self) -> bool:
        try:
            self._socket.settimeout(0)
            self._plain = self._socket.recv(_READ_BYTES)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return False
        except ssl.SSLEOFError as error:
            # Python before 3.12.5 takes a reset for an end without a reason.
            if error.reason is None and kernel.was_reset(self._socket):
                self._failure = ConnectionResetError(errno.ECONNRESET, "connection reset by peer")
        except OSError as error:
            self._failure = error
            return True
        finally:
            with contextlib.suppress(OSError):
                self._socket.settimeout(self._timeout_s)
        self._ended = not self._plain
        return True
