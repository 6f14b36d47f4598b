"""Looks up names with a timeout, which getaddrinfo(3) does not have."""

from __future__ import annotations

import errno
import ipaddress
import socket
import threading
from collections.abc import Callable
from typing import NamedTuple

from dcmecho.diagnosis.network.connection import Address, NameFailure, Resolution
from dcmecho.diagnosis.network.shortage import is_shortage, shortage_text
from dcmecho.diagnosis.sanitize import error_text
from dcmecho.diagnosis.target.digits import is_whole
from dcmecho.dicom.wire.descriptors import lacks_descriptors
from dcmecho.dicom.wire.room import when_there_is_room

_NOT_FOUND = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
_LAST_INTERFACE = 2**32 - 1


class NameAnswer(NamedTuple):
    """The addresses of a name, or why there are none."""

    addresses: tuple[Address, ...] = ()
    failure: NameFailure | None = None
    message: str = ""


class Lookup:
    """One lookup on a daemon thread. ``woken`` is notified when it is done."""

    def __init__(self, host: str, port: int, woken: threading.Condition) -> None:
        self._host = host
        self._port = port
        self._woken = woken
        self._answer: NameAnswer | None = None
        try:
            threading.Thread(target=self._look_up, name="dcmecho-resolve", daemon=True).start()
        except RuntimeError as error:
            self._answer = _not_asked(error)

    @property
    def done(self) -> bool:
        """True once the lookup has ended, with or without success."""
        return self._answer is not None

    @property
    def lacks(self) -> bool:
        """True if this machine lacks what the lookup needs."""
        return self._answer is not None and self._answer.failure is NameFailure.NOT_ASKED

    def resolution(self, began_ms: float, now_ms: float, timeout_s: float) -> Resolution:
        """Return the result so far: no answer if the lookup is not done."""
        elapsed = now_ms - began_ms
        if self._answer is None:
            message = f"the name lookup did not answer within {timeout_s:g} s"
            return Resolution(now_ms, elapsed, (), NameFailure.NO_ANSWER, message)
        return Resolution(now_ms, elapsed, *self._answer)

    def _look_up(self) -> None:
        answer = ask_for(self._host, self._port)
        with self._woken:
            self._answer = answer
            self._woken.notify_all()


def look_up(
    host: str, port: int, timeout_s: float, woken: threading.Condition, given_up: Callable[[], bool]
) -> Lookup:
    """Look ``host`` up for ``timeout_s``, unless ``given_up``; ``woken`` is notified of both."""
    lookup = when_there_is_room(lambda: Lookup(host, port, woken), woken, given_up)
    with woken:
        woken.wait_for(lambda: lookup.done or given_up(), timeout_s)
    return lookup


def ask_for(host: str, port: int) -> NameAnswer:
    """Look ``host`` up on the calling thread, however long that takes."""
    try:
        return NameAnswer(_addresses(host, port))
    except LookupError as error:
        return _not_asked(error)  # The codec for names could not be imported.
    except (socket.gaierror, UnicodeError, OSError, MemoryError) as error:
        return _failure(error)


def _not_asked(error: BaseException) -> NameAnswer:
    return NameAnswer((), NameFailure.NOT_ASKED, shortage_text(error))


def _failure(error: Exception) -> NameAnswer:
    """Return why a lookup failed. The C library words a lack of descriptors like a name server."""
    if is_shortage(error):
        return _not_asked(error)
    if lacks_descriptors():
        return _not_asked(OSError(errno.EMFILE, ""))
    if isinstance(error, socket.gaierror):
        found_none = error.errno in _NOT_FOUND
        failure = NameFailure.NOT_FOUND if found_none else NameFailure.NO_ANSWER
        return NameAnswer((), failure, error.strerror or error_text(error))
    return NameAnswer((), NameFailure.NOT_FOUND, error_text(error))


def literal(host: str, port: int) -> Address | None:
    """Return ``host`` as a numeric address, or ``None`` if it is a name."""
    if _is_ipv4(host):
        return Address(host, port)
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    if not isinstance(address, ipaddress.IPv6Address) or not address.scope_id:
        return Address(str(address), port)
    scope = address.scope_id
    try:
        index = int(scope) if is_whole(scope) else socket.if_nametoindex(scope)
    except OSError:
        return None
    if index > _LAST_INTERFACE:
        return None
    return Address(str(address).partition("%")[0], port, index)


def _is_ipv4(host: str) -> bool:
    """Report whether ``host`` is four decimal numbers; such an address has no other form."""
    try:
        socket.inet_pton(socket.AF_INET, host)
    except (OSError, ValueError):
        return False
    return True


def normal(address: Address) -> Address:
    """Return the form that all spellings of an address share; IPv4 has no other."""
    ip = address.ip
    if ":" in ip:
        found = ipaddress.IPv6Address(ip)
        if found.ipv4_mapped is None:
            # Linux takes the unspecified address for its own.
            return address._replace(ip="::1" if found.is_unspecified else str(found))
        ip, address = str(found.ipv4_mapped), address._replace(scope_id=0)
    return address._replace(ip="127.0.0.1" if ip == "0.0.0.0" else ip)


def _addresses(host: str, port: int) -> tuple[Address, ...]:
    found: dict[Address, None] = {}
    for _, _, _, _, sockaddr in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM):
        scope = int(sockaddr[3]) if len(sockaddr) == 4 else 0
        found[Address(str(sockaddr[0]), port, scope)] = None
    return tuple(found)
