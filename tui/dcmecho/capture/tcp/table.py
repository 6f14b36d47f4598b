"""All connections that are open, by their addresses and ports."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from heapq import nsmallest

from dcmecho.capture.conversation import Ended, Endpoint, IcmpError, Opened, Seen, Way, address_text
from dcmecho.capture.reader import Meeting, OpenReader
from dcmecho.capture.tcp.connection import Connection
from dcmecho.capture.tcp.delivery import Waiting
from dcmecho.capture.tcp.sender import ACK, FIN, RST, SYN, Sender
from dcmecho.capture.tcp.unsettled import Segment, Unsettled, reverse

_MOST_OPEN = 8192
_MOST_GONE = 4096
"""How many ended connections are remembered, so that their last echoes open no other."""

_LINGER_S = 2.0
_LINGER_FRAMES = 20_000
"""A connection that is over is handed out after so long without a frame: there may be copies."""

_TIDY_EVERY = 1024


class Table:
    """Sorts segments to connections, and hands these out when they have ended."""

    def __init__(self, open_reader: OpenReader, last: Callable[[], Seen]) -> None:
        """Begin without connections; ``last`` tells the last frame of the capture until now."""
        self.count = 0
        self.duplicates = 0
        self._open_reader = open_reader
        self._waiting = Waiting()
        self._sides: dict[bytes, Sender] = {}
        self._connections: dict[bytes, Connection] = {}
        self._unsettled: dict[bytes, Unsettled] = {}
        self._over: dict[Connection, None] = {}
        self._gone: OrderedDict[bytes, None] = OrderedDict()
        self._last = last
        self._tidy_at = _TIDY_EVERY

    def segment(
        self,
        frame: int,
        time: float | None,
        key: bytes,
        numbers: tuple[int, int, int, int],
        length: int,
        data: bytes,
        begin: int,
        end: int,
        header: int,
        ttl: int,
        ip_number: int,
    ) -> None:
        """Take a TCP segment; the arguments are those of ``Segments``."""
        side = self._sides.get(key)
        flags = numbers[2]
        if side is None or flags & SYN:
            segment = frame, time, numbers, length, data, begin, end, header, ttl, ip_number
            side = self._side_of_first(key, side, segment)
            if side is None:
                return
        side.take(frame, time, numbers, length, data, begin, end, header, ttl, ip_number)
        if flags & (FIN | RST):
            self._note_end(self._connections[key])
        if frame >= self._tidy_at:
            self._tidy(frame, time)

    def _side_of_first(self, key: bytes, side: Sender | None, segment: Segment) -> Sender | None:
        """Return who sent a SYN, or the first frame of a connection; ``None``: it is kept."""
        sequence, _, flags, _ = segment[2]
        if side is not None:
            if side.may_begin_at(sequence):
                return side
            self._finish(self._connections[key], Ended.REPLACED)
        elif key in self._unsettled:
            self._keep(key, segment)
            return None
        if flags & SYN:
            self.count += 1
            client = reverse(key) if flags & ACK else key
            opened = Opened.SYN_ACK if flags & ACK else Opened.SYN
            self._begin(self.count, client, opened, Seen(segment[0], segment[1]))
            return self._sides[key]
        if key not in self._gone:
            self._keep(key, segment)
        return None

    def _begin(self, number: int, client: bytes, opened: Opened, first: Seen) -> Connection:
        if len(self._connections) >= 2 * _MOST_OPEN:
            self._forget_some()
        keys = client, reverse(client)
        meeting = Meeting(number, *_endpoints(client), opened, first)
        connection = Connection(meeting, keys, self._open_reader, self._waiting)
        for key, sender in zip(keys, (connection.client, connection.server), strict=True):
            self._connections[key] = connection
            self._sides[key] = sender
            self._gone.pop(key, None)
        return connection

    def _keep(self, key: bytes, segment: Segment) -> None:
        """Keep a frame of a connection of which it is not known yet who opened it."""
        unsettled = self._unsettled.get(key)
        if unsettled is None:
            if len(self._unsettled) >= 2 * _MOST_OPEN:
                self._settle(next(iter(self._unsettled.values())))
            self.count += 1
            unsettled = Unsettled(self.count, key)
            self._unsettled[key] = self._unsettled[reverse(key)] = unsettled
        if unsettled.add(key, segment):
            self._settle(unsettled)

    def _settle(self, unsettled: Unsettled) -> None:
        del self._unsettled[unsettled.key], self._unsettled[reverse(unsettled.key)]
        client, opened = unsettled.client_key(_endpoints)
        connection = self._begin(unsettled.number, client, opened, unsettled.first())
        unsettled.replay(client, connection.client, connection.server)
        if connection.is_over():
            self._over[connection] = None

    def icmp(
        self, seen: Seen, key: bytes, by: str, version: int, kind: int, code: int, mtu: int | None
    ) -> None:
        """Take an ICMP error about a segment with this key."""
        connection = self._connections.get(key)
        if connection is not None:
            about = Way.FROM_CLIENT if connection.keys[0] == key else Way.FROM_SERVER
            connection.quoted(IcmpError(seen, by, version, kind, code, about, mtu))

    def _note_end(self, connection: Connection) -> None:
        if connection.is_over():
            self._over[connection] = None

    def _tidy(self, frame: int, time: float | None) -> None:
        """Hand out what was over a while ago."""
        self._tidy_at = frame + _TIDY_EVERY
        for connection in list(self._over):
            last = connection.last()
            waited = time is not None and last.time is not None and time - last.time > _LINGER_S
            if waited or frame - last.frame > _LINGER_FRAMES:
                self._finish(connection, Ended.RESET)

    def _forget_some(self) -> None:
        """Hand out those that said nothing for longest, to bound memory."""
        found = set(self._connections.values())
        for connection in nsmallest(_MOST_OPEN // 4, found, key=Connection.last_frame):
            self._finish(connection, Ended.FORGOTTEN)

    def finish_over(self) -> None:
        """Hand out all that have ended: the stream is idle."""
        for connection in list(self._over):
            self._finish(connection, Ended.CLOSED)

    def finish_all(self) -> None:
        """Hand out all: the capture has ended."""
        for unsettled in dict.fromkeys(self._unsettled.values()):
            self._settle(unsettled)
        for connection in dict.fromkeys(self._connections.values()):
            self._finish(connection, Ended.CAPTURE_ENDED)

    def _finish(self, connection: Connection, ended: Ended) -> None:
        for key in connection.keys:
            del self._connections[key], self._sides[key]
            self._gone[key] = None
        while len(self._gone) > _MOST_GONE:
            self._gone.popitem(last=False)
        self._over.pop(connection, None)
        self.duplicates += connection.client.duplicates + connection.server.duplicates
        connection.finish(self._last(), ended)


def _endpoints(key: bytes) -> tuple[Endpoint, Endpoint]:
    """Return who sends frames with a key, and who gets them."""
    half = (len(key) - 4) // 2
    return (
        Endpoint(address_text(key[:half]), int.from_bytes(key[-4:-2], "big")),
        Endpoint(address_text(key[half : 2 * half]), int.from_bytes(key[-2:], "big")),
    )
