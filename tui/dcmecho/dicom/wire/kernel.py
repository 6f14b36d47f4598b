"""Linux data about a socket and its received bytes, and the quick acknowledgement."""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
from typing import TYPE_CHECKING, NamedTuple

from dcmecho.diagnosis.network.connection import TcpInfo

if TYPE_CHECKING:
    import ssl

_TCP_INFO = struct.Struct("=2xB13xI4xI32xI4xII24xI16xQ20xI")
"""The part of ``struct tcp_info`` (linux/tcp.h) that is used here, up to ``tcpi_min_rtt``."""

_BEFORE_MIN_RTT_BYTES = 148
"""The length that kernels before Linux 4.6 return, without ``tcpi_min_rtt``."""

_NO_SAMPLE = 0xFFFFFFFF
_TCP_CLOSE = 7

_SO_TIMESTAMPNS = 35
"""From asm-generic/socket.h; not in Python. The same number marks the time stamp itself."""

_STAMP = struct.Struct("@ll")
"""``struct timespec``: seconds and nanoseconds."""
_STAMP_SPACE = socket.CMSG_SPACE(_STAMP.size)


class Received(NamedTuple):
    """The result of one read. Empty ``data`` means the end."""

    data: bytes
    stamp_ns: int | None = None
    """When the last byte reached this machine (CLOCK_REALTIME), or ``None`` if unknown."""


def stamp_arrivals(sock: socket.socket) -> None:
    """Let the kernel note when bytes arrive, if it can: Linux, since 4.14 for TCP."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)


def receive(sock: socket.socket, limit: int) -> Received:
    """Return up to ``limit`` bytes, with their time stamp if any (socket(7)). Raises ``OSError``.

    With the stamp, a thread that reads late still learns when the peer answered.
    """
    if sys.platform != "linux":
        return Received(sock.recv(limit))
    data, notes, _, _ = sock.recvmsg(limit, _STAMP_SPACE)
    for level, kind, note in notes:
        if level == socket.SOL_SOCKET and kind == _SO_TIMESTAMPNS and len(note) == _STAMP.size:
            seconds, nanoseconds = _STAMP.unpack(note)
            return Received(data, seconds * 1_000_000_000 + nanoseconds)
    return Received(data)


def quick_acknowledge(sock: socket.socket) -> None:
    """Acknowledge at once. Linux resets this option after each exchange.

    Without it a peer that writes a PDU in two parts (DCMTK does) waits 40 ms for our delayed
    acknowledgement.
    """
    # Not suppress(): it costs more than the call.
    try:  # noqa: SIM105
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
    except (OSError, AttributeError):
        pass


def tcp_info(sock: socket.socket) -> TcpInfo | None:
    """Return ``TCP_INFO`` (tcp(7)), or ``None`` if the kernel has none or is not Linux."""
    if sys.platform != "linux":
        return None
    try:
        return read_tcp_info(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size))
    except OSError:
        return None


def read_tcp_info(raw: bytes) -> TcpInfo | None:
    """Return what Linux's ``struct tcp_info`` says, or ``None`` if too much of it is missing."""
    if len(raw) < _BEFORE_MIN_RTT_BYTES:
        return None
    (
        retransmits,
        segment_bytes,
        unacked,
        path_mtu_bytes,
        rtt_us,
        variance_us,
        total,
        acked,
        min_us,
    ) = _TCP_INFO.unpack(raw[: _TCP_INFO.size].ljust(_TCP_INFO.size, b"\xff"))
    return TcpInfo(
        rtt_ms=rtt_us / 1000,
        retransmits=retransmits,
        unacked=unacked,
        bytes_acked=acked,
        segment_bytes=segment_bytes,
        path_mtu_bytes=path_mtu_bytes,
        total_retransmits=total,
        rtt_variance_ms=variance_us / 1000,
        min_rtt_ms=None if min_us == _NO_SAMPLE else min_us / 1000,
    )


def way_s(_sock: socket.socket) -> float:
    """Return what the way to the socket has taken since it was asked last, in seconds: nothing."""
    return 0.0


def way_and_back_s(_sock: socket.socket) -> float:
    """Return what a question to the socket and its answer take on the way, in seconds: nothing."""
    return 0.0


def was_reset(sock: socket.socket, end: ssl.SSLError) -> bool:
    """Report whether a connection with TLS that ended so was reset, and not closed.

    After a FIN the kernel would not have closed it yet.
    """
    # Python before 3.12.5 reports a reset as an end without a reason
    # (https://github.com/python/cpython/issues/115627).
    if end.reason is not None:
        return False
    try:
        return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == _TCP_CLOSE
    except (OSError, AttributeError):
        return False


def words(error: OSError) -> str:
    """Return the operating system's text for an error."""
    return error.strerror or str(error) or type(error).__name__
