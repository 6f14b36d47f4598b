"""The orders of the target list. No I/O."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum

from dcmecho.console.runs.state.record import Record
from dcmecho.console.symbols import Mark

_EPOCH = datetime.fromtimestamp(0, UTC)

_WORST_FIRST = (
    Mark.BROKEN,
    Mark.ERROR,
    Mark.FAILED,
    Mark.WARNING,
    Mark.CANCELLED,
    Mark.RUNNING,
    Mark.WAITING,
    Mark.NOT_RUN,
    Mark.SKIPPED,
    Mark.OK,
)


class Order(Enum):
    """How the targets are sorted: the words for the title of the list."""

    FILE = ""
    STATE = "by state"
    NAME = "by name"
    LAST_RUN = "last checked first"
    FAILING = "failing since, newest first"

    @property
    def next(self) -> Order:
        """Return the order that the key brings next."""
        every = list(Order)
        return every[(every.index(self) + 1) % len(every)]

    def key(self, name: str, record: Record, mark: Mark) -> tuple[float, str]:
        """Return what to sort a target by."""
        match self:
            case Order.STATE:
                return _rank(mark), name.casefold()
            case Order.LAST_RUN:
                return -_seconds(record.checked_at), name.casefold()
            case Order.FAILING:
                since = record.course.failing_since
                return (1e15 if since is None else 0) - _seconds(since), f"{_rank(mark)} {name}"
            case Order.NAME | Order.FILE:
                return 0, name.casefold()


def _rank(mark: Mark) -> int:
    return _WORST_FIRST.index(mark) if mark in _WORST_FIRST else len(_WORST_FIRST)


def _seconds(at: datetime | None) -> float:
    return ((at or _EPOCH) - _EPOCH).total_seconds()
