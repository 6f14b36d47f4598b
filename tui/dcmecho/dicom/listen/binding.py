"""Binds the ports of a listener, all or none, and explains why one cannot be bound."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import socket
from collections.abc import Iterable

from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.target.value_checks import DICOM_PORT, not_a_port
from dcmecho.dicom.listen.port_owner import port_owner
from dcmecho.dicom.wire.local_addresses import local_addresses
from dcmecho.dicom.wire.resolver import literal

_BACKLOG = 32


class CannotListenError(OSError):
    """A port cannot be bound. The message says why and what to do."""


def bind_all(ends: Iterable[Address]) -> tuple[socket.socket, ...]:
    """Return a listening socket for each address, non-blocking; port 0 means any free port.

    Raises :class:`CannotListenError`; then no port stays bound.
    """
    with contextlib.ExitStack() as held:
        taken = tuple(held.enter_context(_bind(end)) for end in ends)
        held.pop_all()
    return taken


def address_of(sockaddr: tuple[str, int] | tuple[str, int, int, int]) -> Address:
    """Return the address of a socket; an IPv4-mapped IPv6 address becomes IPv4."""
    try:
        address = ipaddress.ip_address(sockaddr[0].partition("%")[0])
    except ValueError:
        return Address(sockaddr[0], sockaddr[1])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return Address(str(mapped or address), sockaddr[1])


def _bind(end: Address) -> socket.socket:
    if (address := literal(end.ip, end.port)) is None:
        raise CannotListenError(
            f"{end.ip} is not the address of a network interface. Use one of"
            f" {', '.join(local_addresses())}, or 0.0.0.0 for all"
        )
    is_ipv6 = ":" in address.ip
    sock = socket.socket(socket.AF_INET6 if is_ipv6 else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if is_ipv6:
            sock.bind((address.ip, end.port, 0, address.scope_id))
        else:
            sock.bind((address.ip, end.port))
        sock.listen(_BACKLOG)
    except (OSError, OverflowError) as error:
        sock.close()
        raise CannotListenError(why_not(end, error)) from error
    return sock


def why_not(end: Address, error: OSError | OverflowError) -> str:
    """Return why a port cannot be bound, and what to do."""
    if isinstance(error, OverflowError):
        return not_a_port(end.port)
    match error.errno:
        case errno.EADDRINUSE:
            owner = port_owner(end.port)
            who = str(owner) if owner else "another program (`ss -ltnp` as root names it)"
            return f"{end} is taken by {who}. End that program, or listen on another port"
        case errno.EACCES | errno.EPERM:
            return (
                f"port {end.port} is below 1024, and not every user is allowed to use it. Listen"
                f" on a higher port ({DICOM_PORT}) and have that registered, or have root allow it:"
                f" `sysctl net.ipv4.ip_unprivileged_port_start={end.port}`, or `setcap"
                " cap_net_bind_service=+ep` on the Python that runs dcmecho"
            )
        case errno.EADDRNOTAVAIL:
            ours = ", ".join(local_addresses())
            return f"{end.ip} is not an address of this machine. Use one of {ours}"
        case _:
            return f"cannot listen on {end}: {error.strerror}"
