"""A connection that the far socket holds, as the engine here uses it.

The engine has one end of a pair of local sockets; the thread of the line passes the bytes between
the other end and the vantage point. So TLS and every wait work as with a connection of our own.
What only the kernel there knows comes with the frames.
"""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import json
import os
import selectors
import socket
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from dcmecho.diagnosis.network.connection import Address, TcpInfo
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.dicom.vantage.far_socket import WINDOW
from dcmecho.dicom.vantage.question import Frame, Question
from dcmecho.dicom.wire.channel import Channel, Sockaddr
from dcmecho.dicom.wire.kernel import Received, read_tcp_info

if TYPE_CHECKING:
    import ssl

    from dcmecho.diagnosis.vantage.vantage import VantageFailure

_READ_BYTES = 65536
_ANSWERS_WITHIN_S = 2.0
"""In addition to the way: the far socket itself never waits."""


class FarSide(Protocol):
    """What a connection needs of the line to the far socket."""

    way_and_back_s: float
    """What a question and its answer take on the way."""
    failure: VantageFailure | None
    """Why the line is over, if it is."""

    def ask(self, kind: bytes, payload: bytes, question: Question, number: int = 0) -> int:
        """Ask the far socket; ``question`` gets the answer. Returns the number of the question."""

    def tell(self, kind: bytes, number: int, payload: bytes = b"", value: int = 0) -> None:
        """Send a frame. Safe from any thread."""

    def forget(self, number: int) -> None:
        """Do not wait for the answer any more."""

    def break_off(self) -> None:
        """End the line, because the far side does not speak as agreed."""

    def drop(self, number: int) -> None:
        """Forget a connection that is closed."""


class FarConnection:
    """One connection at the vantage point. What its kernel knows, as :class:`Kernel` tells it."""

    def __init__(self, number: int, line: FarSide) -> None:
        self.number = number
        self.line = line
        self.ours, self._theirs = socket.socketpair()
        self._theirs.setblocking(False)
        self._lock = threading.Lock()
        self._to_engine = bytearray()
        self._unsent = 0
        self._ended = False
        self._closing = False
        self._events = 0
        self._broken: int | None = None
        self._info = b""
        self._info_is_new = False
        self._way_s = 0.0
        self._acted_at: float | None = None
        self._after_s: float | None = None

    # For the engine

    def receive(self, sock: socket.socket, limit: int) -> Received:
        """Return up to ``limit`` bytes. Raises ``OSError``."""
        data = sock.recv(limit)
        if not data and self._broken is not None:
            raise OSError(self._broken, os.strerror(self._broken))
        return Received(data)

    def stamp_arrivals(self, sock: socket.socket) -> None:
        """The far socket does so by itself."""

    def quick_acknowledge(self, sock: socket.socket) -> None:
        """The far socket does so by itself."""

    def was_reset(self, _sock: socket.socket, _end: ssl.SSLError) -> bool:
        """As :meth:`Kernel.was_reset`."""
        return self._broken is not None

    def tcp_info(self, _sock: socket.socket) -> TcpInfo | None:
        """Return what the kernel there knows of the connection."""
        with self._lock:
            info = self._info if self._info_is_new else None
        if info is None:
            question = Question(b"i")
            self.line.ask(b"I", b"", question, self.number)
            frame = question.wait(self.is_lost, _ANSWERS_WITHIN_S + self.line.way_and_back_s)
            self.line.forget(self.number)
            info = frame.payload if frame is not None else b""
        return read_tcp_info(info)

    def way_s(self, _sock: socket.socket) -> float:
        """Return what the way has taken since this was asked last, and not the peer."""
        with self._lock:
            self._count_way()
            way_s, self._way_s = self._way_s, 0.0
        return way_s

    def way_and_back_s(self, _sock: socket.socket) -> float:
        """Return what a question and its answer take on the way."""
        return self.line.way_and_back_s

    def took(self, way_s: float, info: bytes) -> None:
        """Note how long the answer to a connection was on the way, and what came with it."""
        with self._lock:
            self._way_s += max(way_s, 0.0)
            self._info, self._info_is_new = info, True

    def is_lost(self) -> bool:
        """Report whether the line is over."""
        return self.line.failure is not None

    # For the thread of the line

    def told(self, frame: Frame) -> None:
        """Take what the far socket said of this connection."""
        if frame.kind == b"i":
            with self._lock:
                self._info, self._info_is_new = frame.payload, True
        elif frame.kind == b"s":
            self._unsent = max(self._unsent - frame.value, 0)
        elif frame.kind in (b"d", b"e", b"x") and not self._ended:
            if frame.value >= 0:
                with self._lock:
                    self._after_s = frame.value / 1e9
            if frame.kind == b"d":
                if len(self._to_engine) + len(frame.payload) > 2 * WINDOW:
                    raise ValueError("more than was granted")
                self._to_engine += frame.payload
            else:
                self._ended = True
                if frame.kind == b"x":
                    self._broken = code_of(frame.content().get("error")) or errno.ECONNRESET

    def pass_on(self, selector: selectors.BaseSelector) -> None:
        """Hand the engine what there is room for, and wait for what comes next."""
        if self._to_engine:
            self._write()
        if self._ended and not self._to_engine:
            with contextlib.suppress(OSError):
                self._theirs.shutdown(socket.SHUT_WR)
        reads = not self._closing and self._unsent < WINDOW
        wanted = selectors.EVENT_READ if reads else 0
        wanted |= selectors.EVENT_WRITE if self._to_engine else 0
        if self._closing:
            wanted = 0
        if wanted != self._events:
            _watch(selector, self._theirs, wanted, self)
            self._events = wanted
        if self._closing:
            self._leave()

    def take(self, events: int) -> None:
        """Pass on what the engine wrote."""
        if not events & selectors.EVENT_READ:
            return
        try:
            data = self._theirs.recv(_READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._closing = True
            return
        with self._lock:
            self._count_way()
            self._acted_at, self._after_s = time.perf_counter(), None
            self._info_is_new = False
        self._unsent += len(data)
        self.line.tell(b"S", self.number, data)

    def lose(self) -> None:
        """Let the engine see the end of the connection, because the line is over."""
        self._broken = self._broken or errno.ECONNABORTED
        self._theirs.close()

    def _write(self) -> None:
        try:
            sent = self._theirs.send(self._to_engine)
        except BlockingIOError:
            return
        except OSError:
            # The engine reads no more; what the peer sends is of no use to it.
            sent = len(self._to_engine)
        del self._to_engine[:sent]
        self.line.tell(b"G", self.number, value=sent)

    def _leave(self) -> None:
        self.line.tell(b"X", self.number)
        self.line.drop(self.number)
        self._theirs.close()

    def _count_way(self) -> None:
        """Add what the last act and its answer spent on the way. The caller has the lock."""
        if self._acted_at is None or self._after_s is None:
            return
        self._way_s += max(time.perf_counter() - self._acted_at - self._after_s, 0.0)
        self._acted_at = self._after_s = None


class FarChannel(Channel):
    """The engine's end of a connection that the far socket holds."""

    def __init__(self, address: Address, connection: FarConnection) -> None:
        super().__init__(connection.ours, connection)
        self._connection = connection
        self._address = address
        self._line = connection.line
        self._options = RunOptions()
        self._local = Address("", 0)
        self._tried_from = ""
        self._question = Question(b"cf")

    def prepare(self, options: RunOptions) -> None:
        """As :meth:`Channel.prepare`, when it connects."""
        self._options = options

    def connect(self, _sockaddr: Sockaddr, timeout_s: float, given_up: Callable[[], bool]) -> None:
        """Open the connection within ``timeout_s``, unless ``given_up``. Raises ``OSError``."""
        self._timeout_s = timeout_s
        asked = {
            "ip": self._address.ip,
            "port": self._address.port,
            "scope": self._address.scope_id,
            "timeout_s": timeout_s,
            "source": self._options.source_address,
            "segment_bytes": self._options.max_segment_bytes,
        }
        began = time.perf_counter()
        payload = json.dumps(asked).encode()
        self._line.ask(b"C", payload, self._question, self._connection.number)
        within_s = timeout_s + _ANSWERS_WITHIN_S + self._line.way_and_back_s
        frame = self._question.wait(lambda: given_up() or self._connection.is_lost(), within_s)
        if frame is None:
            self._line.forget(self._connection.number)
            raise InterruptedError("given up")
        said = frame.content()
        way_s = time.perf_counter() - began - frame.value / 1e9
        self._connection.took(way_s, _hexadecimal(said.get("info")))
        if frame.kind != b"c":
            self._tried_from = numeric(said.get("tried_from"))
            if (code := code_of(said.get("error"))) is None:
                raise TimeoutError("timed out")
            raise OSError(code, os.strerror(code))
        if (local := _address(said.get("local"))) is None:
            self._line.break_off()
            raise InterruptedError("the far side does not speak as agreed")
        self._local = local
        self._socket.setblocking(False)

    def local(self) -> Address:
        """As :meth:`Channel.local`, at the vantage point."""
        return self._local

    def tried_from(self, _ip: str) -> str:
        """As :meth:`Channel.tried_from`, at the vantage point."""
        return self._tried_from

    def if_lost(self, data: bytes) -> None:
        """As :meth:`Channel.if_lost`."""
        self._line.tell(b"L", self._connection.number, data)

    def shut_down(self) -> None:
        """As :meth:`Channel.shut_down`; it also ends the wait for a connection."""
        super().shut_down()
        self._question.wake()


def code_of(name: object) -> int | None:
    """Return the number that an error has on this machine; ``None`` for none or an unknown one."""
    code = getattr(errno, name, None) if isinstance(name, str) and name.isupper() else None
    return code if isinstance(code, int) else None


def _hexadecimal(text: object) -> bytes:
    try:
        return bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        return b""


def _address(said: object) -> Address | None:
    match said:
        case [str(ip), int(port)] if numeric(ip):
            return Address(ip, port)
        case _:
            return None


def numeric(ip: object) -> str:
    """Return a numeric address as it is, and an empty text for anything else: the far side lies."""
    try:
        return str(ipaddress.ip_address(ip)) if isinstance(ip, str) else ""
    except ValueError:
        return ""


def _watch(
    selector: selectors.BaseSelector, sock: socket.socket, events: int, data: object
) -> None:
    if sock not in selector.get_map():
        selector.register(sock, events, data)
    elif events:
        selector.modify(sock, events, data)
    else:
        selector.unregister(sock)
