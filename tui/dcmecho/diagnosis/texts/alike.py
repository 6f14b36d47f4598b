"""Associations of a text that failed in the same way: told once, and counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dcmecho.diagnosis.texts.assembling import Seen
from dcmecho.diagnosis.texts.judging import Judged

MOST_CALLERS = 20
"""Calling titles that are told."""


@dataclass(slots=True)
class Alike:
    """Associations that failed in the same way."""

    seen: Seen
    judged: Judged
    times: int = 0
    since: datetime | None = None
    until: datetime | None = None
    callers: dict[str, None] = field(default_factory=dict)
    one_caller: bool = True
    clock_ahead: timedelta | None = None
    """By how much its times are later than those of the other side's log, if both tell of it."""

    def add(self, seen: Seen) -> None:
        """Count one more."""
        self.times += 1
        calling = seen.values.get("calling", "")
        if self.times > 1 and calling != self.seen.values.get("calling", ""):
            self.one_caller = False
        if calling and len(self.callers) < MOST_CALLERS:
            self.callers[calling] = None
        if seen.at is not None:
            self.since = min(self.since or seen.at, seen.at)
            self.until = max(self.until or seen.at, seen.at)
