"""One endpoint of a connection, and the stream that it sends."""

from __future__ import annotations

from collections.abc import Callable

from dcmecho.capture.conversation import (
    MOST_LISTED,
    Gap,
    Missing,
    Reset,
    Seen,
    Way,
    ZeroWindow,
)
from dcmecho.capture.reader import Reader
from dcmecho.capture.tcp import options
from dcmecho.capture.tcp.acks import NOTHING, Acks
from dcmecho.capture.tcp.delivery import Delivery, Waiting
from dcmecho.capture.tcp.holes import Hole, Holes
from dcmecho.capture.tcp.recent import first_of, has_twin, marks
from dcmecho.capture.tcp.repeats import Repeats, was_overtaken

FIN, SYN, RST, ACK = 1, 2, 4, 16

_MASK = 0xFFFFFFFF
_HALF = 0x80000000
_FAR = 1 << 30
"""No window is larger: what is farther away belongs to another connection."""

_MOST_HOLES = 256
_UNKNOWN = -1


class Sender:
    """What one endpoint has sent.

    ``top`` is the offset behind its last byte, and ``next`` the sequence number of that place
    (-1 while unknown).
    """

    __slots__ = (
        "acks", "delivery", "duplicates", "fin", "fin_in_order", "fin_offset", "first_data",
        "frames", "gap_bytes", "gaps", "holes", "isn", "keepalives", "largest", "last_data_frame",
        "last_data_time", "last_frame", "last_time", "mss", "next", "other", "received", "recent",
        "repeats", "resets", "syn", "syns", "top", "ttls", "zero_window",
    )  # fmt: skip

    other: Sender

    def __init__(self, way: Way, reader: Callable[[], Reader], waiting: Waiting) -> None:
        """Begin before the first frame; ``other`` is set by who makes both."""
        self.frames = self.duplicates = self.syns = self.keepalives = self.largest = 0
        self.top = self.received = self.gap_bytes = 0
        self.next = _UNKNOWN
        self.isn: int | None = None
        self.mss: int | None = None
        self.syn: Seen | None = None
        self.first_data: Seen | None = None
        self.last_data_frame = 0
        self.last_data_time: float | None = None
        self.last_frame = 0
        self.last_time: float | None = None
        self.ttls: set[int] = set()
        self.fin: Seen | None = None
        self.fin_offset: int | None = None
        self.fin_in_order = False
        self.resets: list[Reset] = []
        self.zero_window: ZeroWindow | None = None
        self.acks = Acks()
        self.recent = marks()
        self.repeats = Repeats()
        self.holes = Holes()
        self.gaps: list[Gap] = []
        self.delivery = Delivery(way, reader, self.holes, self.why, waiting)

    def take(
        self,
        frame: int,
        time: float | None,
        numbers: tuple[int, int, int, int],
        length: int,
        data: bytes,
        begin: int,
        end: int,
        header: int,
        ttl: int,
        ip_number: int,
    ) -> None:
        """Take a segment; the arguments are those of ``Segments``."""
        sequence, acknowledged, flags, window = numbers
        if self.next < 0 or not self.frames:
            self._begin(sequence, flags, length)
        offset = self.top + ((sequence - self.next + _HALF) & _MASK) - _HALF
        other = self.other
        ack = NOTHING
        if flags & ACK and not flags & RST:
            if other.next < 0:
                other.next = acknowledged
            ack = other.top + ((acknowledged - other.next + _HALF) & _MASK) - _HALF
        goes_on = ack > other.acks.offset
        # A length limit can cut the options; what lies behind them is another frame's.
        stop = begin if begin <= end else end
        mark = (data[header + 4 : stop], ip_number, length, frame, time)
        new = length and offset + length > self.top
        if not goes_on and not new and has_twin(self.recent, mark):
            self.duplicates += 1
            return
        self.recent.append(mark)
        self.frames += 1
        self.last_frame = frame
        self.last_time = time
        if flags & RST:
            self._take_reset(Seen(frame, time), ttl, offset)
            return
        self.ttls.add(ttl)
        if goes_on and ack < other.top + _FAR:
            other.acks.advance(ack, frame, time)
        if flags & SYN:
            self._take_syn(sequence, Seen(frame, time), options.mss(data, header + 20, stop))
            offset += 1
        elif not window or self.zero_window is not None:
            self._take_window(window, Seen(frame, time))
        if begin - header > 32 and not flags & SYN:
            other.take_sacked(options.sacked(data, header + 20, stop))
        if length:
            if offset == self.top and end - begin == length:
                self._take_next(frame, time, offset, length, data, begin, end)
            else:
                self._take_data(frame, time, offset, length, data, begin, end, ip_number)
        elif offset == self.top - 1 and not flags & FIN:
            self.keepalives += 1
        if flags & FIN:
            self._take_fin(Seen(frame, time), offset + length, ip_number)

    def close(self) -> None:
        """Let go of what leads back here, so that memory is free at once."""
        del self.other, self.delivery

    def may_begin_at(self, sequence: int) -> bool:
        """Whether a SYN with this sequence number can be that of this stream."""
        if self.isn is not None:
            return self.isn == sequence
        return self.next < 0 or (self.next - sequence - 1) & _MASK == self.top

    def _begin(self, sequence: int, flags: int, length: int) -> None:
        """Find where the stream begins, at the first frame of it."""
        begins = (sequence + 1) & _MASK if flags & SYN else sequence
        if self.next < 0:
            self.next = begins
            return
        # The other endpoint has acknowledged some of it before.
        earlier = ((self.next - begins + _HALF) & _MASK) - _HALF
        if (length or flags & SYN) and 0 < earlier < _FAR:
            self.next = begins
            self.acks.shift(earlier)

    def _take_syn(self, sequence: int, seen: Seen, mss: int | None) -> None:
        self.syns += 1
        if self.syn is None:
            self.syn, self.isn, self.mss = seen, sequence, mss

    def _take_reset(self, seen: Seen, ttl: int, offset: int) -> None:
        if len(self.resets) < MOST_LISTED:
            known = self.frames > 1 and abs(offset - self.top) < _FAR
            self.resets.append(Reset(seen, ttl, offset if known else None))

    def _take_window(self, window: int, seen: Seen) -> None:
        before = self.zero_window
        if before is None:
            self.zero_window = ZeroWindow(seen, seen, 1, open_again=False)
        elif window:
            self.zero_window = before._replace(open_again=True)
        else:
            times = before.times + 1
            self.zero_window = before._replace(last=seen, times=times, open_again=False)

    def _take_fin(self, seen: Seen, offset: int, ip_number: int) -> None:
        if self.fin is not None or not self.top <= offset < self.top + _FAR:
            return
        if offset > self.top:
            self._leap(offset, seen.time, ip_number)
            self.next = (self.next + offset - self.top) & _MASK
            self.top = offset
        self.fin, self.fin_offset, self.fin_in_order = seen, offset, not self.holes

    def last_data(self) -> Seen | None:
        """Return when its last new data was captured."""
        return Seen(self.last_data_frame, self.last_data_time) if self.first_data else None

    def take_sacked(self, ranges: tuple[tuple[int, int], ...]) -> None:
        """Take what the other endpoint says that it has beyond a hole, as sequence numbers."""
        found = [(self._offset(low), (high - low) & _MASK) for low, high in ranges]
        beyond = [each for each in found if each[0] > self.acks.offset and each[1] < _FAR]
        if beyond:
            self.acks.sacked = tuple(beyond)

    def _offset(self, sequence: int) -> int:
        return self.top + ((sequence - self.next + _HALF) & _MASK) - _HALF

    def _take_next(
        self,
        frame: int,
        time: float | None,
        offset: int,
        length: int,
        data: bytes,
        begin: int,
        end: int,
    ) -> None:
        """Take a whole segment in order, as nearly all are."""
        stop = offset + length
        self.top = stop
        self.next = (self.next + length) & _MASK
        if length > self.acks.largest:
            self._note_size(stop, length)
        self.received += length
        self.last_data_frame = frame
        self.last_data_time = time
        if self.first_data is None:
            self.first_data = Seen(frame, time)
        if stop > self.delivery.need:
            self.delivery.take(offset, length, data[begin:end], frame, time)

    def _note_size(self, stop: int, length: int) -> None:
        self.largest = max(self.largest, length)
        self.acks.sent(stop, length)

    def _take_data(
        self,
        frame: int,
        time: float | None,
        offset: int,
        length: int,
        data: bytes,
        begin: int,
        end: int,
        ip_number: int,
    ) -> None:
        top = self.top
        if offset < top:
            self._take_again(frame, time, offset, length, data, begin, end, ip_number)
            return
        if offset > top:
            if offset > top + _FAR:
                return
            self._leap(offset, time, ip_number)
        if length > self.acks.largest:
            self._note_size(offset + length, length)
        self._take_piece(frame, time, offset, offset + length, data, begin, end)
        self.next = (self.next + offset + length - top) & _MASK
        self.top = offset + length

    def _leap(self, offset: int, time: float | None, ip_number: int) -> None:
        """Note the hole before a segment that is beyond the end of the stream."""
        self.holes.add(Hole(self.top, offset, time, ip_number))
        while len(self.holes) > _MOST_HOLES:
            self._close_hole(self.holes.pop_first())

    def _take_piece(
        self,
        frame: int,
        time: float | None,
        offset: int,
        stop: int,
        data: bytes,
        begin: int,
        end: int,
    ) -> None:
        """Take bytes that were not there before. Those beyond ``end`` are cut from the frame."""
        have = min(end - begin, stop - offset)
        self.received += max(have, 0)
        if have < stop - offset:
            have = max(have, 0)
            self._note_gap(Gap(offset + have, stop - offset - have, Missing.CUT))
        self.last_data_frame = frame
        self.last_data_time = time
        if self.first_data is None:
            self.first_data = Seen(frame, time)
        if stop > self.delivery.need:
            self.delivery.take(offset, stop - offset, data[begin : begin + have], frame, time)

    def _take_again(
        self,
        frame: int,
        time: float | None,
        offset: int,
        length: int,
        data: bytes,
        begin: int,
        end: int,
        ip_number: int,
    ) -> None:
        """Take a segment of which some was sent before, or that fills a hole."""
        stop = offset + length
        if length == 1 and offset == self.top - 1 and offset < self.acks.offset:
            self.keepalives += 1
            return
        if offset < self.top - _FAR:
            return
        missing = self.holes.within(max(offset, 0), min(stop, self.top))
        if sum(each.end - each.start for each in missing) < length or not was_overtaken(
            missing[0], ip_number, time
        ):
            first = first_of(self.recent, (offset - self.top + self.next) & _MASK)
            self.repeats.add(offset, length, first, Seen(frame, time))
        else:
            self.repeats.overtaken += 1
        for hole in missing:
            self.holes.fill(hole)
            self._take_piece(
                frame, time, hole.start, hole.end, data, begin + hole.start - offset, end
            )
        if stop > self.top:
            rest = self.top - offset
            self._take_data(
                frame, time, self.top, length - rest, data, begin + rest, end, ip_number
            )

    def why(self, hole: Hole) -> Missing:
        """Tell why bytes are missing, as far as seen by now."""
        if hole.end <= self.acks.offset:
            return Missing.BY_CAPTURE
        return Missing.LOST if self.other.frames else Missing.UNKNOWN

    def _close_hole(self, hole: Hole) -> None:
        self._note_gap(Gap(hole.start, hole.end - hole.start, self.why(hole)))

    def _note_gap(self, gap: Gap) -> None:
        self.gap_bytes += gap.length
        if len(self.gaps) < MOST_LISTED:
            self.gaps.append(gap)
