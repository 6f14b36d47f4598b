"""How far the other endpoint has acknowledged a stream."""

from __future__ import annotations

from collections import deque

from dcmecho.capture.conversation import MOST_LISTED, Acked, Seen

NOTHING = -1


class Acks:
    """Acknowledgements of one stream."""

    __slots__ = ("_last", "_listed", "_sent", "largest", "offset", "sacked")

    def __init__(self) -> None:
        """Begin with none."""
        self.offset = NOTHING
        self.largest = 0
        self.sacked: tuple[tuple[int, int], ...] = ()
        self._listed: list[Acked] = []
        self._last: tuple[int, int, float | None] | None = None
        self._sent: deque[tuple[int, int]] = deque(maxlen=MOST_LISTED)

    def sent(self, end: int, length: int) -> None:
        """Note a segment that is larger than those acknowledged until now."""
        self._sent.append((end, length))

    def advance(self, offset: int, frame: int, time: float | None) -> None:
        """Take an acknowledgement of more than before."""
        self.offset = offset
        self.sacked = ()
        if len(self._listed) < MOST_LISTED - 1:
            self._listed.append(Acked(offset, Seen(frame, time)))
        else:
            self._last = offset, frame, time
        while self._sent and self._sent[0][0] <= offset:
            self.largest = max(self.largest, self._sent.popleft()[1])

    def shift(self, by: int) -> None:
        """Count offsets from an earlier byte."""
        self.offset += by
        self._listed = [each._replace(offset=each.offset + by) for each in self._listed]

    def listed(self, end: int) -> tuple[Acked, ...]:
        """Return the first acknowledgements and the last, none behind the end of the stream."""
        found = list(self._listed)
        if self._last is not None:
            offset, frame, time = self._last
            found.append(Acked(offset, Seen(frame, time)))
        return tuple(each._replace(offset=min(each.offset, end)) for each in found)
