"""The log of one target: the lines of its runs, oldest first, bounded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dcmecho.diagnosis.events import LogLine

MAX_LINES = 20_000
"""Lines kept of one target; the oldest go first."""

_SLACK = MAX_LINES // 20


@dataclass(frozen=True, slots=True, eq=False)
class LogEntry:
    """One line with the time it happened (aware)."""

    at: datetime
    line: LogLine


class LogBuffer:
    """Lines of one target's runs.

    ``dropped`` counts what no longer fits; ``generation`` changes when lines were dropped, so that
    a view knows that its own rows are out of date.
    """

    def __init__(self, max_lines: int = MAX_LINES) -> None:
        self.entries: list[LogEntry] = []
        self.dropped = 0
        self.generation = 0
        self._max_lines = max_lines

    def extend(self, entries: Iterable[LogEntry]) -> None:
        """Add lines, dropping the oldest beyond the bound (in batches, which costs less)."""
        self.entries.extend(entries)
        excess = len(self.entries) - self._max_lines
        if excess > 0:
            self._drop(min(len(self.entries), excess + min(_SLACK, self._max_lines // 20)))

    def keep_newest(self, lines: int) -> None:
        """Drop all but so many lines."""
        if len(self.entries) > lines:
            self._drop(len(self.entries) - lines)

    def _drop(self, lines: int) -> None:
        del self.entries[:lines]
        self.dropped += lines
        self.generation += 1
