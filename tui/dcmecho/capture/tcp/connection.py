"""One connection while it is read, and what is told of it at the end."""

from __future__ import annotations

from dcmecho.capture.conversation import (
    MOST_LISTED,
    Conversation,
    Ended,
    Endpoint,
    Gap,
    IcmpError,
    Missing,
    Seen,
    Stream,
    Way,
)
from dcmecho.capture.reader import Meeting, OpenReader, Reader
from dcmecho.capture.tcp.delivery import Waiting
from dcmecho.capture.tcp.sender import Sender


class Connection:
    """Both endpoints of a connection, and its reader."""

    __slots__ = ("_icmp", "_open", "_reader", "client", "keys", "meeting", "server")

    def __init__(
        self,
        meeting: Meeting,
        keys: tuple[bytes, bytes],
        open_reader: OpenReader,
        waiting: Waiting,
    ) -> None:
        """Begin; ``keys`` are those of the client's frames and of the server's."""
        self.meeting = meeting
        self.keys = keys
        self.client = Sender(Way.FROM_CLIENT, self.reader, waiting)
        self.server = Sender(Way.FROM_SERVER, self.reader, waiting)
        self.client.other, self.server.other = self.server, self.client
        self._open = open_reader
        self._reader: Reader | None = None
        self._icmp: list[IcmpError] = []

    def reader(self) -> Reader:
        """Return the reader, which is opened when it is needed first."""
        if self._reader is None:
            self._reader = self._open(self.meeting)
        return self._reader

    def quoted(self, error: IcmpError) -> None:
        """Take an ICMP error about it."""
        if len(self._icmp) < MOST_LISTED:
            self._icmp.append(error)

    def last(self) -> Seen:
        """Return when its last frame was captured."""
        latest = max(self.client, self.server, key=lambda each: each.last_frame)
        return Seen(latest.last_frame, latest.last_time)

    def last_frame(self) -> int:
        """Return the number of its last frame."""
        return max(self.client.last_frame, self.server.last_frame)

    def is_over(self) -> bool:
        """Whether both endpoints have ended it, or one has reset it."""
        client, server = self.client, self.server
        return bool(client.resets or server.resets or (client.fin and server.fin))

    def finish(self, capture_last: Seen, ended: Ended) -> None:
        """Hand all that is left to the reader, and the facts."""
        last = self.last()
        for sender in (self.client, self.server):
            sender.delivery.finish(_end(sender), last)
        if self.client.resets or self.server.resets:
            ended = Ended.RESET
        elif self.client.fin and self.server.fin:
            ended = Ended.CLOSED
        self.reader().end(
            Conversation(
                self.meeting.number,
                _stream(self.client, self.meeting.client),
                _stream(self.server, self.meeting.server),
                self.meeting.opened,
                ended,
                self.meeting.first,
                last,
                self._is_established(),
                capture_last,
                tuple(self._icmp),
            )
        )
        self.client.close()
        self.server.close()

    def _is_established(self) -> bool:
        if self.client.top or self.server.top:
            return True
        answered = self.client.acks.offset >= 0 or not self.server.frames
        return answered and self.server.acks.offset >= 0


def _end(sender: Sender) -> int:
    """Return the offset behind the last byte of a stream, sent or acknowledged."""
    if sender.fin_offset is not None:
        return sender.fin_offset
    acknowledged = sender.acks.offset
    # One more than what is there: a FIN that the capture does not have.
    return sender.top if acknowledged <= sender.top + 1 else acknowledged


def _gaps(sender: Sender, end: int) -> list[Gap]:
    holes = [
        Gap(each.start, each.end - each.start, sender.why(each)) for each in sender.holes.all()
    ]
    tail = [Gap(sender.top, end - sender.top, Missing.BY_CAPTURE)] if end > sender.top else []
    return [*sender.gaps, *holes, *tail]


def _stream(sender: Sender, endpoint: Endpoint) -> Stream:
    """Return the facts of one direction."""
    end = _end(sender)
    acks = sender.acks
    gaps = _gaps(sender, end)
    known = len(sender.gaps)
    return Stream(
        endpoint,
        frames=sender.frames,
        syn=sender.syn,
        syns=sender.syns,
        isn=sender.isn,
        mss=sender.mss,
        ttls=frozenset(sender.ttls),
        end=end,
        received=sender.received,
        first_data=sender.first_data,
        last_data=sender.last_data(),
        largest=sender.largest,
        largest_acked=acks.largest,
        acked=min(acks.offset, end) if acks.offset >= 0 else None,
        acks=acks.listed(end),
        sacked=acks.sacked,
        gaps=tuple(sorted(gaps, key=lambda each: each.offset)[:MOST_LISTED]),
        gap_bytes=sender.gap_bytes + sum(each.length for each in gaps[known:]),
        retransmissions=sender.repeats.count,
        overtaken=sender.repeats.overtaken,
        repeated=sender.repeats.listed(),
        duplicates=sender.duplicates,
        keepalives=sender.keepalives,
        zero_window=sender.zero_window,
        fin=sender.fin,
        fin_in_order=sender.fin_in_order,
        resets=tuple(sender.resets),
    )
