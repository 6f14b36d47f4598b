"""Puts what comes from many threads back into its order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

_Thing = TypeVar("_Thing")


class InOrder(Generic[_Thing]):
    """Things with a number, put in any order by any thread and given out once, by one thread.

    What was given out is not kept.
    """

    def __init__(self) -> None:
        self._waiting: dict[int, _Thing] = {}
        self._next = 0

    def put(self, number: int, thing: _Thing) -> None:
        """Keep ``thing`` until it is its turn. Numbers begin with 0."""
        self._waiting[number] = thing

    def ready(self) -> Iterator[_Thing]:
        """Those that nothing missing comes before."""
        while self._next in self._waiting:
            yield self._waiting.pop(self._next)
            self._next += 1

    def rest(self) -> Iterator[tuple[int, _Thing]]:
        """All that are still there, with their numbers, when no more are to come."""
        for number in sorted(self._waiting):
            yield number, self._waiting.pop(number)
