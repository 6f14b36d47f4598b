"""What the journal keeps, and who asked for it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, assert_never


class Kind(StrEnum):
    """The kinds of reports."""

    DIAGNOSIS = "diagnosis"
    FURTHER = "further"
    """A diagnosis with experiments or services."""
    SURVEY = "services"
    """Services that were asked for without a check before. It is no check, nor are these:"""
    MOVE = "move"
    STORE = "store-test"
    CALL = "call"
    """A call that the listener heard, while it expected this target."""

    @property
    def words(self) -> str:
        """What it is, for a table; empty for a check."""
        match self:
            case Kind.DIAGNOSIS | Kind.FURTHER:
                return ""
            case Kind.SURVEY:
                return "SERVICES"
            case Kind.MOVE:
                return "C-MOVE"
            case Kind.STORE:
                return "C-STORE"
            case Kind.CALL:
                return "CALL"
            case _:
                assert_never(self)


CHECKS = (Kind.DIAGNOSIS, Kind.FURTHER)
"""The kinds that count as checks of a target."""


class Way(StrEnum):
    """The ways by which a run is started."""

    CONSOLE = "console"
    CHECK = "check"
    WATCH = "watch"
    MONITOR = "monitor"
    LISTEN = "listen"


class Book(NamedTuple):
    """The profile file of a target: its path, and the names of all its targets.

    Empty for a target of the command line.
    """

    path: str = ""
    names: frozenset[str] = frozenset()


NO_BOOK = Book()
"""The command line."""
