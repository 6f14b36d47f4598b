"""What the kernel tells of a socket, and the one option that it forgets."""

from __future__ import annotations

import contextlib
import socket
import struct

from dcmecho.diagnosis.link import TcpInfo

_TCP_INFO_BYTES = 136
_TCP_CLOSE = 7


def quick_acknowledge(sock: socket.socket) -> None:
    """Acknowledge at once. Linux forgets this after each exchange.

    Without it a peer that writes a PDU in two parts (DCMTK does) waits 40 ms for our delayed
    acknowledgement.
    """
    with contextlib.suppress(OSError, AttributeError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


def tcp_info(sock: socket.socket) -> TcpInfo | None:
    """``TCP_INFO`` (tcp(7)); ``None`` where the kernel has none."""
    try:
        raw = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
    except (OSError, AttributeError):
        return None
    if len(raw) < 128:
        return None
    return TcpInfo(
        rtt_ms=struct.unpack_from("=I", raw, 68)[0] / 1000,
        retransmits=raw[2],
        unacked=struct.unpack_from("=I", raw, 24)[0],
        bytes_acked=struct.unpack_from("=Q", raw, 120)[0],
        segment_bytes=struct.unpack_from("=I", raw, 16)[0],
        path_mtu_bytes=struct.unpack_from("=I", raw, 60)[0],
        total_retransmits=struct.unpack_from("=I", raw, 100)[0],
    )


def was_reset(sock: socket.socket) -> bool:
    """True where the connection ended with RST: after a FIN it waits for us to close (tcp(7))."""
    try:
        return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == _TCP_CLOSE
    except (OSError, AttributeError):
        return False


def words(error: OSError) -> str:
    """The operating system's words for an error."""
    return error.strerror or str(error) or type(error).__name__
