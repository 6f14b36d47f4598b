"""The facts about this machine and the profile file for the listener's screen. No I/O."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.book.model import Profile, ProfileBook

_MOST_NAMES = 3
"""Names shown of one host."""


@dataclass(frozen=True, slots=True)
class ListenContext:
    """The addresses and AE title of this machine, and the known targets.

    ``addresses`` are the addresses of this machine. ``title`` is the calling AE title. ``names``
    maps host addresses to the names of their targets. ``targets`` maps names to targets. ``chosen``
    is the name of the selected target, empty if there is none.
    """

    addresses: Sequence[str]
    title: str
    names: Mapping[str, str]
    targets: Mapping[str, Target]
    chosen: str


def listen_context(
    book: ProfileBook, chosen: Profile | None, addresses: Sequence[str]
) -> ListenContext:
    """Expect the chosen target; your title is the one it is called with, or the default one."""
    target = chosen.target if chosen is not None else None
    title = target.calling_ae if target else str(book.inherited("")[Field.CALLING_AE])
    names: dict[str, list[str]] = {}
    for each in book.targets:
        if _is_address(each.host):
            names.setdefault(each.host, []).append(each.name)
    targets = {each.name: each for each in book.targets}
    known = {host: _listed(several) for host, several in names.items()}
    return ListenContext(addresses, title, known, targets, target.name if target else "")


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
