"""Turns edits of a read-only file into edits of the personal file that overrides it.

A key that differs is written to the ``[[target]]`` of the same name there; new targets are added
there. An edit that only the owner of the file can make raises an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dcmecho.diagnosis.sanitize import path_text
from dcmecho.diagnosis.target.fields import REFUSALS, Field, Value
from dcmecho.diagnosis.target.risk import Risk
from dcmecho.diagnosis.target.tls_keys import TlsKey, TlsSwitch
from dcmecho.profiles.book.change import Changes, EditConflict, TargetEdit, collisions
from dcmecho.profiles.book.load import standing_of
from dcmecho.profiles.book.locate import real_place
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.book.standing import FULL, Standing
from dcmecho.profiles.book.tables.tls import TLS_KEY, with_places
from dcmecho.profiles.book.tables.written_tls import (
    TlsChanges,
    TlsValues,
    applied,
    changed,
    overridden,
    toml_of,
    written_tls,
)
from dcmecho.profiles.book.values import same_value
from dcmecho.profiles.book.wording import shown
from dcmecho.profiles.text.text import ProfileText
from dcmecho.regular_file import read_with_status

_RISKS = {key.value: key.row.risk for key in (*Field, *TlsKey)}


@dataclass(frozen=True, slots=True)
class Overlay:
    """The read-only file that a personal file overrides."""

    file: ProfileText
    standing: Standing = FULL

    @classmethod
    def over(cls, path: Path) -> Overlay:
        """Read the read-only file. Raises ``ProfileError``."""
        try:
            content, found = read_with_status(path)
        except OSError as error:
            raise ProfileError(f"{path}: cannot be read: {error.strerror or error}") from error
        return cls(ProfileText.of(path, content), standing_of(path, found))

    def translated(
        self, personal: ProfileText, edits: Sequence[TargetEdit]
    ) -> tuple[Sequence[TargetEdit], Sequence[Mapping[Any, Any]]]:
        """Return the edits of the personal file, and the tables to add to it.

        Raises ``ProfileError`` if only the owner of the file can do it, and ``EditConflict``.
        """
        own_edits: list[TargetEdit] = []
        overrides: list[Mapping[Any, Any]] = []
        for edit in edits:
            if not self._stands_below(edit.name, edit.occurrence):
                occurrence = self.personal_occurrence(edit.name, edit.occurrence)
                own_edits.append(replace(edit, occurrence=occurrence))
                continue
            changes, tls = self._override(personal, edit)
            if edit.name in personal.numbers:
                own_edits.append(TargetEdit(edit.name, 0, changes, tls=tls))
            elif changes or tls:
                given = {key: value for key, value in changes.items() if value is not None}
                overrides.append({Field.NAME: edit.name, **given, **toml_of(tls)})
        return own_edits, overrides

    def check_free(self, name: object) -> None:
        """Raise ``ProfileError`` if a target of the file has this name."""
        if name in self.file.numbers:
            told = f"another target is already named {shown(name)}"
            raise ProfileError(f"{self.file.path}: name: {told}")

    def personal_occurrence(self, name: str, occurrence: int) -> int:
        """Return the occurrence, within the personal file, of a target that only it contains.

        Raises ``ProfileError`` for a target of the read-only file.
        """
        if self._stands_below(name, occurrence):
            raise self._refusal(f"{shown(name)} cannot be deleted")
        below = len(self.file.numbers.get(name, ()))
        return occurrence - below + (1 if below and name else 0)

    def copied(self, personal: ProfileText, name: str, occurrence: int) -> Mapping[str, Any] | None:
        """Return all values of a target of the read-only file, with the personal overrides.

        TLS paths become absolute. Keys that do not count in that file are left out, because they
        would count in the personal one. Returns ``None`` for a target that only the personal file
        has.
        """
        if not self._stands_below(name, occurrence):
            return None
        below = self.file.tables[self.file.number_of(name, occurrence)]
        over = _first(personal, name) if name and not occurrence else {}
        copy: dict[str, Any] = {}
        counting = self._counting(below)
        for table, path in ((counting, self.file.path), (over, personal.path)):
            tls = table.get(TLS_KEY)
            if isinstance(tls, dict):
                former = copy.get(TLS_KEY)
                placed = with_places(tls, real_place(path).parent)
                copy |= {TLS_KEY: {**former, **placed} if isinstance(former, dict) else placed}
            copy |= {key: value for key, value in table.items() if value is not tls}
        return copy

    def _counting(self, table: Mapping[str, Any]) -> dict[str, Any]:
        """Return a table of the read-only file without the keys that do not count there."""
        return {
            key: self._counting(value) if isinstance(value, dict) else value
            for key, value in table.items()
            if not self.standing.objection(_RISKS.get(key, Risk.NONE))
        }

    def _stands_below(self, name: str, occurrence: int) -> bool:
        return occurrence < len(self.file.numbers.get(name, ()))

    def _override(self, personal: ProfileText, edit: TargetEdit) -> tuple[Changes, TlsChanges]:
        """Return the changes to the personal table of one target of the read-only file."""
        if not edit.name or edit.occurrence:
            message = "this target has no unique name, so your changes cannot be saved for it"
            raise self._refusal(message)
        below = self.file.tables[self.file.number_of(edit.name, 0)]
        over = (
            personal.tables[personal.number_of(edit.name, 0)]
            if edit.name in personal.numbers
            else {}
        )
        own = {**below, **over}
        own_tls = overridden(written_tls(below), written_tls(over))
        if found := collisions(edit, own, own_tls):
            raise EditConflict(self.file.path, found)
        changes: dict[Field, Value | None] = {}
        for key, value in edit.changes.items():
            if same_value(own.get(key), value):
                continue
            self._check_allowed(edit.name, key, value, below, over)
            changes[key] = None if same_value(below.get(key), value) else value
        return changes, self._tls_override(edit, written_tls(below), written_tls(over))

    def _tls_override(self, edit: TargetEdit, below: TlsValues, over: TlsValues) -> TlsChanges:
        """Return the changes to the personal TLS table of a target of the read-only file."""
        wanted = applied(overridden(below, over), edit.tls)
        if wanted.get(TlsSwitch.TLS) is below.get(TlsSwitch.TLS) is True:
            own = {
                key: wanted[key] for key in wanted if key in over or below.get(key) != wanted[key]
            }
            own[TlsSwitch.TLS] = True
        else:
            own = dict(wanted)
        if not edit.tls or wanted == below:
            own = {} if edit.tls else dict(over)
        elif overridden(below, own) != wanted:
            kept = next((key for key in below if key not in wanted), TlsSwitch.TLS)
            raise self._refusal(f"{kept} of {shown(edit.name)} cannot be removed")
        return changed(over, own)

    def _check_allowed(
        self,
        name: str,
        key: Field,
        value: Value | None,
        below: Mapping[str, Any],
        over: Mapping[str, Any],
    ) -> None:
        if key is Field.NAME:
            raise self._refusal(f"{shown(name)} cannot be renamed")
        if key in over and value is None:
            return
        if key in below and (value is None or (key in REFUSALS and not value)):
            raise self._refusal(f"{key} of {shown(name)} cannot be removed")

    def _refusal(self, what: str) -> ProfileError:
        told = f"{what} because this file is read-only for you; ask its owner"
        return ProfileError(f"{path_text(self.file.path)}: {told}")


def _nearer(below: TlsValues, over: TlsValues, wanted: TlsValues) -> TlsValues:
    """Return the values that the personal table must have, or has already."""
    return {k: value for k, value in wanted.items() if k in over or below.get(k) != value}


def _first(file: ProfileText, name: str) -> Mapping[str, Any]:
    """Return the personal table that overrides a target; empty if there is none."""
    return file.tables[file.numbers[name][0]] if name in file.numbers else {}
