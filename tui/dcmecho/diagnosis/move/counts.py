"""The counts of sub-operations that a C-MOVE-RSP tells."""

from __future__ import annotations

from typing import NamedTuple


class SubOperations(NamedTuple):
    """The counts of a C-MOVE-RSP (PS3.7 9.3.4.2); ``None`` where the response has none."""

    remaining: int | None = None
    completed: int | None = None
    failed: int | None = None
    warning: int | None = None

    @property
    def total(self) -> int:
        """How many there are, as far as the counts say."""
        return sum(filter(None, (self.remaining, self.completed, self.failed, self.warning)))

    @property
    def sent(self) -> int:
        """How many the peer says it has carried out."""
        return (self.completed or 0) + (self.warning or 0)


NO_COUNTS = SubOperations()
"""Those of a response that tells none."""
