"""The log of one target: the lines of its runs, oldest first, limited in number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dcmecho.diagnosis.events import LogLine

MAX_LINES = 100_000
"""Maximum lines kept per target; the oldest are removed first."""

_SLACK_PART = 20
"""The part of a full log that is removed at once: removing line by line would cost more."""


@dataclass(frozen=True, slots=True, eq=False)
class LogEntry:
    """One line with the time of its event (time zone aware)."""

    at: datetime
    line: LogLine


class LogBuffer:
    """Lines of one target's runs. ``dropped`` counts the removed ones, the oldest."""

    def __init__(self, max_lines: int = MAX_LINES) -> None:
        self.entries: list[LogEntry] = []
        self.dropped = 0
        self._max_lines = max_lines

    @property
    def total(self) -> int:
        """Number of lines ever added: a line's number is its index plus ``dropped``."""
        return self.dropped + len(self.entries)

    def since(self, number: int) -> Sequence[LogEntry]:
        """Return the kept lines from this number on."""
        return self.entries[max(0, number - self.dropped) :]

    def extend(self, entries: Iterable[LogEntry]) -> None:
        """Add lines, and remove the oldest beyond the maximum."""
        self.entries.extend(entries)
        if len(self.entries) > self._max_lines:
            self.keep_newest(self._max_lines - self._max_lines // _SLACK_PART)

    def keep_newest(self, lines: int) -> None:
        """Keep only the newest ``lines`` lines."""
        excess = max(0, len(self.entries) - lines)
        del self.entries[:excess]
        self.dropped += excess
