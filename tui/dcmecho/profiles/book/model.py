"""The content of a profiles.toml: profiles, the origin of their values, and problems."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from types import MappingProxyType

from dcmecho.diagnosis.sanitize import own_text
from dcmecho.diagnosis.target.fields import REFUSALS, REQUIRED, Field, Value, whole_number
from dcmecho.diagnosis.target.prohibition import Prohibition, Prohibitions
from dcmecho.diagnosis.target.target import DEFAULT_CALLING_AE, Target
from dcmecho.diagnosis.target.tls import TlsSettings
from dcmecho.diagnosis.target.tls_keys import TlsKey
from dcmecho.diagnosis.vantage.vantage import Vantage
from dcmecho.profiles.book.standing import FULL, Standing
from dcmecho.profiles.book.tables.tls import TlsValue, settings_of
from dcmecho.profiles.book.tables.written_tls import TlsValues

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
"""The values of keys that the file does not set. Without a TLS table, a target is plain."""


def in_force(*farthest_first: Mapping[Field, Value]) -> dict[Field, Value]:
    """Merge the built-in values and tables: the nearest value wins.

    Refusals do not override each other: all of them are joined, the nearest first.
    """
    values: dict[Field, Value] = {}
    for table in farthest_first:
        values.update(table)
    for key in REFUSALS:
        given = [str(table[key]) for table in reversed(farthest_first) if table.get(key)]
        values[key] = "; ".join(dict.fromkeys(given))
    return values


class ProfileError(Exception):
    """The file could not be changed; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of the file: ``profiles.toml:14: port: "104" must be a number (1 to 65535)``.

    ``line`` counts from 1. ``key`` is empty if the problem does not concern one key. A notice is
    told, but the file is not wrong.
    """

    path: Path
    line: int
    key: str
    message: str
    is_notice: bool = False

    def __str__(self) -> str:
        parts = (f"{self.path}:{self.line}", self.key, self.message)
        return ": ".join(part for part in parts if part)


class Origin(Enum):
    """The file that contains a profile."""

    FILE = "file"
    """In the file that was opened."""
    PERSONAL = "personal"
    """Only in the personal file, which overrides a file that is read-only for this user."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One ``[[target]]`` of the file; ``target`` is ``None`` if problems keep it from running.

    ``own`` has the values written in the target itself; in a broken target a port can be text.
    ``occurrence`` tells profiles of the same name apart, from 0 in the order of the file; those
    without a name share the empty name. ``own_tls`` has the TLS values as they are written in the
    target itself; those in force, own or inherited, are in ``target``. ``overrides`` has the keys
    that the personal file overrides, each with the value in the file, or ``None``.
    """

    name: str
    occurrence: int
    own: Mapping[Field, Value]
    target: Target | None
    problems: tuple[Problem, ...] = ()
    origin: Origin = Origin.FILE
    overrides: Mapping[Field, Value | None] = field(default_factory=dict)
    own_tls: TlsValues = field(default_factory=dict)

    @property
    def group(self) -> str:
        """The group it is listed in, printable; empty if it has none."""
        return self.target.group if self.target else own_text(str(self.own.get(Field.GROUP, "")))


@dataclass(frozen=True, slots=True)
class ProfileBook:
    """The content of one profiles.toml. A broken profile never hides the good ones.

    ``defaults`` and ``groups`` have the values of the file, without the built-in ones. ``tls`` has
    the table that the targets of each group inherit, with that of the defaults under the empty
    name. ``writable`` is false if the file is not TOML, cannot be read, or cannot be changed by
    this user. The personal file, ``overlay``, overrides a read-only file: it receives the edits,
    ``writable`` refers to it, and the values are those of both files. ``standing`` is that of the
    file that receives the edits.
    """

    path: Path
    exists: bool
    writable: bool
    defaults: Mapping[Field, Value] = field(default_factory=dict)
    groups: Mapping[str, Mapping[Field, Value]] = field(default_factory=dict)
    tls: Mapping[str, Mapping[TlsKey, TlsValue] | None] = field(default_factory=dict)
    vantages: Mapping[str, Vantage] = field(default_factory=dict)
    """The machines from which peers can be asked, by their names."""
    profiles: tuple[Profile, ...] = ()
    problems: tuple[Problem, ...] = ()
    overlay: Path | None = None
    standing: Standing = FULL

    @property
    def is_known(self) -> bool:
        """False if the targets are unknown: the file is missing, cannot be read or is not TOML.

        A personal file that cannot be read makes them unknown too.
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

    @property
    def prohibitions(self) -> Prohibitions:
        """What the file forbids to probe, broken targets included."""
        if not self.is_known and self.exists:
            why = "; ".join(map(str, self.problems))
            return Prohibitions(unknown=f"not checked, because of do_not_probe in a file: {why}")
        found = (self._prohibition(profile) for profile in self.profiles)
        return Prohibitions(tuple(each for each in found if each is not None))

    def _prohibition(self, profile: Profile) -> Prohibition | None:
        if (target := profile.target) is not None:
            host, port, reason = target.host, target.port, target.do_not_probe
            called_ae = target.called_ae
        else:
            near = self.groups.get(str(profile.own.get(Field.GROUP, "")), {})
            values = in_force(BUILT_IN, self.defaults, near, profile.own)
            # Also a misspelled key, or one in a table that does not exist.
            unread = (each for each in profile.problems if "probe" in str(each))
            host, reason = str(values.get(Field.HOST, "")), str(values[Field.DO_NOT_PROBE])
            reason = next(map(str, unread), reason)
            port = _port(values.get(Field.PORT))
            called_ae = ""
        if not (reason and host and port):
            return None
        return Prohibition(profile.name, host, port, reason, called_ae)

    def find(self, name: str) -> Profile | None:
        """Return the first profile of this name, broken or not."""
        return next((profile for profile in self.profiles if profile.name == name), None)

    def inherited(self, group: str) -> Mapping[Field, Value]:
        """Return the values that a target of this group inherits."""
        return in_force(BUILT_IN, self.defaults, self.groups.get(group, {}))

    def inherited_tls(self, group: str) -> TlsSettings | None:
        """Return the TLS settings that a target of this group inherits."""
        table = self.inherited_tls_table(group)
        return None if table is None else settings_of(table)

    def inherited_tls_table(self, group: str) -> Mapping[TlsKey, TlsValue] | None:
        """Return the TLS table that a target of this group inherits."""
        return self.tls.get(group, self.tls.get(""))


def _port(value: Value | None) -> int:
    """Return a port that was read from a broken target, or 0."""
    try:
        return whole_number(str(value))
    except ValueError:
        return 0
