"""What the listener's screen knows of this machine and of the profile file. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dcmecho.diagnosis.validation import Field
from dcmecho.profiles.model import Profile, ProfileBook


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Who we are and whom we know.

    ``addresses`` are those of this machine, ``title`` is the one we call with, ``names`` are what
    the file calls the hosts that it has by their address.
    """

    addresses: Sequence[str]
    title: str
    names: Mapping[str, str]


def surroundings(
    book: ProfileBook, chosen: Profile | None, addresses: Sequence[str]
) -> Surroundings:
    """Take our title from the chosen target, or from what every target has."""
    target = chosen.target if chosen is not None else None
    title = target.calling_ae if target else str(book.inherited("")[Field.CALLING_AE])
    names: dict[str, str] = {}
    for each in book.targets:
        if _is_address(each.host):
            before = names.get(each.host)
            names[each.host] = each.name if before is None else f"{before}, {each.name}"
    return Surroundings(addresses, title, names)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
