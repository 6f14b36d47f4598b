"""The interface that has an address of this machine, as the kernel says (rtnetlink(7))."""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Iterator

_ROUTE = 0
_GET_ADDRESSES, _ADDRESS = 22, 20
_DUMP = 0x301
_MESSAGE = struct.Struct("=IHHII")
_HEADER = struct.Struct("=BBBBI")
_ATTRIBUTE = struct.Struct("=HH")
_ITSELF, _OWN = 1, 2
"""IFA_ADDRESS and IFA_LOCAL: of a tunnel over IPv4, the first is the other end."""
_ALIGNED = 4
_ANSWER_BYTES = 1 << 16
_PATIENCE_S = 0.05


def interface_of(address: str) -> str:
    """Return the name of the interface with this address; empty if it is not found. Linux only."""
    plain, _, zone = address.partition("%")
    if zone:
        return zone
    family = socket.AF_INET6 if ":" in plain else socket.AF_INET
    with contextlib.suppress(OSError, AttributeError, struct.error):
        wanted = socket.inet_pton(family, plain)
        index = next((index for index, own in _addresses(family) if own == wanted), 0)
        return socket.if_indextoname(index) if index else ""
    return ""


def _addresses(family: int) -> Iterator[tuple[int, bytes]]:
    """Yield each address, with the number of its interface. Raises ``OSError``."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _ROUTE) as kernel:
        kernel.settimeout(_PATIENCE_S)
        length = _MESSAGE.size + _HEADER.size
        request = _MESSAGE.pack(length, _GET_ADDRESSES, _DUMP, 1, 0)
        kernel.send(request + _HEADER.pack(family, 0, 0, 0, 0))
        while True:
            for kind, body in _messages(kernel.recv(_ANSWER_BYTES)):
                if kind != _ADDRESS:
                    return
                yield from _told(body)


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    while data:
        length, kind, *_ = _MESSAGE.unpack_from(data)
        yield kind, data[_MESSAGE.size : length]
        data = data[max(_aligned(length), _MESSAGE.size) :]


def _told(body: bytes) -> Iterator[tuple[int, bytes]]:
    family, *_, index = _HEADER.unpack_from(body)
    wanted = _OWN if family == socket.AF_INET else _ITSELF
    rest = body[_HEADER.size :]
    while rest:
        length, kind = _ATTRIBUTE.unpack_from(rest)
        if kind == wanted:
            yield index, rest[_ATTRIBUTE.size : length]
        rest = rest[max(_aligned(length), _ATTRIBUTE.size) :]


def _aligned(length: int) -> int:
    return -(-length // _ALIGNED) * _ALIGNED
