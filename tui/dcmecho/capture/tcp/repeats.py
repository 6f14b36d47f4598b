"""What was sent more than once, and why bytes come late."""

from __future__ import annotations

from dcmecho.capture.conversation import MOST_LISTED, Repeated, Seen
from dcmecho.capture.tcp.holes import Hole

_LATE_S = 0.05
"""Without IP numbers, what fills a hole after so long was sent again and not only overtaken."""


class Repeats:
    """The repeated segments of one stream."""

    __slots__ = ("_found", "count", "overtaken")

    def __init__(self) -> None:
        """Begin with none."""
        self.count = 0
        self.overtaken = 0
        self._found: dict[int, Repeated] = {}

    def add(self, offset: int, length: int, first: Seen | None, now: Seen) -> None:
        """Note a segment that was sent again."""
        self.count += 1
        before = self._found.get(offset)
        if before is not None:
            self._found[offset] = before._replace(
                length=max(length, before.length), last=now, times=before.times + 1
            )
        elif len(self._found) < MOST_LISTED:
            self._found[offset] = Repeated(offset, length, first or now, now, 1)

    def listed(self) -> tuple[Repeated, ...]:
        """Return the first of them."""
        return tuple(self._found.values())


def was_overtaken(hole: Hole, ip_number: int, time: float | None) -> bool:
    """Whether what fills a hole was sent before what lies behind the hole."""
    if ip_number and hole.ip_number and ip_number != hole.ip_number:
        return (hole.ip_number - ip_number) & 0xFFFF < 0x8000
    return time is None or hole.time is None or time - hole.time < _LATE_S
