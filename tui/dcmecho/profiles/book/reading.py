"""Reads the tables of a parsed profiles.toml, with the place of every problem. No I/O."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from dcmecho.diagnosis.sanitize import own_text
from dcmecho.diagnosis.target.fields import REFUSALS, Field
from dcmecho.diagnosis.target.risk import Risk
from dcmecho.diagnosis.target.tls_keys import TlsKey
from dcmecho.diagnosis.vantage.vantage import Vantage
from dcmecho.profiles.book.layers import UNKNOWN_FAULT, ValueLayer
from dcmecho.profiles.book.model import Problem
from dcmecho.profiles.book.settings import SETTINGS_KEY, Values, read_settings
from dcmecho.profiles.book.standing import FULL, Standing
from dcmecho.profiles.book.syntax import KeyPath, key_lines
from dcmecho.profiles.book.tables.tls import (
    TLS_KEY,
    concerns_tls,
    misplaced,
    names_passphrase_twice,
    tls_problem,
    tls_value,
)
from dcmecho.profiles.book.tables.vantages import VANTAGE_KEY, read_vantages
from dcmecho.profiles.book.tables.written_tls import written_tls
from dcmecho.profiles.book.values import listed_name, type_problem
from dcmecho.profiles.book.wording import nearest, shown, suggestion

_FIELDS: Mapping[str, Field] = {field.value: field for field in Field}
_KNOWN = (*Field, TLS_KEY)
_SAFEGUARDS = frozenset({*REFUSALS, TLS_KEY})
"""A target with a misspelled one must not run: dcmecho might do what the file forbids."""
_TOP_LEVEL = (SETTINGS_KEY, "defaults", "group", VANTAGE_KEY, "target")


@dataclass(frozen=True, slots=True)
class TargetTable:
    """One ``[[target]]``: its values, the name it is listed under, and its place."""

    name: str
    place: KeyPath
    layer: ValueLayer


class FileReading:
    """The tables of one file, before inheritance."""

    def __init__(
        self,
        path: Path,
        text: str,
        document: Mapping[str, Any],
        standing: Standing = FULL,
    ) -> None:
        """Read all tables; ``text`` is what ``document`` was parsed from."""
        self.path = path
        self.standing = standing
        self.problems: list[Problem] = []
        self._text = text
        self._document = document
        self.defaults = self._layer(document.get("defaults", {}), ("defaults",), {Field.NAME})
        self.defaults.faults.update(self._top_level_faults())
        self.settings = self._settings()
        self.vantages = self._vantages()
        self.groups = self._groups()
        self.targets = tuple(
            self._target(table, ("target", number))
            for number, table in enumerate(self._target_tables())
        )

    def problem(
        self, place: KeyPath, message: str, key: str = "", *, is_notice: bool = False
    ) -> Problem:
        """Record and return a problem of the key or table at ``place``."""
        last = own_text(place[-1]) if isinstance(place[-1], str) else "target"
        problem = Problem(self.path, self.line(place), key or last, message, is_notice)
        self.problems.append(problem)
        return problem

    def line(self, place: KeyPath) -> int:
        """Return the line of a key, or of the nearest table around it that has one."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)

    @cached_property
    def _lines(self) -> dict[KeyPath, int]:
        return key_lines(self._text)

    def _top_level_faults(self) -> dict[str, Problem]:
        """Report keys outside of all tables, and return those that keep all targets from running.

        A misplaced key that restricts targets stops them all, because it might concern any.
        """
        faults = {}
        for key, value in self._document.items():
            if key in _TOP_LEVEL:
                continue
            if key == TLS_KEY:
                message = "write [defaults.tls], or [target.tls] below the target it is for"
            elif key in _KNOWN or concerns_tls(key):
                message = "is outside of any table; move it below [defaults] or a [[target]]"
            else:
                message = f"is not a table of a profile file{suggestion(key, _TOP_LEVEL)}"
            problem = self.problem((key,), message)
            if _holds_safeguard(key, value):
                faults[key] = problem
        return faults

    def _settings(self) -> Values:
        def report(key: str, message: str, *, is_notice: bool = False) -> None:
            place = (SETTINGS_KEY, key) if key else (SETTINGS_KEY,)
            name = own_text(".".join(place))
            self.problem(place, message, name, is_notice=is_notice)

        values = read_settings(self._document.get(SETTINGS_KEY, {}), report)
        kept = {}
        for key, value in values.items():
            if objection := self.standing.objection(key.row.risk, own_only=key.row.own_only):
                report(key, objection, is_notice=True)
            else:
                kept[key] = value
        return kept

    def _vantages(self) -> dict[str, Vantage]:
        def report(place: KeyPath, message: str, *, is_notice: bool = False) -> None:
            self.problem(place, message, own_text(".".join(map(str, place))), is_notice=is_notice)

        def objection() -> str:
            return self.standing.objection(Risk.RUNS_A_PROGRAM)

        return read_vantages(self._document.get(VANTAGE_KEY, {}), report, objection)

    def _groups(self) -> dict[str, ValueLayer]:
        tables = self._document.get("group", {})
        if not isinstance(tables, Mapping):
            self.problem(("group",), "write one table for each group, such as [group.Radiology]")
            return {}
        return {
            name: self._layer(table, ("group", name), {Field.NAME, Field.GROUP})
            for name, table in tables.items()
        }

    def _target_tables(self) -> Iterable[object]:
        tables = self._document.get("target", [])
        if isinstance(tables, list):
            return tables
        self.problem(("target",), "write [[target]], with two brackets, above each target")
        return []

    def _target(self, table: object, place: KeyPath) -> TargetTable:
        layer = self._layer(table, place)
        return TargetTable(listed_name(layer.values), place, layer)

    def _layer(self, table: object, place: KeyPath, elsewhere: Collection[str] = ()) -> ValueLayer:
        layer = ValueLayer()
        if not isinstance(table, Mapping):
            layer.faults[UNKNOWN_FAULT] = self.problem(place, "must be a table of keys and values")
            return layer
        layer.written_tls = written_tls(table)
        for key, value in table.items():
            self._read_key(layer, place, key, value, elsewhere)
        return layer

    def _read_key(
        self, layer: ValueLayer, place: KeyPath, key: str, value: object, elsewhere: Collection[str]
    ) -> None:
        if key == TLS_KEY:
            self._read_tls(layer, (*place, key), value)
        elif key not in _FIELDS:
            self._read_unknown(layer, (*place, key), key)
        elif key in elsewhere:
            message = "belongs in each [[target]], not here"
            layer.remarks.append(self.problem((*place, key), message))
        elif wrong_type := type_problem(field := _FIELDS[key], value):
            layer.faults[key] = self.problem((*place, key), wrong_type)
            if isinstance(value, str | int | float):
                layer.odd[field] = value
        elif objection := self.standing.objection(field.row.risk):
            layer.remarks.append(self.problem((*place, key), objection, is_notice=True))
        elif isinstance(value, str | int | float):
            layer.values[field] = value

    def _read_unknown(self, layer: ValueLayer, place: KeyPath, key: str) -> None:
        if concerns_tls(key):
            layer.faults[f"{TLS_KEY}.{key}"] = self.problem(place, misplaced(key))
            return
        problem = self.problem(place, f"is not a key that dcmecho knows{suggestion(key, _KNOWN)}")
        meant = nearest(key, _KNOWN)
        if meant in _SAFEGUARDS:
            layer.faults[meant] = problem
        else:
            layer.remarks.append(problem)

    def _read_tls(self, layer: ValueLayer, place: KeyPath, table: object) -> None:
        if table is False:
            layer.is_plain = True
            return
        if not isinstance(table, Mapping):
            message = f"{shown(table)} must be a table such as [target.tls], or false for plain"
            layer.faults[TLS_KEY] = self.problem(place, message)
            return
        layer.tls = {}
        for key, value in table.items():
            if problem := tls_problem(key, value):
                self._tls_fault(layer, (*place, key), key, problem)
            elif objection := self.standing.objection(TlsKey(key).row.risk):
                name = f"{TLS_KEY}.{key}"
                notice = self.problem((*place, key), objection, name, is_notice=True)
                layer.remarks.append(notice)
            else:
                layer.tls[TlsKey(key)] = tls_value(TlsKey(key), value, self.path.parent)
        if names_passphrase_twice(layer.tls):
            key = TlsKey.PASSPHRASE_COMMAND
            message = f"conflicts with {TlsKey.PASSPHRASE_ENV}; keep only one of them"
            self._tls_fault(layer, (*place, key), key, message)

    def _tls_fault(self, layer: ValueLayer, place: KeyPath, key: str, message: str) -> None:
        name = f"{TLS_KEY}.{key}"
        layer.faults[name] = self.problem(place, message, own_text(name))


def _holds_safeguard(key: str, value: object) -> bool:
    """Report whether a key, or one in a table below it, restricts what dcmecho does."""
    waiting = [(key, value)]
    while waiting:
        name, held = waiting.pop()
        if concerns_tls(name) or nearest(name, _KNOWN) in _SAFEGUARDS:
            return True
        if isinstance(held, Mapping):
            waiting += held.items()
    return False
