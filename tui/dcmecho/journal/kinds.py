"""What the journal keeps, and who asked for it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """The kinds of reports."""

    DIAGNOSIS = "diagnosis"
    FURTHER = "further"
    """A diagnosis with experiments or services."""
    MOVE = "move"
    STORE = "store-test"
    CALL = "call"
    """A call that the listener heard, while it expected this target. It is no check."""


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
