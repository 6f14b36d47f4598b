"""The one TCP connection of a run, and all its traffic.

The run's own thread writes and listens; only :meth:`Wire.cancel` is called by other threads. A PDU
counts as sent when it is handed to the kernel. It counts as received when its first bytes reach the
kernel (Linux, without TLS), or else when they are read. So delays of our thread are not blamed on
the peer.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from dcmecho.diagnosis.events import Direction
from dcmecho.diagnosis.network.association import Ending
from dcmecho.diagnosis.network.connection import Address, Connection, TcpInfo
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.dicom.pdu.framing import HEADER_BYTES, claimed_bytes, is_pdu
from dcmecho.dicom.pdu.read import Pdu, read_whole_pdu
from dcmecho.dicom.wire import kernel
from dcmecho.dicom.wire.channel import Channel, EndlessMessagesError
from dcmecho.dicom.wire.clock import RunClock, arrived_ms
from dcmecho.dicom.wire.kernel import Received
from dcmecho.dicom.wire.network import Network, ThisMachine, sockaddr

if TYPE_CHECKING:
    import ssl

    from dcmecho.diagnosis.target.tls import Handshake

MAX_INCOMING_PDU_BYTES = 1 << 20
"""A longer PDU is reported but not read. dcmecho announces 16 kB."""

_GREETING_BYTES = 1024
_GREETING_WAIT_S = 0.06
_GREETING_LONGEST_S = 0.5
"""Maximum time for reading a greeting."""

_LAST_WORDS_LONGEST_S = 0.5

_ABORT_PDU = bytes.fromhex("07000000000400000000")

Traffic = Callable[[Direction, float, Pdu | bytes], None]
"""Receives each PDU (or other bytes) with its direction and ``at_ms``."""


class Arrival(NamedTuple):
    """The result of waiting for the peer.

    ``ANSWERED`` has one complete PDU; the other endings have the bytes that were left over.
    """

    ending: Ending
    at_ms: float
    pdu: Pdu = Pdu(b"")
    message: str = ""
    unfinished: bool = False
    """True if ``pdu`` is incomplete."""


class Wire:
    """The connection of a run: a socket, its traffic, and a condition to wait on."""

    def __init__(
        self, clock: RunClock, traffic: Traffic | None, network: Network | None = None
    ) -> None:
        self._clock = clock
        self._network = network or ThisMachine()
        self._traffic = traffic
        self.changed = threading.Condition()
        """Notified when the run is cancelled. Other waits of the run also use it."""
        self._arrivals: deque[Arrival] = deque()
        self._buffer = b""
        """What has arrived of the next PDU, and nothing after it."""
        self._claimed: int | None = None
        """The length of that PDU, once its header has arrived."""
        self._began_ms = 0.0
        """The time at which its first bytes arrived."""
        self._channel: Channel | None = None
        self._ended = False
        self._cancelled = False
        self._told_unfinished = False
        self.sent_anything = False
        self._last_act = clock.now()
        """What comes now came after this: the connection was opened, or the last PDU sent."""

    @property
    def sent_at_ms(self) -> float | None:
        """The time at which the last PDU was handed to the kernel."""
        return self._last_act.at_ms if self.sent_anything else None

    @property
    def cancelled(self) -> bool:
        """True once :meth:`cancel` was called."""
        return self._cancelled

    @property
    def spoken(self) -> bool:
        """True if something arrived that has not been returned yet, even an incomplete PDU."""
        return bool(self._arrivals or self._buffer)

    @property
    def ended(self) -> bool:
        """True once the connection is closed by either side, or the peer stops speaking DICOM."""
        return self._ended

    def connect(self, address: Address, timeout_s: float, options: RunOptions) -> Connection:
        """Open the connection. Never raises; ``errno`` is that of connect(2)."""
        began = self._now()
        try:
            self._channel = self._network.channel(address)
            self._channel.prepare(options)
            self._channel.connect(sockaddr(address), timeout_s, lambda: self._cancelled)
            local = self._channel.local()
        except OSError as error:
            elapsed = self._there() - began
            tried_from = options.source_address or self._tried_from(address)
            self._discard()
            timed_out = isinstance(error, TimeoutError) and error.errno is None
            message = f"no answer within {timeout_s:g} s" if timed_out else kernel.words(error)
            return Connection(
                address,
                self._now(),
                elapsed,
                errno=error.errno,
                timed_out=timed_out,
                message=message,
                tried_from=tried_from,
            )
        now = self._there()
        self._last_act = self._clock.now()
        # After connecting, because the kernel's preparation must not count as network time.
        self._channel.stamp_arrivals()
        return Connection(address, now, now - began, local, tcp=self.tcp_info())

    def secure(self, context: ssl.SSLContext, server_name: str, timeout_s: float) -> Handshake:
        """Do a TLS handshake on the open connection. All later traffic uses TLS."""
        # Imported here because certificates load all of cryptography.
        from dcmecho.dicom.wire.tls.channel import TlsChannel
        from dcmecho.dicom.wire.tls.handshake import never_begun, shake_hands
        from dcmecho.dicom.wire.tls.messages import HandshakeRecorder

        recorder = HandshakeRecorder()
        recorder.attach(context)
        began = self._now()
        try:
            if self._channel is None:
                raise ConnectionAbortedError("the connection is over")
            secured = self._channel.wrapped(context, server_name)
        except (OSError, ValueError, TypeError) as error:
            return never_begun(error, began, self._now)
        seen_by = self._channel.seen_by
        self._channel = TlsChannel(secured, recorder, seen_by)
        if self._cancelled:
            self._shut_down()
        within_s = timeout_s + self._channel.way_and_back_s
        handshake = shake_hands(secured, recorder, within_s, self._there, seen_by)
        self._channel.begin()
        return handshake

    def listen_before_sending(self, grace_s: float) -> None:
        """Wait ``grace_s`` to see whether the peer sends or closes before dcmecho sends."""
        self._listen(grace_s)

    def bound(self, timeout_s: float) -> None:
        """Limit every single blocked write from now on."""
        if self._channel is not None:
            self._channel.bound(timeout_s)

    def write(self, data: bytes) -> None:
        """Send one PDU whole. Raises ``OSError``."""
        channel = self._open_channel()
        if self._cancelled:
            raise InterruptedError("cancelled")
        if not self.sent_anything:
            channel.if_lost(_ABORT_PDU)
        self.sent_anything = True
        # Reported before sending, so making the log line does not count as the peer's time.
        self._tell(Direction.SENT, self._now(), data)
        self._last_act = self._clock.now()
        try:
            channel.send(data, lambda: self._cancelled)
        except TimeoutError:
            self._end(Ending.SILENT, "the peer accepts no more data")
            raise
        except OSError as error:
            self._take_what_came(channel)
            self._end(*_failed_read(channel, error))
            raise

    def listen(self, timeout_s: float) -> Arrival:
        """Return the next arrival, or ``SILENT`` after ``timeout_s``. An end is repeated."""
        self._listen(timeout_s)
        if self._cancelled:
            return Arrival(Ending.CANCELLED, self._now())
        if self._arrivals:
            first = self._arrivals[0]
            return self._arrivals.popleft() if first.ending is Ending.ANSWERED else first
        if self._buffer:
            return self._cut_short("then nothing more arrived")
        return Arrival(Ending.SILENT, self._now())

    def wait_for_end(self, timeout_s: float) -> Ending:
        """Return how the connection ends within ``timeout_s``, or ``SILENT`` if it stays open."""
        channel = self._channel
        if channel is None or not channel.readable(timeout_s):
            return Ending.SILENT
        try:
            received = channel.receive(1)
        except OSError:
            return Ending.RESET
        if received is None:
            return Ending.SILENT
        return Ending.ANSWERED if received.data else Ending.CLOSED

    def tcp_info(self) -> TcpInfo | None:
        """Return the kernel's data about the connection, or ``None`` (tcp(7))."""
        return None if self._channel is None else self._channel.tcp_info()

    def cancel(self) -> None:
        """Cancel the run and wake it from any wait. Safe from any thread, more than once."""
        with self.changed:
            self._cancelled = True
            self.changed.notify_all()
        if not self.sent_anything:
            self._shut_down()
        elif (channel := self._channel) is not None:
            # Not both directions, because the run still sends A-ABORT.
            channel.stop_reading()

    def abort(self) -> None:
        """Send A-ABORT (PS3.8 9.3.8, source service-user) without waiting for room."""
        if self._channel is None or self._ended or not self.sent_anything:
            return
        self._tell(Direction.SENT, self._now(), _ABORT_PDU)
        self._channel.send_before_close(_ABORT_PDU)

    def close(self) -> None:
        """Close the connection and report nothing more."""
        self._traffic = None
        self._ended = True
        self._discard()

    def _listen(self, timeout_s: float) -> None:
        """Read until something arrived, the run was cancelled, or ``timeout_s`` passed."""
        channel = self._channel
        deadline = time.monotonic() + timeout_s + (channel.way_and_back_s if channel else 0.0)
        while channel is not None and not (self._arrivals or self._cancelled or self._ended):
            # The rest of an incomplete PDU has usually arrived already.
            if self._buffer and self._read_some(channel):
                continue
            if not channel.readable(max(deadline - time.monotonic(), 0.0)):
                return
            self._read_some(channel)

    def _read_some(self, channel: Channel) -> bool:
        """Read the available bytes of this PDU; return false if there are none."""
        try:
            received = self._receive(channel)
        except OSError as error:
            self._there()
            self._end(*_failed_read(channel, error))
            return True
        if received is None:
            return False
        self._there()
        if received.data:
            self._received(received, channel)
        else:
            self._end(Ending.CLOSED, "")
        return True

    def _receive(self, channel: Channel) -> Received | None:
        # Read only this PDU, so the bytes after it stay in the kernel.
        return channel.receive((self._claimed or HEADER_BYTES) - len(self._buffer))

    def _take_what_came(self, channel: Channel) -> None:
        """Read what the peer sent before the connection broke, because it can say why.

        For a limited time, because a peer can send endlessly.
        """
        deadline = time.monotonic() + _LAST_WORDS_LONGEST_S
        with contextlib.suppress(OSError):
            while not (self._ended or self._cancelled) and (received := self._receive(channel)):
                if not received.data or time.monotonic() > deadline:
                    return
                self._received(received, channel)

    def _open_channel(self) -> Channel:
        if self._channel is None or self._ended:
            raise ConnectionAbortedError("the connection is over")
        return self._channel

    def _received(self, received: Received, channel: Channel) -> None:
        if not self._buffer:
            self._began_ms = arrived_ms(received.stamp_ns, self._last_act, self._clock.now())
        self._buffer += received.data
        if self._claimed is None:
            self._read_header(channel)
        if len(self._buffer) == self._claimed:
            pdu = read_whole_pdu(self._buffer)
            self._buffer, self._claimed = b"", None
            self._tell(Direction.RECEIVED, self._began_ms, pdu)
            self._arrivals.append(Arrival(Ending.ANSWERED, self._began_ms, pdu))

    def _read_header(self, channel: Channel) -> None:
        if not is_pdu(self._buffer):
            self._greeting(channel)
            return
        self._claimed = claimed_bytes(self._buffer)
        if self._claimed is not None and self._claimed > MAX_INCOMING_PDU_BYTES:
            self._tell_unfinished()
            message = f"a PDU that claims to be {self._claimed} bytes long (byte 2)"
            self._end(Ending.MALFORMED, message)

    def _greeting(self, channel: Channel) -> None:
        """Read a little more of bytes that are not a PDU, to identify the protocol."""
        deadline = time.monotonic() + _GREETING_LONGEST_S
        with contextlib.suppress(OSError):
            while len(self._buffer) < _GREETING_BYTES and channel.readable(
                min(_GREETING_WAIT_S, max(deadline - time.monotonic(), 0.0))
            ):
                more = channel.receive(_GREETING_BYTES)
                if more is None:
                    continue
                if not more.data:
                    break
                self._buffer += more.data
        self._tell(Direction.RECEIVED, self._began_ms, Pdu(self._buffer))
        self._end(Ending.NOT_DICOM, "")

    def _end(self, ending: Ending, message: str) -> None:
        # After a cancel, dcmecho itself has ended the reading.
        if self._ended or self._cancelled:
            return
        if ending in (Ending.CLOSED, Ending.RESET) and self._buffer:
            arrival = self._cut_short(
                "then the peer closed the connection"
                if ending is Ending.CLOSED
                else "then the connection was reset"
            )
        else:
            arrival = Arrival(ending, self._now(), Pdu(self._buffer), message)
        self._ended = True
        self._arrivals.append(arrival)

    def _cut_short(self, how: str) -> Arrival:
        self._tell_unfinished()
        claimed = self._claimed or HEADER_BYTES
        message = f"the PDU stops after {len(self._buffer)} of {claimed} bytes, {how}"
        return Arrival(Ending.MALFORMED, self._now(), Pdu(self._buffer), message, unfinished=True)

    def _tell_unfinished(self) -> None:
        """Report the bytes of an incomplete PDU to the log, once."""
        if not self._told_unfinished:
            self._told_unfinished = True
            self._tell(Direction.RECEIVED, self._began_ms, Pdu(self._buffer))

    def _tell(self, direction: Direction, at_ms: float, passed: Pdu | bytes) -> None:
        if self._traffic is not None:
            self._traffic(direction, at_ms, passed)

    def _now(self) -> float:
        return self._clock.now_ms()

    def _there(self) -> float:
        """Return the time, without what the way to a vantage point has taken until now."""
        if self._channel is not None and (way_s := self._channel.way_s()):
            self._clock.exclude(way_s)
        return self._now()

    def _tried_from(self, address: Address) -> str:
        return "" if self._channel is None else self._channel.tried_from(address.ip)

    def _shut_down(self) -> None:
        if self._channel is not None:
            self._channel.shut_down()

    def _discard(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None


def _failed_read(channel: Channel, error: OSError) -> tuple[Ending, str]:
    if isinstance(error, EndlessMessagesError):
        return Ending.MALFORMED, str(error)
    alert = channel.peer_alert
    if alert is not None:
        # In TLS 1.3 a server refuses a client certificate only after our handshake is done.
        return Ending.TLS_ALERT, alert.name
    return Ending.RESET, kernel.words(error)
