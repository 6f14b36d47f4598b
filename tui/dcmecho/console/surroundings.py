"""What the listener's screen knows of this machine and of the profile file. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dcmecho.diagnosis.model import Target
from dcmecho.diagnosis.validation import Field
from dcmecho.profiles.model import Profile, ProfileBook


@dataclass(frozen=True, slots=True)
class Surroundings:
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


def surroundings(
    book: ProfileBook, chosen: Profile | None, addresses: Sequence[str]
) -> Surroundings:
    """Expect the chosen target; our title is what it has for us, or what every target has."""
    target = chosen.target if chosen is not None else None
    title = target.calling_ae if target else str(book.inherited("")[Field.CALLING_AE])
    names: dict[str, str] = {}
    for each in book.targets:
        if _is_address(each.host):
            before = names.get(each.host)
            names[each.host] = each.name if before is None else f"{before}, {each.name}"
    targets = {each.name: each for each in book.targets}
    return Surroundings(addresses, title, names, targets, target.name if target else "")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
