"""What the listener's screen knows of this machine and of the profile file. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.book.model import Profile, ProfileBook

_MOST_NAMES = 3
"""Of one host."""


@dataclass(frozen=True, slots=True)
class ListenContext:
    """Who we are and whom we know.

    ``addresses`` are those of this machine, ``title`` is the one we call with, ``names`` are what
    the file calls the hosts that it has by their address, ``targets`` all of it by name, ``chosen``
    the name of the selected one, empty where there is none.
    """

    addresses: Sequence[str]
    title: str
    names: Mapping[str, str]
    targets: Mapping[str, Target]
    chosen: str


def listen_context(
    book: ProfileBook, chosen: Profile | None, addresses: Sequence[str]
) -> ListenContext:
    """Expect the chosen target; our title is what it has for us, or what every target has."""
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
