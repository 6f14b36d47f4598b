"""The journal of one process: reads a history before a report is shown, and keeps it afterwards.

Nothing here raises or takes long: what is wrong is told, once for each cause.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection, OperationalError
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from dcmecho.diagnosis.conclusion.clock import utc_time
from dcmecho.diagnosis.target.target import Target
from dcmecho.journal.connection import (
    WAIT_S,
    connected,
    ready,
    telling,
    wait_at_most,
    within,
)
from dcmecho.journal.entry import Entry
from dcmecho.journal.errors import JournalError
from dcmecho.journal.kinds import NO_BOOK, Book, Way
from dcmecho.journal.place import Place, shown
from dcmecho.journal.targets import known
from dcmecho.journal.tidying import MAX_MB, tidy
from dcmecho.journal.times import milliseconds, read_utc
from dcmecho.journal.writing import is_news, write

TIDYING_S = 0.002
"""What a short command gives to tidying, once an hour."""

if TYPE_CHECKING:
    from dcmecho.diagnosis.conclusion.course import Course
    from dcmecho.diagnosis.history.history import History
    from dcmecho.journal.listing import Kept
    from dcmecho.journal.together import Neighbours

_AT_ONCE = 32
"""How many are written before another process has its turn."""

_T = TypeVar("_T")
_TROUBLE = (JournalError, OSError, ValueError, OverflowError)


class _At(NamedTuple):
    """A journal that was found, and the file that it was then."""

    path: Path
    file: os.stat_result


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
        self._at: _At | None = None
        self._spent_s = 0.0
        self._itself: Journal | None = None
        self._neighbours: Neighbours | None = None

    def history(self, target: Target, report: Mapping[str, Any]) -> History | None:
        """Return what was known before ``report``; ``None`` if that cannot be read in time.

        After one that could not, others are not tried until something is kept.
        """
        from dcmecho.diagnosis.history.history import NOTHING
        from dcmecho.journal.reading import history

        if self._spent_s >= WAIT_S:
            return None
        began = time.monotonic()
        try:
            with self._at_work(WAIT_S, make=False) as connection, within(connection):
                return history(connection, target, self.book, report, self._known_neighbours)
        except FileNotFoundError:
            return NOTHING
        except _TROUBLE as error:
            self._complain(error)
        finally:
            self._spent_s = time.monotonic() - began
        return None

    def has_news(self, target: Target, began: datetime) -> bool:
        """Report whether a check that was kept is unlike the one before it, or slow.

        False if it was not kept. Asking costs less than its history.
        """
        # A report has its time in whole milliseconds.
        at = milliseconds(read_utc(utc_time(began)))

        def read(connection: Connection) -> bool:
            id = known(connection, target, self.book)
            return id is not None and is_news(connection, id, at)

        return self._read(read, nothing=False)

    def timeline(self, target: Target, most: int) -> list[Kept]:
        """Return what is kept of a target, the newest first; empty if it cannot be read."""
        from dcmecho.journal.listing import kept

        def read(connection: Connection) -> list[Kept]:
            id = known(connection, target, self.book)
            return [] if id is None else list(kept(connection, [id], most=most))

        return self._read(read, [])

    def latest(self, targets: Mapping[str, Target]) -> dict[str, Kept]:
        """Return the last diagnosis of targets by their keys; empty if it cannot be read."""
        from dcmecho.journal.listing import latest

        return self._read(lambda connection: latest(connection, targets, self.book), {})

    def courses(self, targets: Sequence[int]) -> dict[int, Course]:
        """Return the course of targets of the journal; empty if it cannot be read."""
        from dcmecho.journal.listing import courses

        return self._read(lambda connection: courses(connection, targets), {})

    def failing_since(self, targets: Sequence[Target]) -> list[datetime | None]:
        """Return since when each target fails that worked before; empty if it cannot be read."""
        from dcmecho.journal.listing import failing_since

        return self._read(lambda connection: failing_since(connection, targets, self.book), [])

    def _read(self, read: Callable[[Connection], _T], nothing: _T) -> _T:
        try:
            with self._at_work(WAIT_S, make=False) as connection:
                return read(connection)
        except FileNotFoundError:
            return nothing
        except _TROUBLE as error:
            self._complain(error)
        return nothing

    def keep(self, entries: Iterable[Entry], tidying_s: float = TIDYING_S) -> bool:
        """Write entries, and return whether they are kept.

        It waits for other processes as long as the history before it has left of ``WAIT_S``.
        """
        try:
            with self._at_work(WAIT_S - self._spent_s, make=True) as connection:
                found = list(entries)
                for first in range(0, len(found), _AT_ONCE):
                    write(connection, found[first : first + _AT_ONCE])
                self._tidy(connection, tidying_s)
        except _TROUBLE as error:
            self._complain(error)
            self._spent_s = WAIT_S
            return False
        self._spent_s = 0.0
        return True

    def _tidy(self, connection: Connection, for_s: float) -> None:
        """What is written is kept, even if another process writes now and this must be later."""
        wait_at_most(connection, 0)
        with suppress(OperationalError):
            tidy(connection, datetime.now(UTC), for_s, self._max_mb)

    def close(self) -> None:
        """Close it. The last one to close it waits for the disk."""
        if self._connection is not None:
            self._connection.close()
        self._connection = self._at = self._neighbours = None

    def _known_neighbours(self) -> Neighbours:
        from dcmecho.journal.together import Neighbours

        if self._neighbours is None:
            self._neighbours = Neighbours()
        return self._neighbours

    def leave_open(self) -> None:
        """Leave it to the end of the process, which does not wait for the disk then.

        SQLite would copy its log back. The next process goes on with that log, and copies it from
        time to time (sqlite.org/wal.html).
        """
        # A cycle, which is not taken apart at exit (garbage.skip_at_exit).
        self._itself = self

    @contextmanager
    def _at_work(self, wait_s: float, *, make: bool) -> Iterator[Connection]:
        deadline = time.monotonic() + wait_s
        at = self._at
        if at is None or not _is_there(at):
            self.close()
            path = ready(self.place, make=make)
            at = self._at = _At(path, path.stat())
        with telling(*at):
            if self._connection is None:
                self._connection = connected(at.path, wait_s)
            wait_at_most(self._connection, deadline - time.monotonic())
            yield self._connection

    def _complain(self, error: Exception) -> None:
        self.close()
        if (why := str(error)) not in self._told:
            self._told.add(why)
            self.tell(f"history {shown(self.place)}: {why}")


def _is_there(at: _At) -> bool:
    """Report whether the file is still the one of its name: it can be set aside, or deleted."""
    try:
        return os.path.samestat(at.file, at.path.stat())
    except OSError:
        return False
