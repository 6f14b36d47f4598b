"""``--history`` and ``--no-history``: which journal a command reads and writes."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dcmecho.cli.memory import FORGETFUL, Memory
from dcmecho.cli.options.parser import Parser
from dcmecho.cli.output.complaint import complain
from dcmecho.profiles.book.refusing import mentions

if TYPE_CHECKING:
    from dcmecho.cli.watch_memory import WatchMemory
    from dcmecho.journal.journal import Journal
    from dcmecho.journal.kinds import Book, Way
    from dcmecho.journal.place import Place
    from dcmecho.profiles.book.model import ProfileBook
    from dcmecho.profiles.book.settings import Settings

_KEY = b"history"
"""How the keys of the settings about it begin."""


PATIENCE_S = 10.0
"""How long a command waits for the journal that does nothing else: another process may go first."""

_NO_HOME = "you have no home folder, so no history is kept. --history FILE names another place"


def add_history(parser: Parser, *, is_written: bool = True) -> None:
    """Add ``--history``, and ``--no-history`` for a command that writes."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--history",
        type=Path,
        metavar="FILE",
        help="file of earlier checks (default: history in [settings], or history.db in your state"
        " folder)",
    )
    if is_written:
        group.add_argument(
            "--no-history", action="store_true", help="neither read nor write earlier checks"
        )


def memory_of(given: argparse.Namespace, files: Sequence[Path], book: ProfileBook | None) -> Memory:
    """Return the memory of a command that checks.

    ``files`` can have settings, the nearest first. Trouble is told on stderr, but not with ``-q``
    and not to a monitor.
    """
    if given.no_history:
        return FORGETFUL
    return Memory(partial(_command_journal, given, files, book))


def console_journal(given: argparse.Namespace, files: Sequence[Path]) -> Journal | None:
    """Return the journal of the console, which has no line for its trouble."""
    from dcmecho.journal.kinds import NO_BOOK, Way

    return None if given.no_history else _journal(given, files, Way.CONSOLE, _silent, NO_BOOK)


def watch_memory(
    given: argparse.Namespace, files: Sequence[Path], book: ProfileBook
) -> WatchMemory:
    """Return the memory of a watch."""
    from dcmecho.cli.watch_memory import WatchMemory
    from dcmecho.journal.kinds import Way

    if given.no_history:
        return WatchMemory(None)
    tell = _silent if given.quiet else complain
    return WatchMemory(_journal(given, files, Way.WATCH, tell, book_name(book)))


def listening_journal(
    given: argparse.Namespace, files: Sequence[Path], book: ProfileBook
) -> Journal | None:
    """Return the journal of a listener that expects a target."""
    from dcmecho.journal.kinds import Way

    if given.no_history:
        return None
    tell = _silent if given.quiet else complain
    return _journal(given, files, Way.LISTEN, tell, book_name(book))


def _command_journal(
    given: argparse.Namespace, files: Sequence[Path], book: ProfileBook | None
) -> Journal | None:
    from dcmecho.journal.kinds import NO_BOOK, Way

    is_for_a_monitor = given.format.is_for_a_monitor
    way = Way.MONITOR if is_for_a_monitor else Way.CHECK
    tell = _silent if given.quiet or is_for_a_monitor else complain
    journal = _journal(given, files, way, tell, book_name(book) if book else NO_BOOK)
    if journal is not None:
        journal.leave_open()
    return journal


def _journal(
    given: argparse.Namespace,
    files: Sequence[Path],
    way: Way,
    tell: Callable[[str], object],
    book: Book,
) -> Journal | None:
    from dcmecho.journal.journal import Journal
    from dcmecho.journal.tidying import MAX_MB

    found = settings_of(files)
    place = place_of(given, found, files)
    if place is None:
        return None
    user = _user() if found and found.history_user else None
    return Journal(place, way, tell, book, user, found.history_max_mb if found else MAX_MB)


def place_of(
    given: argparse.Namespace, settings: Settings | None, files: Sequence[Path]
) -> Place | None:
    """Return where the journal is; ``None`` for a user without a home."""
    from dcmecho.journal.place import Place, own_place

    if given.history:
        return Place(given.history)
    if settings and settings.history:
        return Place(settings.history, files[0])
    return own_place()


def place_to_read(given: argparse.Namespace) -> Place:
    """Return where the journal is that a command shows. Raises ``JournalError``."""
    from dcmecho.cli.options.selection import profile_path
    from dcmecho.journal.errors import JournalError
    from dcmecho.profiles.book.locate import own_file

    files = [profile_path(given), own_file()]
    place = place_of(given, settings_of(files), files)
    if place is None:
        raise JournalError(_NO_HOME)
    return place


def settings_of(files: Sequence[Path]) -> Settings | None:
    """Return the settings in force, or ``None`` if no file says anything about the history.

    Reading them takes longer than a check should wait.
    """
    if not any(mentions(path, [_KEY]) for path in files):
        return None
    from dcmecho.profiles.book.load import settings

    return settings(files[0])


def book_name(book: ProfileBook) -> Book:
    """Return what the journal must know of a profile file."""
    from dcmecho.journal.kinds import Book

    return Book(os.path.realpath(book.path), frozenset(profile.name for profile in book.profiles))


def _silent(_text: str) -> None:
    """Say nothing: ``-q``, and the line of a monitor."""


def _user() -> str:
    from dcmecho.owners import user_name

    return user_name(os.getuid())
