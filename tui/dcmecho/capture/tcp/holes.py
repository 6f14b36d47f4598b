"""Ranges of a stream that are not there (yet)."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple


class Hole(NamedTuple):
    """Missing bytes, and what is known of the segment behind them."""

    start: int
    end: int
    time: float | None
    ip_number: int


class Holes:
    """Holes in the order of their offsets; most streams have none."""

    __slots__ = ("_ends", "_holes")

    def __init__(self) -> None:
        """Begin without holes."""
        self._holes: list[Hole] = []
        self._ends: list[int] = []

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._holes)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._holes)

    def all(self) -> tuple[Hole, ...]:
        """Return all holes."""
        return tuple(self._holes)

    def add(self, hole: Hole) -> None:
        """Add a hole behind all others."""
        self._holes.append(hole)
        self._ends.append(hole.end)

    def first_beyond(self, offset: int) -> Hole | None:
        """Return the first hole that has bytes at or beyond an offset."""
        if not self._ends or self._ends[-1] <= offset:
            return None
        return self._holes[bisect_right(self._ends, offset)]

    def pop_first(self) -> Hole:
        """Remove the first hole, for good."""
        del self._ends[0]
        return self._holes.pop(0)

    def within(self, start: int, end: int) -> list[Hole]:
        """Return what is missing between two offsets."""
        found = []
        for index in range(bisect_right(self._ends, start), len(self._holes)):
            hole = self._holes[index]
            if hole.start >= end:
                break
            found.append(hole._replace(start=max(start, hole.start), end=min(end, hole.end)))
        return found

    def fill(self, part: Hole) -> None:
        """Remove what :meth:`within` found, or a part of it."""
        index = bisect_right(self._ends, part.start)
        hole = self._holes[index]
        rests = [
            hole._replace(start=low, end=high)
            for low, high in ((hole.start, part.start), (part.end, hole.end))
            if low < high
        ]
        self._holes[index : index + 1] = rests
        self._ends[index : index + 1] = [each.end for each in rests]
