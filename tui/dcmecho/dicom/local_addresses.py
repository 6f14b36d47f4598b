"""The IPv4 addresses of this machine, for asking a peer from another one of them."""

from __future__ import annotations

import contextlib
import fcntl
import socket
import struct

_SIOCGIFADDR = 0x8915
_NAME_BYTES = 15
_ADDRESS_AT = 20


def local_addresses() -> tuple[str, ...]:
    """The first IPv4 address of each interface (netdevice(7), ``SIOCGIFADDR``); Linux only."""
    found: dict[str, None] = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for _, name in socket.if_nameindex():
            request = struct.pack("256s", name.encode()[:_NAME_BYTES])
            with contextlib.suppress(OSError):
                answer = fcntl.ioctl(sock.fileno(), _SIOCGIFADDR, request)
                found[socket.inet_ntoa(answer[_ADDRESS_AT : _ADDRESS_AT + 4])] = None
    return tuple(found)
