"""From a parsed profiles.toml to profiles: types, inheritance and problems. No I/O.

Whether a value can work (a port of 70000, a title of 17 characters) is judged by the diagnosis, at
stage ``profile``; here a value has the right type or its target is broken.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from dcmecho.diagnosis.model import Target
from dcmecho.diagnosis.sanitize import printable
from dcmecho.diagnosis.validation import Field
from dcmecho.profiles.model import BUILT_IN, REQUIRED, Problem, Profile, ProfileBook, Value
from dcmecho.profiles.syntax import KeyPath, key_lines

TLS_KEY = "tls"

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
_SECONDS = frozenset({Field.CONNECT_TIMEOUT_S, Field.ACSE_TIMEOUT_S, Field.DIMSE_TIMEOUT_S})
_LARGEST_INTEGER = 2**63 - 1
"""TOML promises no more, and a float cannot hold every longer one."""
_ONE_LINE = frozenset({Field.NAME, Field.GROUP})
_SAFEGUARDS = frozenset({Field.DO_NOT_PROBE.value, Field.NO_EXPERIMENTS.value, TLS_KEY})
"""Misspelled, these would let dcmecho do what the file forbids: their target must not run."""
_TOP_LEVEL = ("defaults", "group", "target")


def read_book(path: Path, text: str, document: Mapping[str, Any], writable: bool) -> ProfileBook:
    """Make the book of a parsed file; ``text`` is what ``document`` was parsed from."""
    return _Reading(path, text, document).book(writable)


def type_problem(key: Field, value: object) -> str | None:
    """Tell why a value has the wrong type for its key; ``None`` where it has the right one."""
    if _has_type(key, value):
        if key in _ONE_LINE and not str(value).isprintable():
            return f"{_shown(value)} must be text that can be shown on one line"
        return None
    return f"{_shown(value)} must be {_EXPECTED.get(key, 'text in quotes')}"


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
    if key in _SECONDS:
        return isinstance(value, int | float)
    return isinstance(value, str)


def _shown(value: object) -> str:
    if isinstance(value, str | bool):
        return printable(json.dumps(value, ensure_ascii=False), limit=60)
    return printable(str(value), limit=60)


@dataclass(slots=True)
class _Layer:
    """One table: the good values, and by key the problems that keep a value from being known."""

    values: dict[Field, Value] = field(default_factory=dict)
    faults: dict[str, Problem] = field(default_factory=dict)
    odd: dict[Field, Value] = field(default_factory=dict)
    remarks: list[Problem] = field(default_factory=list)


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
        self._check_top_level()
        defaults = self._layer(self._document.get("defaults", {}), ("defaults",), {Field.NAME})
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
            profiles=profiles,
            problems=tuple(sorted(self._problems, key=lambda problem: problem.line)),
        )

    def _check_top_level(self) -> None:
        for key in self._document:
            if key in _TOP_LEVEL:
                continue
            if key in [*Field, TLS_KEY]:
                message = "stands outside of any table: move it below [defaults] or a [[target]]"
            else:
                message = f"is no table of a profiles file{_suggestion(key, _TOP_LEVEL)}"
            self._problem((key,), message)

    def _groups(self) -> dict[str, _Layer]:
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

    def _layer(self, table: object, place: KeyPath, misplaced: Collection[str] = ()) -> _Layer:
        layer = _Layer()
        if not isinstance(table, Mapping):
            self._problem(place, "must be a table of keys and values")
            return layer
        for key, value in table.items():
            self._read_key(layer, place, key, value, misplaced)
        return layer

    def _read_key(
        self, layer: _Layer, place: KeyPath, key: str, value: object, misplaced: Collection[str]
    ) -> None:
        if key == TLS_KEY:
            message = "TLS is not supported yet: not run, because in plain it would be wrong"
            layer.faults[key] = self._problem((*place, key), message)
        elif key not in list(Field):
            nearest = _nearest(key, [*Field, TLS_KEY])
            problem = self._problem(
                (*place, key), f"is no key that dcmecho knows{_suggestion(key, [*Field, TLS_KEY])}"
            )
            if nearest in _SAFEGUARDS:
                layer.faults[nearest] = problem
            else:
                layer.remarks.append(problem)
        elif key in misplaced:
            message = "belongs into each [[target]], not here"
            layer.remarks.append(self._problem((*place, key), message))
        elif wrong_type := type_problem(Field(key), value):
            layer.faults[key] = self._problem((*place, key), wrong_type)
            if isinstance(value, str | int | float):
                layer.odd[Field(key)] = value
        elif isinstance(value, str | int | float):
            layer.values[Field(key)] = value

    def _profile(
        self, table: object, number: int, defaults: _Layer, groups: Mapping[str, _Layer]
    ) -> Profile:
        place = ("target", number)
        own = self._layer(table, place)
        name = listed_name(own.values)
        occurrence = self._seen.get(name, 0)
        self._seen[name] = occurrence + 1
        group = str({**defaults.values, **own.values}.get(Field.GROUP, ""))
        values, faults = _resolved(defaults, groups.get(group, _Layer()), own)
        faults += self._missing(values, faults, place) + self._not_unique(name, place)
        return Profile(
            name=name,
            occurrence=occurrence,
            own={**own.values, **own.odd},
            target=None if faults else _target(values),
            problems=(*faults, *own.remarks),
        )

    def _missing(
        self, values: Mapping[Field, Value], faults: Iterable[Problem], place: KeyPath
    ) -> list[Problem]:
        faulty = {problem.key for problem in faults}
        return [
            self._problem((*place, key), f"is missing: every target needs {key} = ...")
            for key in REQUIRED
            if key not in faulty and values.get(key, "") == ""
        ]

    def _not_unique(self, name: str, place: KeyPath) -> list[Problem]:
        if not name:
            return []
        first = self._first_place.setdefault(name, place)
        if first == place:
            return []
        message = f"{_shown(name)} is already the name of the target at line {self._line(first)}"
        return [self._problem((*place, Field.NAME), f"{message}: give each its own")]

    def _problem(self, place: KeyPath, message: str) -> Problem:
        key = printable(str(place[-1])) if isinstance(place[-1], str) else "target"
        problem = Problem(self._path, self._line(place), key, message)
        self._problems.append(problem)
        return problem

    def _line(self, place: KeyPath) -> int:
        """Find the line of a key, or of the nearest table around it that stands on one."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)


def _resolved(*farthest_first: _Layer) -> tuple[dict[Field, Value], list[Problem]]:
    """Merge the layers: the values in force, and the problems of those that are not known."""
    values = dict(BUILT_IN)
    faults: dict[str, Problem] = {}
    for layer in farthest_first:
        values.update(layer.values)
        for key in layer.values:
            faults.pop(key, None)
        faults.update(layer.faults)
    return values, list(faults.values())


def _target(values: Mapping[Field, Value]) -> Target:
    seconds = {key: float(values[key]) for key in _SECONDS}
    arguments: dict[str, Any] = {key.value: value for key, value in {**values, **seconds}.items()}
    return Target(**arguments)


def _nearest(key: str, known: Iterable[str]) -> str | None:
    written = key.lower().replace("-", "_")
    return next(iter(difflib.get_close_matches(written, [str(each) for each in known], n=1)), None)


def _suggestion(key: str, known: Iterable[str]) -> str:
    nearest = _nearest(key, known)
    return f": did you mean {nearest}?" if nearest else ""
