"""The journal of one process: reads a history before a report is shown, and keeps it afterwards.

Nothing here raises or takes long: what is wrong is told, once for each cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from dcmecho.diagnosis.history.history import NOTHING, History
from dcmecho.diagnosis.target.target import Target
from dcmecho.journal.connection import opened, within
from dcmecho.journal.entry import Entry
from dcmecho.journal.errors import JournalError
from dcmecho.journal.kinds import NO_BOOK, Book, Way
from dcmecho.journal.place import Place, shown
from dcmecho.journal.reading import history
from dcmecho.journal.tidying import MAX_MB, tidy
from dcmecho.journal.writing import write

_TIDYING_S = 0.002
"""What a short command gives to tidying, once an hour."""


@dataclass(slots=True)
class Journal:
    """A journal, and how its trouble is told. Not thread-safe."""

    place: Place
    way: Way
    tell: Callable[[str], object]
    book: Book = NO_BOOK
    user: str | None = None
    max_mb: float = MAX_MB
    _told: set[str] = field(default_factory=set)

    def history(self, target: Target, report: Mapping[str, Any]) -> History | None:
        """Return what was known before ``report``; ``None`` if that cannot be read in time."""
        try:
            with opened(self.place, make=False) as connection, within(connection):
                return history(connection, target, self.book, report)
        except FileNotFoundError:
            return NOTHING
        except (JournalError, OSError, ValueError) as error:
            self._complain(error)
        return None

    def keep(self, entries: Iterable[Entry], tidying_s: float = _TIDYING_S) -> bool:
        """Write entries, and return whether they are kept."""
        try:
            with opened(self.place) as connection:
                write(connection, entries)
                tidy(connection, datetime.now(UTC), tidying_s, self.max_mb)
        except (JournalError, OSError, ValueError, OverflowError) as error:
            self._complain(error)
            return False
        return True

    def _complain(self, error: Exception) -> None:
        if (why := str(error)) not in self._told:
            self._told.add(why)
            self.tell(f"history {shown(self.place)}: {why}")
