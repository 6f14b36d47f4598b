"""From a parsed profiles.toml to profiles: types, inheritance and problems. No I/O.

Whether a value can work (a port of 70000, a title of 17 characters) is judged by the diagnosis, at
stage ``profile``; here a value has the right type or its target is broken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from dcmecho.diagnosis.sanitize import printable
from dcmecho.diagnosis.validation import Field
from dcmecho.profiles.layers import SECONDS, Layer, Resolved, resolved
from dcmecho.profiles.model import REFUSALS, REQUIRED, Problem, Profile, ProfileBook
from dcmecho.profiles.syntax import KeyPath, key_lines
from dcmecho.profiles.tls import (
    TLS_KEY,
    TlsKey,
    concerns_tls,
    misplaced,
    names_passphrase_twice,
    tls_problem,
    tls_value,
)
from dcmecho.profiles.wording import nearest, shown, suggestion

_EXPECTED = {
    Field.PORT: "a number (1 to 65535)",
    Field.MAX_PDU_BYTES: "a whole number of bytes",
    Field.CONNECT_TIMEOUT_S: "a number of seconds",
    Field.ACSE_TIMEOUT_S: "a number of seconds",
    Field.DIMSE_TIMEOUT_S: "a number of seconds",
    Field.DO_NOT_PROBE: "text in quotes, the reason to show",
    Field.NO_EXPERIMENTS: "text in quotes, the reason to show",
}
_WHOLE_NUMBERS = frozenset({Field.PORT, Field.MAX_PDU_BYTES})
_LARGEST_INTEGER = 2**63 - 1
"""TOML promises no more, and a float cannot hold every longer one."""
_ONE_LINE = frozenset({Field.NAME, Field.GROUP})
_KNOWN = (*Field, TLS_KEY)
_SAFEGUARDS = frozenset({*REFUSALS, TLS_KEY})
"""Misspelled, these would let dcmecho do what the file forbids: their target must not run."""
_NEVER_SETTLED = ""
_TOP_LEVEL = ("defaults", "group", "target")


def read_book(path: Path, text: str, document: Mapping[str, Any], writable: bool) -> ProfileBook:
    """Make the book of a parsed file; ``text`` is what ``document`` was parsed from."""
    return _Reading(path, text, document).book(writable)


def type_problem(key: Field, value: object) -> str | None:
    """Tell why a value has the wrong type for its key; ``None`` where it has the right one."""
    if _has_type(key, value):
        if key in _ONE_LINE and not str(value).isprintable():
            return f"{shown(value)} must be text that can be shown on one line"
        return None
    return f"{shown(value)} must be {_EXPECTED.get(key, 'text in quotes')}"


def same_value(one: object, other: object) -> bool:
    """Tell whether two TOML values are the same; ``true`` is not 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def listed_name(table: Mapping[Any, object]) -> str:
    """Return the name a target is listed under, empty where it has none that can be."""
    name = table.get(Field.NAME)
    return name if isinstance(name, str) and not type_problem(Field.NAME, name) else ""


def _has_type(key: Field, value: object) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, int) and abs(value) > _LARGEST_INTEGER:
        return False
    if key in _WHOLE_NUMBERS:
        return isinstance(value, int)
    if key in SECONDS:
        return isinstance(value, int | float)
    return isinstance(value, str)


class _Reading:
    """One pass over one file."""

    def __init__(self, path: Path, text: str, document: Mapping[str, Any]) -> None:
        self._path = path
        self._text = text
        self._document = document
        self._problems: list[Problem] = []
        self._first_place: dict[str, KeyPath] = {}
        self._seen: dict[str, int] = {}

    @cached_property
    def _lines(self) -> dict[KeyPath, int]:
        return key_lines(self._text)

    def book(self, writable: bool) -> ProfileBook:
        defaults = self._layer(self._document.get("defaults", {}), ("defaults",), {Field.NAME})
        defaults.faults.update(self._top_level_faults())
        groups = self._groups()
        profiles = tuple(
            self._profile(table, number, defaults, groups)
            for number, table in enumerate(self._target_tables())
        )
        return ProfileBook(
            path=self._path,
            exists=True,
            writable=writable,
            defaults=defaults.values,
            groups={name: layer.values for name, layer in groups.items()},
            tls={
                name: resolved(defaults, layer).tls_settings
                for name, layer in {"": Layer(), **groups}.items()
            },
            profiles=profiles,
            problems=tuple(sorted(self._problems, key=lambda problem: problem.line)),
        )

    def _top_level_faults(self) -> dict[str, Problem]:
        """Report what stands outside of the tables, and return what keeps all targets from running.

        Where it would have restricted the targets, nobody knows which.
        """
        faults = {}
        for key, value in self._document.items():
            if key in _TOP_LEVEL:
                continue
            if key == TLS_KEY:
                message = "write [defaults.tls], or [target.tls] below the target it is for"
            elif key in _KNOWN or concerns_tls(key):
                message = "stands outside of any table: move it below [defaults] or a [[target]]"
            else:
                message = f"is no table of a profiles file{suggestion(key, _TOP_LEVEL)}"
            problem = self._problem((key,), message)
            if _holds_safeguard(key, value):
                faults[key] = problem
        return faults

    def _groups(self) -> dict[str, Layer]:
        tables = self._document.get("group", {})
        if not isinstance(tables, Mapping):
            self._problem(("group",), "write one table for each group, such as [group.Radiology]")
            return {}
        return {
            name: self._layer(table, ("group", name), {Field.NAME, Field.GROUP})
            for name, table in tables.items()
        }

    def _target_tables(self) -> Iterable[object]:
        tables = self._document.get("target", [])
        if isinstance(tables, list):
            return tables
        self._problem(("target",), "write [[target]], with two brackets, above each target")
        return []

    def _layer(self, table: object, place: KeyPath, elsewhere: Collection[str] = ()) -> Layer:
        layer = Layer()
        if not isinstance(table, Mapping):
            problem = self._problem(place, "must be a table of keys and values")
            layer.faults[_NEVER_SETTLED] = problem
            return layer
        for key, value in table.items():
            self._read_key(layer, place, key, value, elsewhere)
        return layer

    def _read_key(
        self, layer: Layer, place: KeyPath, key: str, value: object, elsewhere: Collection[str]
    ) -> None:
        if key == TLS_KEY:
            self._read_tls(layer, (*place, key), value)
        elif key not in list(Field):
            self._read_unknown(layer, (*place, key), key)
        elif key in elsewhere:
            message = "belongs into each [[target]], not here"
            layer.remarks.append(self._problem((*place, key), message))
        elif wrong_type := type_problem(Field(key), value):
            layer.faults[key] = self._problem((*place, key), wrong_type)
            if isinstance(value, str | int | float):
                layer.odd[Field(key)] = value
        elif isinstance(value, str | int | float):
            layer.values[Field(key)] = value

    def _read_unknown(self, layer: Layer, place: KeyPath, key: str) -> None:
        if concerns_tls(key):
            layer.faults[f"{TLS_KEY}.{key}"] = self._problem(place, misplaced(key))
            return
        problem = self._problem(place, f"is no key that dcmecho knows{suggestion(key, _KNOWN)}")
        meant = nearest(key, _KNOWN)
        if meant in _SAFEGUARDS:
            layer.faults[meant] = problem
        else:
            layer.remarks.append(problem)

    def _read_tls(self, layer: Layer, place: KeyPath, table: object) -> None:
        if table is False:
            layer.is_plain = True
            return
        if not isinstance(table, Mapping):
            message = f"{shown(table)} must be a table such as [target.tls], or false for plain"
            layer.faults[TLS_KEY] = self._problem(place, message)
            return
        layer.tls = {}
        for key, value in table.items():
            if problem := tls_problem(key, value):
                self._tls_fault(layer, (*place, key), key, problem)
            else:
                layer.tls[TlsKey(key)] = tls_value(TlsKey(key), value, self._path.parent)
        if names_passphrase_twice(layer.tls):
            key = TlsKey.PASSPHRASE_COMMAND
            message = f"stands beside {TlsKey.PASSPHRASE_ENV}: keep one of them"
            self._tls_fault(layer, (*place, key), key, message)

    def _tls_fault(self, layer: Layer, place: KeyPath, key: str, message: str) -> None:
        name = f"{TLS_KEY}.{key}"
        layer.faults[name] = self._problem(place, message, printable(name))

    def _profile(
        self, table: object, number: int, defaults: Layer, groups: Mapping[str, Layer]
    ) -> Profile:
        place = ("target", number)
        own = self._layer(table, place)
        name = listed_name(own.values)
        occurrence = self._seen.get(name, 0)
        self._seen[name] = occurrence + 1
        group = str({**defaults.values, **own.values}.get(Field.GROUP, ""))
        found = resolved(defaults, groups.get(group, Layer()), own)
        faults = [*found.faults, *self._missing(found, place), *self._not_unique(name, place)]
        return Profile(
            name=name,
            occurrence=occurrence,
            own={**own.values, **own.odd},
            target=None if faults else found.target(),
            problems=(*faults, *own.remarks),
        )

    def _missing(self, found: Resolved, place: KeyPath) -> list[Problem]:
        faulty = {problem.key for problem in found.faults}
        return [
            self._problem((*place, key), f"is missing: every target needs {key} = ...")
            for key in REQUIRED
            if key not in faulty and found.values.get(key, "") == ""
        ]

    def _not_unique(self, name: str, place: KeyPath) -> list[Problem]:
        if not name:
            return []
        first = self._first_place.setdefault(name, place)
        if first == place:
            return []
        message = f"{shown(name)} is already the name of the target at line {self._line(first)}"
        return [self._problem((*place, Field.NAME), f"{message}: give each its own")]

    def _problem(self, place: KeyPath, message: str, key: str = "") -> Problem:
        last = printable(place[-1]) if isinstance(place[-1], str) else "target"
        problem = Problem(self._path, self._line(place), key or last, message)
        self._problems.append(problem)
        return problem

    def _line(self, place: KeyPath) -> int:
        """Find the line of a key, or of the nearest table around it that stands on one."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)


def _holds_safeguard(key: str, value: object) -> bool:
    """Tell whether a key, or one in the tables below it, would restrict what dcmecho does."""
    waiting = [(key, value)]
    while waiting:
        name, held = waiting.pop()
        if concerns_tls(name) or nearest(name, _KNOWN) in _SAFEGUARDS:
            return True
        if isinstance(held, Mapping):
            waiting += held.items()
    return False
