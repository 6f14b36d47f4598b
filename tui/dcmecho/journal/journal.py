"""The journal of one process: reads a history before a report is shown, and keeps it afterwards.

Nothing here raises or takes long: what is wrong is told, once for each cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from sqlite3 import Connection
from typing import Any

from dcmecho.diagnosis.history.history import NOTHING, History
from dcmecho.diagnosis.target.target import Target
from dcmecho.journal.connection import connected, ready, telling, within
from dcmecho.journal.entry import Entry
from dcmecho.journal.errors import JournalError
from dcmecho.journal.kinds import NO_BOOK, Book, Way
from dcmecho.journal.listing import Kept, kept
from dcmecho.journal.place import Place, shown
from dcmecho.journal.reading import history
from dcmecho.journal.targets import known
from dcmecho.journal.tidying import MAX_MB, tidy
from dcmecho.journal.writing import write

TIDYING_S = 0.002
"""What a short command gives to tidying, once an hour."""

_TROUBLE = (JournalError, OSError, ValueError, OverflowError)


class Journal:
    """A journal, and how its trouble is told. To be used on one thread."""

    def __init__(
        self,
        place: Place,
        way: Way,
        tell: Callable[[str], object],
        book: Book = NO_BOOK,
        user: str | None = None,
        max_mb: float = MAX_MB,
    ) -> None:
        self.place = place
        self.way = way
        self.book = book
        self.user = user
        self.tell = tell
        self._max_mb = max_mb
        self._told: set[str] = set()
        self._connection: Connection | None = None
        self._itself: Journal | None = None

    def history(self, target: Target, report: Mapping[str, Any]) -> History | None:
        """Return what was known before ``report``; ``None`` if that cannot be read in time."""
        try:
            with self._at_work(make=False) as connection, within(connection):
                return history(connection, target, self.book, report)
        except FileNotFoundError:
            return NOTHING
        except _TROUBLE as error:
            self._complain(error)
        return None

    def timeline(self, target: Target, most: int) -> list[Kept]:
        """Return what is kept of a target, the newest first; empty if it cannot be read."""
        try:
            with self._at_work(make=False) as connection:
                id = known(connection, target, self.book)
                return [] if id is None else list(kept(connection, [id], most=most))
        except FileNotFoundError:
            return []
        except _TROUBLE as error:
            self._complain(error)
        return []

    def keep(self, entries: Iterable[Entry], tidying_s: float = TIDYING_S) -> bool:
        """Write entries, and return whether they are kept."""
        try:
            with self._at_work(make=True) as connection:
                write(connection, entries)
                tidy(connection, datetime.now(UTC), tidying_s, self._max_mb)
        except _TROUBLE as error:
            self._complain(error)
            return False
        return True

    def close(self) -> None:
        """Close it. The last one to close it waits for the disk."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def leave_open(self) -> None:
        """Leave it to the end of the process, which does not wait for the disk then.

        SQLite would copy its log back. The next process goes on with that log, and copies it from
        time to time (sqlite.org/wal.html).
        """
        # A cycle, which is not taken apart at exit (garbage.skip_at_exit).
        self._itself = self

    @contextmanager
    def _at_work(self, *, make: bool) -> Iterator[Connection]:
        path = self.place.path if self._connection else ready(self.place, make=make)
        with telling(path):
            self._connection = self._connection or connected(path)
            yield self._connection

    def _complain(self, error: Exception) -> None:
        self.close()
        if (why := str(error)) not in self._told:
            self._told.add(why)
            self.tell(f"history {shown(self.place)}: {why}")
