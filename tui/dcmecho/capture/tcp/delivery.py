"""Hands the bytes of a stream to the reader, in order, and only those that it wants."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from typing import NamedTuple

from dcmecho.capture.conversation import Gap, Missing, Seen, Way
from dcmecho.capture.reader import Reader
from dcmecho.capture.tcp.holes import Hole, Holes

_MOST_WAITING_BYTES = 1 << 22
_MOST_WAITING_BYTES_OF_ALL = 1 << 24
_MOST_WAITING = 4096
"""When more waits behind a hole, the hole is taken for one that stays."""


class Waiting:
    """The bytes of all streams that wait behind holes."""

    def __init__(self) -> None:
        """Begin with none."""
        self.bytes = 0


class _Piece(NamedTuple):
    """Data that waits behind a hole; of ``length`` bytes ``data`` is in the capture."""

    offset: int
    frame: int
    length: int
    data: bytes
    time: float | None


class Delivery:
    """One direction on its way to the reader."""

    __slots__ = ("_holes", "_open", "_pieces", "_waiting", "_waiting_bytes", "_way", "_why", "need")

    def __init__(
        self,
        way: Way,
        reader: Callable[[], Reader],
        holes: Holes,
        why: Callable[[Hole], Missing],
        waiting: Waiting,
    ) -> None:
        """Deliver to ``reader()``; ``why`` tells why a hole is there."""
        self.need = 0
        self._way = way
        self._open = reader
        self._holes = holes
        self._why = why
        self._pieces: list[_Piece] = []
        self._waiting = waiting
        self._waiting_bytes = 0

    def take(self, offset: int, length: int, data: bytes, frame: int, time: float | None) -> None:
        """Take bytes that were not seen before and that reach beyond ``need``."""
        if self._holes:
            hole = self._holes.first_beyond(self.need)
            if hole is not None and hole.start < offset:
                self._wait(_Piece(offset, frame, length, data, time))
                return
        self._give(offset, length, data, Seen(frame, time))
        if self._pieces:
            self._go_on()

    def _wait(self, piece: _Piece) -> None:
        insort(self._pieces, piece)
        self._count(len(piece.data))
        while self._pieces and self._too_many():
            self.give_up_hole()

    def _count(self, more: int) -> None:
        self._waiting_bytes += more
        self._waiting.bytes += more

    def _too_many(self) -> bool:
        return (
            self._waiting_bytes > _MOST_WAITING_BYTES
            or self._waiting.bytes > _MOST_WAITING_BYTES_OF_ALL
            or len(self._pieces) > _MOST_WAITING
        )

    def _go_on(self) -> None:
        """Give what waits no longer."""
        given = 0
        for piece in self._pieces:
            hole = self._holes.first_beyond(self.need)
            if hole is not None and hole.start < piece.offset:
                break
            given += 1
            self._count(-len(piece.data))
            if piece.offset + piece.length > self.need:
                self._give(piece.offset, piece.length, piece.data, Seen(piece.frame, piece.time))
        del self._pieces[:given]

    def give_up_hole(self) -> None:
        """Take the hole before the first piece that waits for one that stays."""
        piece = self._pieces[0]
        hole = self._holes.first_beyond(self.need)
        if hole is not None and hole.start < piece.offset:
            self._gap(hole.start, hole.end, self._why(hole), Seen(piece.frame, piece.time))
        self._go_on()

    def finish(self, end: int, last: Seen) -> None:
        """Give all that waits, and gaps up to the end of the stream."""
        while self._pieces:
            self.give_up_hole()
        while (hole := self._holes.first_beyond(self.need)) is not None:
            self._gap(hole.start, hole.end, self._why(hole), last)
        if end > self.need:
            self._gap(self.need, end, Missing.BY_CAPTURE, last)

    def _give(self, offset: int, length: int, data: bytes, seen: Seen) -> None:
        if offset > self.need:
            # The hole before it was one of too many to remember.
            hole = Hole(self.need, offset, None, 0)
            self._gap(hole.start, hole.end, self._why(hole), seen)
        if offset < self.need:
            skipped = self.need - offset
            data = data[skipped:]
            length -= skipped
            offset = self.need
        if length <= 0:
            return
        if data:
            self.need = offset + len(data) + self._open().data(self._way, seen, data)
        end = offset + length
        if end > offset + len(data) and end > self.need:
            self._gap(offset + len(data), end, Missing.CUT, seen)

    def _gap(self, start: int, end: int, why: Missing, seen: Seen) -> None:
        start = max(start, self.need)
        self.need = end + self._open().gap(self._way, seen, Gap(start, end - start, why))
