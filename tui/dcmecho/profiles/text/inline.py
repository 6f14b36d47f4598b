"""Targets in an inline array, ``target = [{name = "CT 2", port = 104}]``: one statement.

tomlkit changes only that statement, and the rest of the file stays as it is. A change that would
lose a comment or write invalid TOML is refused.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AbstractTable, Array

from dcmecho.diagnosis.target.fields import Field, Value
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.book.syntax import Statement, comments
from dcmecho.profiles.book.tables.tls import TLS_KEY
from dcmecho.profiles.text.pairs import as_item
from dcmecho.profiles.text.text import Patch, ProfileText, patched


class InlineTargets:
    """The targets of a file whose targets are all in ``statement``.

    Each method returns the changed text, or raises ``ProfileError``.
    """

    def __init__(self, file: ProfileText, statement: Statement) -> None:
        self._file = file
        self._statement = statement

    def edited(self, changes: Mapping[int, Mapping[Field, Value | None]]) -> str:
        """Change values of some targets; ``None`` removes one."""

        def change(array: Array) -> None:
            for number, values in changes.items():
                change_table(array[number], values)

        return self._changed(change)

    def with_tls(self, number: int, switch: object, keys: Mapping[str, object]) -> str:
        """Change TLS values of a target; ``switch`` is false, true or ``None`` as in the end."""

        def change(array: Array) -> None:
            target = array[number]
            if switch is not True:
                change_table(target, {TLS_KEY: switch})
                return
            if not isinstance(target.get(TLS_KEY), AbstractTable):
                target[TLS_KEY] = tomlkit.inline_table()
            change_table(target[TLS_KEY], keys)
            if not target[TLS_KEY]:
                target[TLS_KEY] = tomlkit.inline_table()

        return self._changed(change)

    def with_added(self, targets: Sequence[Mapping[Any, Any]]) -> str:
        """Add targets at the end."""

        def add(array: Array) -> None:
            for values in targets:
                table = tomlkit.inline_table()
                change_table(table, values)
                array.append(table)

        return self._changed(add)

    def with_copy(self, number: int) -> str:
        """Add a copy of a target at the end."""
        return self._changed(lambda array: array.append(tomlkit.value(array[number].as_string())))

    def without(self, number: int) -> str:
        """Delete a target."""
        return self._changed(lambda array: array.__delitem__(number))

    def _changed(self, change: Callable[[Array], None]) -> str:
        file, statement = self._file, self._statement
        former = file.text[statement.start : statement.end]
        document = tomlkit.parse(former)
        try:
            change(document["target"])
            text = document.as_string()
            tomllib.loads(text)
        except (TOMLKitError, ValueError, LookupError) as error:
            raise self._refusal() from error
        if Counter(comments(former)) - Counter(comments(text)):
            raise self._refusal()
        return patched(file.text, [Patch(statement.start, statement.end, text)])

    def _refusal(self) -> ProfileError:
        message = "this inline array cannot be changed without losing text; write [[target]]"
        line = self._statement.line
        return ProfileError(f"{self._file.path}:{line}: target: {message} above each target first")


def change_table(table: AbstractTable, values: Mapping[Any, Any]) -> None:
    """Change values of an inline table; ``None`` removes one."""
    for key, value in values.items():
        if value is not None:
            table[str(key)] = as_item(value)
        elif key in table:
            del table[str(key)]
