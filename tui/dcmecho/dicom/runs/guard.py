"""Keeps runs away from addresses that the profile file forbids to probe."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Condition
from typing import NamedTuple

from dcmecho.diagnosis.network.connection import Address, NameFailure, Resolution
from dcmecho.diagnosis.sanitize import own_text
from dcmecho.diagnosis.target.prohibition import Prohibition, Prohibitions
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.wire.resolver import literal, look_up, normal

_LOOKUP_TIMEOUT_S = 5.0
_KNOWN_FOR_S = 60.0


class _Known(NamedTuple):
    until_s: float
    resolution: Resolution


class Guard:
    """The addresses that must not be probed. Shared by all runs of a process."""

    def __init__(self, prohibitions: Prohibitions) -> None:
        self._prohibitions = prohibitions
        self._known: dict[str, _Known] = {}

    def against(
        self, host: str, address: Address, woken: Condition, given_up: Callable[[], bool]
    ) -> str:
        """Return why ``address``, which ``host`` resolved to, must not be probed; or an empty text.

        Looks names of forbidden targets up, unless ``given_up``, checked when ``woken`` is
        notified. A name whose lookup is not answered could have any address.
        """
        if self._prohibitions.unknown:
            return self._prohibitions.unknown
        peer = normal(address)
        for each in self._prohibitions.entries:
            if each.port != address.port:
                continue
            if each.host.casefold() == host.casefold():
                return str(each)
            known = literal(each.host, each.port)
            if known is not None:
                addresses: tuple[Address, ...] = (known,)
            else:
                found = self._look_up(each, woken, given_up)
                if found.failure in (NameFailure.NO_ANSWER, NameFailure.NOT_ASKED):
                    return _perhaps(each, found)
                addresses = found.addresses
            if peer in map(normal, addresses):
                return str(each)
        return ""

    def _look_up(
        self, forbidden: Prohibition, woken: Condition, given_up: Callable[[], bool]
    ) -> Resolution:
        known = self._known.get(forbidden.host)
        if known is not None and known.until_s > time.monotonic():
            return known.resolution
        lookup = look_up(forbidden.host, forbidden.port, _LOOKUP_TIMEOUT_S, woken, given_up)
        found = lookup.resolution(0.0, 0.0, _LOOKUP_TIMEOUT_S)
        if not given_up():
            self._known[forbidden.host] = _Known(time.monotonic() + _KNOWN_FOR_S, found)
        return found


def _perhaps(forbidden: Prohibition, found: Resolution) -> str:
    host = own_text(forbidden.host)
    return (
        f"not checked: it can be {own_text(forbidden.name) or host}, which must not be probed"
        f" ({own_text(forbidden.reason)}): the address of {host} is not known, {found.message}"
    )


def why_forbidden(target: Target, guard: Guard) -> str:
    """Look ``target`` up, without connecting, and return why it must not be probed."""
    if target.do_not_probe:
        return target.not_checked
    woken = Condition()
    for address in _addresses_of(target, woken):
        if why := guard.against(target.host, address, woken, _never):
            return why
    return ""


def _addresses_of(target: Target, woken: Condition) -> tuple[Address, ...]:
    address = literal(target.host, target.port)
    if address is not None:
        return (address,)
    lookup = look_up(target.host, target.port, _LOOKUP_TIMEOUT_S, woken, _never)
    return lookup.resolution(0.0, 0.0, _LOOKUP_TIMEOUT_S).addresses


def _never() -> bool:
    return False
