"""The ports of a listener: taken all or none, and where one cannot be taken, why."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import socket
from collections.abc import Iterable

from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.target.value_checks import DICOM_PORT
from dcmecho.dicom.listen.port_owner import port_owner
from dcmecho.dicom.wire.local_addresses import local_addresses
from dcmecho.dicom.wire.resolver import literal

_BACKLOG = 32


class CannotListenError(OSError):
    """A port cannot be taken; the message says why and what to do."""


def bind_all(ends: Iterable[Address]) -> tuple[socket.socket, ...]:
    """A listening socket for each end, non-blocking; port 0 takes a free one.

    Raises :class:`CannotListenError`; then no port is held.
    """
    with contextlib.ExitStack() as held:
        taken = tuple(held.enter_context(_bind(end)) for end in ends)
        held.pop_all()
    return taken


def address_of(sockaddr: tuple[str, int] | tuple[str, int, int, int]) -> Address:
    """A socket's address; an IPv4 caller of an IPv6 socket keeps its IPv4 address."""
    try:
        address = ipaddress.ip_address(sockaddr[0].partition("%")[0])
    except ValueError:
        return Address(sockaddr[0], sockaddr[1])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return Address(str(mapped or address), sockaddr[1])


def _bind(end: Address) -> socket.socket:
    if (address := literal(end.ip, end.port)) is None:
        raise CannotListenError(
            f"{end.ip} is no address of a network interface: write one of"
            f" {', '.join(local_addresses())}, or 0.0.0.0 for all of them"
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
    """Why a port cannot be taken, and what to do."""
    if isinstance(error, OverflowError):
        return f"there is no port {end.port}: ports go from 1 to 65535"
    match error.errno:
        case errno.EADDRINUSE:
            owner = port_owner(end.port)
            who = str(owner) if owner else "another program (`ss -ltnp` as root names it)"
            return f"{end} is taken by {who}: end it, or listen on another port"
        case errno.EACCES | errno.EPERM:
            return (
                f"port {end.port} is below 1024 and not for every user: listen on a higher one"
                f" ({DICOM_PORT}) and have that registered, or let root allow it:"
                f" `sysctl net.ipv4.ip_unprivileged_port_start={end.port}`, or `setcap"
                " cap_net_bind_service=+ep` on the Python that runs dcmecho"
            )
        case errno.EADDRNOTAVAIL:
            return f"{end.ip} is no address of this machine; it has {', '.join(local_addresses())}"
        case _:
            return f"{end} cannot be listened on: {error.strerror}"
