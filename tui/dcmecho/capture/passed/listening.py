"""The reader of one conversation: finds out what it speaks, and keeps what was said."""

from __future__ import annotations

from collections.abc import Callable

from dcmecho.capture.conversation import Conversation, Gap, Opened, Seen, Way
from dcmecho.capture.passed.framing import PduFraming
from dcmecho.capture.passed.passage import Passage, Room
from dcmecho.capture.passed.tls import TlsFraming, is_tls
from dcmecho.capture.passed.trace import Trace
from dcmecho.capture.reader import EVERYTHING, Meeting


class Listener:
    """Takes the bytes of a conversation."""

    __slots__ = ("_ended", "_pdus", "conversation", "meeting", "passage", "tls", "trace")

    def __init__(self, meeting: Meeting, room: Room, ended: Callable[[Listener], None]) -> None:
        """Begin with a conversation; ``room`` is what its log may take."""
        self._ended = ended
        self.meeting = meeting
        self.trace = Trace()
        self.passage = Passage(room)
        self.tls: dict[Way, TlsFraming] = {}
        self._pdus: dict[Way, PduFraming] = {}
        self.conversation: Conversation | None = None

    def _framing(self, way: Way) -> PduFraming:
        framing = self._pdus.get(way)
        if framing is None:
            is_lost = self.meeting.opened is Opened.GUESSED
            framing = PduFraming(way, self.trace, self.passage, is_lost=is_lost)
            self._pdus[way] = framing
        return framing

    def data(self, way: Way, at: Seen, data: bytes) -> int:
        """Take the next bytes of a direction."""
        tls = self.tls.get(way)
        is_first = not self.trace.pdus[way] and way not in self.trace.foreign
        if tls is None and is_first and is_tls(data):
            tls = self.tls[way] = TlsFraming(way, self.passage)
        if tls is not None:
            return tls.data(at, data)
        foreign = self.trace.foreign.get(way)
        if foreign is not None and len(foreign) >= 512:
            return EVERYTHING
        return self._framing(way).data(at, data)

    def gap(self, way: Way, at: Seen, gap: Gap) -> int:
        """Learn that bytes are missing."""
        tls = self.tls.get(way)
        return self._framing(way).gap(at, gap) if tls is None else tls.gap(at, gap)

    def end(self, conversation: Conversation) -> None:
        """Keep the facts of the conversation."""
        for framing in self._pdus.values():
            framing.finish(conversation.last)
        self._pdus.clear()
        # Of 6,400 associations all single acknowledgements are 60 MB.
        end = self.trace.request_bytes
        first = [each for each in conversation.client.acks if each.offset >= end][:1]
        self.conversation = conversation._replace(
            client=conversation.client._replace(acks=tuple(first) if end else ()),
            server=conversation.server._replace(acks=()),
        )
        self._ended(self)

    @property
    def was_opened(self) -> bool:
        """Whether the connection was opened, or data shows that it was."""
        return self.conversation is not None and self.conversation.established
