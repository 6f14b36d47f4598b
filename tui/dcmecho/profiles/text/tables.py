"""Targets as most files have them, each below its own ``[[target]]``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dcmecho.diagnosis.target.fields import Field, Value
from dcmecho.profiles.text.cutting import spans, without
from dcmecho.profiles.text.pairs import changed_lines, new_table
from dcmecho.profiles.text.text import Patch, ProfileText, patched


class TargetTables:
    """The targets of a file; each method returns the changed text."""

    def __init__(self, file: ProfileText) -> None:
        self._file = file

    def edited(self, changes: Mapping[int, Mapping[Field, Value | None]]) -> str:
        """Change values of some targets; ``None`` removes one."""
        patches: list[Patch] = []
        for number, values in changes.items():
            patches += changed_lines(self._file, self._file.blocks[number][0], values)
        return patched(self._file.text, patches)

    def with_added(self, targets: Sequence[Mapping[Any, Any]]) -> str:
        """Add targets at the end of the file, in the style of its last one."""
        return self._appended([new_table(self._file, values) for values in targets])

    def with_copy(self, number: int) -> str:
        """Add a copy of a target, with everything inside it, at the end of the file."""
        text = self._file.text
        pieces = spans(text, self._file.blocks[number])
        return self._appended(["".join(self._ended(text[start:end]) for start, end in pieces)])

    def without(self, number: int) -> str:
        """Delete a target with the tables and comments inside it; comments around it stay."""
        text = self._file.text
        for start, end in reversed(spans(text, self._file.blocks[number])):
            text = without(text, start, end)
        return text

    def _appended(self, tables: Sequence[str]) -> str:
        """Add tables, each below a blank line."""
        text = self._ended(self._file.text)
        newline = self._file.newline
        return text + (newline if text.strip() else "") + newline.join(tables)

    def _ended(self, text: str) -> str:
        return text + (self._file.newline if text and not text.endswith("\n") else "")
