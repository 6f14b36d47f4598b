"""The profile file of this session: its newest contents and the changes made to it."""

from __future__ import annotations

import gc
from pathlib import Path

from dcmecho.console.file.edits import BookReading, Stamp, read
from dcmecho.console.file.undoing import History
from dcmecho.profiles.book.model import ProfileBook
from dcmecho.profiles.lint import Neighbours

_LARGE = 500
"""From this many targets on, going through all of them takes longer than a frame."""


class ProfileFile:
    """The newest reading of the file, indexed for the checks of titles on first use."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.history = History()
        self._neighbours: tuple[ProfileBook, Neighbours] | None = None
        self._reading = self._kept(read(path))

    @property
    def book(self) -> ProfileBook:
        """The contents of the file."""
        return self._reading.book

    @property
    def neighbours(self) -> Neighbours:
        """The targets of the file, to compare titles with. Safe from any thread."""
        book, known = self.book, self._neighbours
        if known is not None and known[0] is book:
            return known[1]
        found = Neighbours.of(book.targets)
        self._neighbours = book, found
        return found

    @property
    def stamp(self) -> Stamp:
        """The state of the file on disk when it was read."""
        return self._reading.stamp

    def after_reading(self, reading: BookReading) -> None:
        """Replace the contents by a newer reading."""
        self._reading = self._kept(reading)

    def _kept(self, reading: BookReading) -> BookReading:
        """Exempt a large book from garbage collection, which would delay the keys."""
        if len(reading.book.profiles) >= _LARGE:
            gc.freeze()
        return reading
