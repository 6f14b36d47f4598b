"""Keeps runs away from addresses that the profile file forbids to probe."""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition
from typing import NamedTuple

from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.sanitize import own_text
from dcmecho.diagnosis.target.prohibition import Prohibition, Prohibitions
from dcmecho.diagnosis.target.target import CONNECT_TIMEOUT_S, Target
from dcmecho.dicom.runs.forbidden_names import ForbiddenNames, Unknown
from dcmecho.dicom.wire.resolver import literal, look_up, normal


class Ruling(NamedTuple):
    """Why an address must not be probed; empty if it can be.

    ``doubt`` says why it could still be one that must not be; usually empty.
    """

    forbidden: str = ""
    doubt: str = ""


class Asked(NamedTuple):
    """The peer that a run asks for."""

    host: str
    called_ae: str


class Guard:
    """The addresses that must not be probed. Shared by all runs of a process."""

    def __init__(self, prohibitions: Prohibitions) -> None:
        self._unknown = prohibitions.unknown
        self._hosts: dict[tuple[str, int], Prohibition] = {}
        self._addresses: dict[Address, Prohibition] = {}
        named: dict[int, list[Prohibition]] = {}
        for each in prohibitions.entries:
            self._hosts.setdefault((each.host.casefold(), each.port), each)
            if (known := literal(each.host, each.port)) is not None:
                self._addresses.setdefault(normal(known), each)
            else:
                named.setdefault(each.port, []).append(each)
        self._names = {port: ForbiddenNames(entries) for port, entries in named.items()}

    def ruling(
        self,
        asked: Asked,
        address: Address,
        timeout_s: float,
        woken: Condition,
        given_up: Callable[[], bool],
    ) -> Ruling:
        """Rule on ``address``, which the host that was ``asked`` for resolved to.

        Looks up the names of forbidden targets, at most ``timeout_s`` long and unless ``given_up``,
        checked when ``woken`` is notified. A name without an answer could have any address: that
        forbids a target with the same AE title, or with one that names no peer.
        """
        if self._unknown:
            return Ruling(self._unknown)
        peer = normal(address)
        found = self._hosts.get((asked.host.casefold(), address.port)) or self._addresses.get(peer)
        if found is not None:
            return Ruling(str(found))
        names = self._names.get(address.port)
        if names is None:
            return Ruling()
        names.refresh(timeout_s, woken, given_up)
        if (found := names.at(peer)) is not None:
            return Ruling(str(found))
        unknown = names.unknown(asked.called_ae)
        if unknown is None:
            return Ruling()
        words = _which_it_could_be(unknown)
        return Ruling(f"not checked: it can be {words}") if unknown.is_alike else Ruling("", words)


def _which_it_could_be(unknown: Unknown) -> str:
    forbidden = unknown.forbidden
    host = own_text(forbidden.host)
    return (
        f"{own_text(forbidden.name) or host}, which must not be probed"
        f" ({own_text(forbidden.reason)}): the address of {host} is not known, {unknown.why}"
    )


def why_forbidden(target: Target, guard: Guard) -> str:
    """Look ``target`` up, without connecting, and return why it must not be probed."""
    if target.do_not_probe:
        return target.not_checked
    woken, asked = Condition(), Asked(target.host, target.called_ae)
    for address in _addresses_of(target, woken):
        ruling = guard.ruling(asked, address, CONNECT_TIMEOUT_S, woken, _never)
        if ruling.forbidden:
            return ruling.forbidden
    return ""


def _addresses_of(target: Target, woken: Condition) -> tuple[Address, ...]:
    address = literal(target.host, target.port)
    if address is not None:
        return (address,)
    lookup = look_up(target.host, target.port, CONNECT_TIMEOUT_S, woken, _never)
    return lookup.resolution(0.0, 0.0, CONNECT_TIMEOUT_S).addresses


def _never() -> bool:
    return False
