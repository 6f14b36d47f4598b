"""What is typed into the listener's form, and what it asks for. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dcmecho.diagnosis.link import Address
from dcmecho.diagnosis.listening.calls import AeTitle
from dcmecho.diagnosis.listening.verdict import Expectation
from dcmecho.diagnosis.validation import (
    ACR_NEMA_PORT,
    DICOM_PORT,
    MAX_PORT,
    MIN_PORT,
    Field,
    Severity,
    check_ae_title,
)

_LOOPBACK = "127."


class Entry(StrEnum):
    """The fields of the form, by the label they carry."""

    ADDRESS = "Our address"
    PORTS = "Port"
    TITLE = "Our AE title"


@dataclass(frozen=True, slots=True)
class ListenOrder:
    """Where to listen, and as whom."""

    ends: tuple[Address, ...]
    expected: Expectation


@dataclass(frozen=True, slots=True)
class EntryFault:
    """What is wrong with an entry, in a sentence."""

    entry: Entry
    text: str


def first_entries(addresses: Sequence[str], title: str) -> dict[Entry, str]:
    """What stands in the form at first; ``addresses`` are those of this machine."""
    outside = (each for each in addresses if not each.startswith(_LOOPBACK))
    address = next(outside, next(iter(addresses), "127.0.0.1"))
    return {Entry.ADDRESS: address, Entry.PORTS: str(DICOM_PORT), Entry.TITLE: title}


def explanations(addresses: Iterable[str]) -> dict[Entry, str]:
    """What each entry is for."""
    return {
        Entry.ADDRESS: f"one of {', '.join([*addresses, '0.0.0.0'])} (the last is all of them)",
        Entry.PORTS: "further ones, after commas, catch a peer that has another registered",
        Entry.TITLE: "as the other side has it; empty: any",
    }


def read_order(entries: dict[Entry, str]) -> ListenOrder | EntryFault:
    """What the form asks for, or the first thing that is wrong with it."""
    address = entries[Entry.ADDRESS].strip()
    if not address:
        return EntryFault(Entry.ADDRESS, "an address of this machine is needed")
    ports = read_ports(entries[Entry.PORTS])
    if isinstance(ports, EntryFault):
        return ports
    title = entries[Entry.TITLE]
    for complaint in check_ae_title(Field.CALLED_AE, title) if title else ():
        if complaint.severity is Severity.ERROR:
            return EntryFault(Entry.TITLE, complaint.message)
    ours = AeTitle.of(title) if title else None
    return ListenOrder(tuple(Address(address, port) for port in ports), Expectation(ours, ports[0]))


def read_ports(text: str) -> list[int] | EntryFault:
    """The ports that are typed, each once, or what is wrong with them."""
    ports: dict[int, None] = {}
    for part in text.replace(",", " ").split():
        if not part.isascii() or not part.isdecimal() or not MIN_PORT <= int(part) <= MAX_PORT:
            fault = f"{part} is no port: they go from {MIN_PORT} to {MAX_PORT}"
            return EntryFault(Entry.PORTS, fault)
        ports[int(part)] = None
    needed = f"a port is needed, {DICOM_PORT} or {ACR_NEMA_PORT} mostly"
    return list(ports) or EntryFault(Entry.PORTS, needed)
