"""The addresses of this machine, for example to call a peer from another one."""

from __future__ import annotations

import contextlib
import fcntl
import socket
import struct

_SIOCGIFADDR = 0x8915
_NAME_BYTES = 15
_ADDRESS_AT = 20
_ANY_PORT = 104


def local_addresses() -> tuple[str, ...]:
    """Return the first IPv4 address of each interface (netdevice(7)); Linux only."""
    found: dict[str, None] = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for _, name in socket.if_nameindex():
            request = struct.pack("256s", name.encode()[:_NAME_BYTES])
            with contextlib.suppress(OSError):
                answer = fcntl.ioctl(sock.fileno(), _SIOCGIFADDR, request)
                found[socket.inet_ntoa(answer[_ADDRESS_AT : _ADDRESS_AT + 4])] = None
    return tuple(found)


def address_towards(ip: str) -> str:
    """Return the address from which this machine would call ``ip``; nothing is sent (udp(7)).

    Empty if there is no route.
    """
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.connect((ip, _ANY_PORT))
        ours: str = sock.getsockname()[0]
        return ours
    return ""
