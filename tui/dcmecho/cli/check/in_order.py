"""Restores the order of results that many threads produce."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

_Thing = TypeVar("_Thing")


class InOrder(Generic[_Thing]):
    """Numbered things: any thread puts them in any order, one thread takes them in order.

    A thing that was taken is not kept.
    """

    def __init__(self) -> None:
        self._waiting: dict[int, _Thing] = {}
        self._next = 0

    def put(self, number: int, thing: _Thing) -> None:
        """Keep ``thing`` until it is its turn. Numbers begin with 0."""
        self._waiting[number] = thing

    def ready(self) -> Iterator[_Thing]:
        """Yield the things whose predecessors have all been taken."""
        while self._next in self._waiting:
            yield self._waiting.pop(self._next)
            self._next += 1

    def rest(self) -> Iterator[tuple[int, _Thing]]:
        """Yield all remaining things with their numbers, once no more will arrive."""
        for number in sorted(self._waiting):
            yield number, self._waiting.pop(number)
