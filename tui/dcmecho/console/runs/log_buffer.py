"""The log of one target: the lines of its runs, oldest first, bounded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dcmecho.diagnosis.events import LogLine

MAX_LINES = 100_000
"""Lines kept of one target; the oldest go first."""

_SLACK_PART = 20
"""This part of a full log goes at once: to drop line by line would cost more."""


@dataclass(frozen=True, slots=True, eq=False)
class LogEntry:
    """One line with the time it happened (aware)."""

    at: datetime
    line: LogLine


class LogBuffer:
    """Lines of one target's runs. ``dropped`` counts the oldest, which no longer fitted."""

    def __init__(self, max_lines: int = MAX_LINES) -> None:
        self.entries: list[LogEntry] = []
        self.dropped = 0
        self._max_lines = max_lines

    @property
    def total(self) -> int:
        """All lines there ever were: a line's number is its index and what was dropped."""
        return self.dropped + len(self.entries)

    def since(self, number: int) -> Sequence[LogEntry]:
        """The lines from this number on, as far as they are kept."""
        return self.entries[max(0, number - self.dropped) :]

    def extend(self, entries: Iterable[LogEntry]) -> None:
        """Add lines, dropping the oldest beyond the bound."""
        self.entries.extend(entries)
        if len(self.entries) > self._max_lines:
            self.keep_newest(self._max_lines - self._max_lines // _SLACK_PART)

    def keep_newest(self, lines: int) -> None:
        """Drop all but so many lines."""
        excess = max(0, len(self.entries) - lines)
        del self.entries[:excess]
        self.dropped += excess
