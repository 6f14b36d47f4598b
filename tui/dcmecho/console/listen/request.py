"""The listener's form: reads what the user types. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum

from dcmecho.console.listen.context import ListenContext
from dcmecho.diagnosis.listen.calls import AeTitle
from dcmecho.diagnosis.listen.verdict import Expectation
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.sanitize import own_text
from dcmecho.diagnosis.target.digits import is_whole
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.value_checks import (
    ACR_NEMA_PORT,
    DICOM_PORT,
    MAX_PORT,
    MIN_PORT,
    Severity,
    check_ae_title,
    not_a_port,
)

_LOOPBACK = "127."


class ListenField(StrEnum):
    """The fields of the form, by their labels."""

    ADDRESS = "Your address"
    PORTS = "Port"
    TITLE = "Your AE title"
    CALLER = "Caller"


@dataclass(frozen=True, slots=True)
class ListenRequest:
    """Where to listen, under which title, for whom; ``host`` is that peer's host, empty for any."""

    ends: tuple[Address, ...]
    expected: Expectation
    host: str = ""


@dataclass(frozen=True, slots=True)
class ListenFieldFault:
    """An error in an entry, in a sentence."""

    entry: ListenField
    text: str


def first_entries(around: ListenContext) -> dict[ListenField, str]:
    """Return the values that the form starts with."""
    outside = (each for each in around.addresses if not each.startswith(_LOOPBACK))
    address = next(outside, next(iter(around.addresses), "127.0.0.1"))
    return {
        ListenField.ADDRESS: address,
        ListenField.PORTS: str(DICOM_PORT),
        ListenField.TITLE: around.title,
        ListenField.CALLER: around.chosen,
    }


def explanations(addresses: Iterable[str]) -> dict[ListenField, str]:
    """Return what each entry is for."""
    return {
        ListenField.ADDRESS: f"one of {', '.join([*addresses, '0.0.0.0'])} (0.0.0.0: all of them)",
        ListenField.PORTS: "add more, after commas, if the peer might have another registered",
        ListenField.TITLE: "as registered at the peer; empty: any",
        ListenField.CALLER: "a target in the file, matched by address and title; empty: anyone",
    }


def read_request(
    entries: Mapping[ListenField, str], targets: Mapping[str, Target]
) -> ListenRequest | ListenFieldFault:
    """Return what the form requests, or its first fault; ``targets`` by name."""
    address = entries[ListenField.ADDRESS].strip()
    if not address:
        return ListenFieldFault(ListenField.ADDRESS, "enter an address of this machine")
    ports = read_ports(entries[ListenField.PORTS])
    if isinstance(ports, ListenFieldFault):
        return ports
    title = entries[ListenField.TITLE]
    for flaw in check_ae_title(title) if title else ():
        if flaw.severity is Severity.ERROR:
            return ListenFieldFault(ListenField.TITLE, flaw.message)
    caller = entries[ListenField.CALLER].strip()
    if caller and caller not in targets:
        return ListenFieldFault(ListenField.CALLER, _unknown(caller, targets))
    ends = tuple(Address(address, port) for port in ports)
    expected = Expectation(AeTitle.of(title) if title else None, ports[0])
    if not caller:
        return ListenRequest(ends, expected)
    peer = targets[caller]
    calling = AeTitle.of(peer.called_ae)
    expected = replace(expected, peer=peer.name, calling=calling)
    return ListenRequest(ends, expected, peer.host)


def _unknown(name: str, targets: Iterable[str]) -> str:
    near = get_close_matches(name, targets, n=1)
    hint = f"Did you mean {near[0]}?" if near else "Leave it empty for anyone."
    return f"no target named {own_text(name)} in the file. {hint}"


def read_ports(text: str) -> list[int] | ListenFieldFault:
    """Return the ports in a text, each once, or what is wrong with them."""
    ports: dict[int, None] = {}
    for part in text.replace(",", " ").split():
        if not is_whole(part) or not MIN_PORT <= int(part) <= MAX_PORT:
            return ListenFieldFault(ListenField.PORTS, not_a_port(part))
        ports[int(part)] = None
    needed = f"enter a port, usually {DICOM_PORT} or {ACR_NEMA_PORT}"
    return list(ports) or ListenFieldFault(ListenField.PORTS, needed)
