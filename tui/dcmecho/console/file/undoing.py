"""The changes of this session that can be undone, the newest last."""

from __future__ import annotations

from dataclasses import replace

from dcmecho.console.file.edits import SavedChange

MOST_CHANGES = 50
"""Each change holds the whole former file; older changes are forgotten."""


class History:
    """The changes made to the file since the console was opened."""

    def __init__(self) -> None:
        self._written: list[SavedChange] = []

    def __len__(self) -> int:
        return len(self._written)

    @property
    def newest(self) -> SavedChange | None:
        """The change that would be undone next."""
        return self._written[-1] if self._written else None

    def add(self, written: SavedChange) -> None:
        """Add a change, unless nothing had to be written."""
        if written.change.is_empty:
            return
        former = self.newest
        if former is not None and former.change.after == written.change.before:
            shared = replace(written.change, before=former.change.after)
            written = replace(written, change=shared)
        self._written = [*self._written, written][-MOST_CHANGES:]

    def remove(self, written: SavedChange) -> None:
        """Remove a change that was undone."""
        if written in self._written:
            self._written.remove(written)
