"""The targets of the profile file that the rows of an import can be. No I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dcmecho.diagnosis.target.fields import Field, Value
from dcmecho.profiles.book.model import Profile, ProfileBook
from dcmecho.profiles.book.values import type_problem
from dcmecho.profiles.exchange.rows import ExchangeRow

ADDRESS = (Field.HOST, Field.PORT, Field.CALLED_AE)


@dataclass(frozen=True, slots=True)
class KnownPeers:
    """The targets that no row matches by name, by address and by address with our own title.

    Each key begins with the group of the target, and stands a second time with an empty one.
    """

    by_address: Mapping[tuple[str, ...], Profile]
    by_all: Mapping[tuple[str, ...], Profile]

    @classmethod
    def of(cls, book: ProfileBook, rows: Sequence[ExchangeRow], group: str) -> KnownPeers:
        """Index the targets for rows that change those of ``group``, or of all if it is empty."""
        said = {str(row.values[Field.NAME]) for row in rows if Field.NAME in row.values}
        named = said | {in_group(name, group) for name in said}
        free = [
            (key, profile, values_of(profile))
            for profile in reversed(book.profiles)
            if profile.name and not (profile.name in named and is_in(profile, group))
            for key in ("", profile.group)
        ]
        return cls(
            {(key, *_address(values)): profile for key, profile, values in free},
            {(key, *_address_and_ours(values)): profile for key, profile, values in free},
        )

    def at_address(self, values: Mapping[Field, Value], group: str = "") -> Profile | None:
        """Return the target at the address of a row, in a group or in any."""
        exact = self.by_all.get((group, *_address_and_ours(values)))
        return exact or self.by_address.get((group, *_address(values)))


def is_in(profile: Profile, group: str) -> bool:
    """Report whether a target is in a group; each is, if the group is empty."""
    return not group or profile.group == group


def in_group(name: str, group: str) -> str:
    """Return the name of a target whose own name another group already uses."""
    return f"{name} ({group})" if group else name


def values_of(profile: Profile) -> Mapping[Field, Value]:
    """Return the values in force, or the valid own values of a broken target."""
    if profile.target is None:
        return {key: own for key, own in profile.own.items() if type_problem(key, own) is None}
    return {key: getattr(profile.target, key) for key in Field}


def _address(values: Mapping[Field, Value]) -> tuple[str, ...]:
    host, port, title = (str(values.get(key, "")) for key in ADDRESS)
    return host.lower(), port, title.strip(" ")


def _address_and_ours(values: Mapping[Field, Value]) -> tuple[str, ...]:
    """Return the address with the calling AE title, if the row has one."""
    return *_address(values), str(values.get(Field.CALLING_AE, "")).strip(" ")
