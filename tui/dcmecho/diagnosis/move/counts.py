"""The counts of sub-operations in a C-MOVE-RSP."""

from __future__ import annotations

from typing import NamedTuple


class SubOperations(NamedTuple):
    """The counts of a C-MOVE-RSP (PS3.7 9.3.4.2); ``None`` for a count it does not have."""

    remaining: int | None = None
    completed: int | None = None
    failed: int | None = None
    warning: int | None = None

    @property
    def total(self) -> int:
        """The number of sub-operations according to the counts."""
        return sum(filter(None, (self.remaining, self.completed, self.failed, self.warning)))

    @property
    def sent(self) -> int:
        """The number of sub-operations that the peer reports as carried out."""
        return (self.completed or 0) + (self.warning or 0)


NO_COUNTS = SubOperations()
"""The counts of a response without counts."""
