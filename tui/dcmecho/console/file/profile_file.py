"""The profile file of one sitting: what it says now, and what was written to it since."""

from __future__ import annotations

import gc
from pathlib import Path

from dcmecho.console.file.edits import BookReading, Stamp, read
from dcmecho.console.file.undoing import History
from dcmecho.profiles.book.lint import Neighbours
from dcmecho.profiles.book.model import ProfileBook

_LARGE = 500
"""From so many targets on, a walk over them takes longer than a frame."""


class ProfileFile:
    """The newest reading of the file, indexed for the lint when that is asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.history = History()
        self._neighbours: tuple[ProfileBook, Neighbours] | None = None
        self._reading = self._kept(read(path))

    @property
    def book(self) -> ProfileBook:
        """What the file says."""
        return self._reading.book

    @property
    def neighbours(self) -> Neighbours:
        """The targets of the file, to compare titles with. From any thread."""
        book, known = self.book, self._neighbours
        if known is not None and known[0] is book:
            return known[1]
        found = Neighbours.of(book.targets)
        self._neighbours = book, found
        return found

    @property
    def stamp(self) -> Stamp:
        """How the file stood on disk when it was read."""
        return self._reading.stamp

    def took(self, reading: BookReading) -> None:
        """Go on with a newer reading."""
        self._reading = self._kept(reading)

    def _kept(self, reading: BookReading) -> BookReading:
        """Take a large book out of the garbage collector's walks, which would hold up the keys."""
        if len(reading.book.profiles) >= _LARGE:
            gc.freeze()
        return reading
