"""What a profiles.toml holds: the profiles, where their values come from, and what is wrong."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from types import MappingProxyType

from dcmecho.diagnosis.target.fields import REFUSALS, REQUIRED, Field, Value
from dcmecho.diagnosis.target.target import DEFAULT_CALLING_AE, Target
from dcmecho.diagnosis.target.tls import TlsSettings

BUILT_IN: Mapping[Field, Value] = MappingProxyType(
    {Field.CALLING_AE: DEFAULT_CALLING_AE}
    | {
        Field(each.name): each.default
        for each in dataclasses.fields(Target)
        if each.default is not dataclasses.MISSING
        and each.name in list(Field)
        and each.name not in REQUIRED
    }
)
"""The values that hold where the file is silent; it is plain then, without TLS."""


def in_force(*farthest_first: Mapping[Field, Value]) -> dict[Field, Value]:
    """Merge the built-in values and tables: the nearest value wins.

    Reasons to refuse do not replace one another: all that are given hold, the nearest first.
    """
    values: dict[Field, Value] = {}
    for table in farthest_first:
        values.update(table)
    for key in REFUSALS:
        given = [str(table[key]) for table in reversed(farthest_first) if table.get(key)]
        values[key] = "; ".join(dict.fromkeys(given))
    return values


class ProfileError(Exception):
    """A change that could not be made to the file; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of the file: ``profiles.toml:14: port: "104" must be a number (1 to 65535)``.

    ``line`` counts from 1. ``key`` is empty where the fault is no key's.
    """

    path: Path
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        parts = (f"{self.path}:{self.line}", self.key, self.message)
        return ": ".join(part for part in parts if part)


class Origin(Enum):
    """Which file a profile stands in."""

    FILE = "file"
    """In the file that was asked for."""
    PERSONAL = "personal"
    """In the user's personal file alone, which lies over one that this user may not write."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One ``[[target]]`` of the file; ``target`` is ``None`` where problems keep it from running.

    ``own`` has the values that stand in the target itself, as they were written: in a broken one
    a port may be text. ``occurrence`` tells profiles of the same name apart, from 0 in the order
    of the file; those without a name share the empty one. TLS, own or inherited, is in ``target``.
    ``overrides`` has the keys of ``own`` that the personal file gives to a profile of the file,
    with what the file itself says, ``None`` where that is nothing.
    """

    name: str
    occurrence: int
    own: Mapping[Field, Value]
    target: Target | None
    problems: tuple[Problem, ...] = ()
    origin: Origin = Origin.FILE
    overrides: Mapping[Field, Value | None] = field(default_factory=dict)

    @property
    def group(self) -> str:
        """The group it is listed in, empty for none."""
        return self.target.group if self.target else str(self.own.get(Field.GROUP, ""))


@dataclass(frozen=True, slots=True)
class ProfileBook:
    """All of one profiles.toml. A broken profile never hides the good ones.

    ``defaults`` and ``groups`` hold what the file says, without the built-in values; ``tls`` what
    the targets of each group inherit, the defaults under the empty name. ``writable`` is false for
    a file that is no TOML, cannot be read, or that this user may not change. A file that this user
    may only read has a personal one over it, ``overlay``: edits are kept there, and ``writable``
    and the values are those of both.
    """

    path: Path
    exists: bool
    writable: bool
    defaults: Mapping[Field, Value] = field(default_factory=dict)
    groups: Mapping[str, Mapping[Field, Value]] = field(default_factory=dict)
    tls: Mapping[str, TlsSettings | None] = field(default_factory=dict)
    profiles: tuple[Profile, ...] = ()
    problems: tuple[Problem, ...] = ()
    overlay: Path | None = None

    @property
    def is_known(self) -> bool:
        """False where the file is missing, cannot be read or is no TOML: its targets are unknown.

        So it is where a personal file that cannot be read lies over it.
        """
        unread = self.overlay or self.path
        grave = (each.path == unread and not each.key for each in self.problems)
        return self.exists and (self.writable or not any(grave))

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets that can run, in the order of the file."""
        return tuple(profile.target for profile in self.profiles if profile.target)

    @property
    def broken(self) -> tuple[Profile, ...]:
        """The profiles that cannot run, with their problems, in the order of the file."""
        return tuple(profile for profile in self.profiles if profile.target is None)

    def find(self, name: str) -> Profile | None:
        """Return the first profile of this name, broken or not."""
        return next((profile for profile in self.profiles if profile.name == name), None)

    def inherited(self, group: str) -> Mapping[Field, Value]:
        """Return what a target of this group has without a value of its own."""
        return in_force(BUILT_IN, self.defaults, self.groups.get(group, {}))

    def inherited_tls(self, group: str) -> TlsSettings | None:
        """Return the TLS of a target of this group without a TLS table of its own."""
        return self.tls.get(group, self.tls.get(""))
