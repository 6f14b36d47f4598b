"""Who takes the bytes of the conversations: what a reader of DICOM (or TLS) implements.

One reader is opened for each conversation, when its first data is there or when it ends without
any. Then it is handed, in this order:

- :meth:`Reader.data` and :meth:`Reader.gap`, of each direction in the order of the stream, without
  repetitions. A call has the data of one segment, as it was sent (never two joined; after a
  retransmission perhaps a part). After a gap, data often begins with a new PDU, but need not.
- :meth:`Reader.end`, once, with all facts of the conversation.

The two directions are in the order of the capture, unless a frame of one is late or lost: data
behind a hole waits until the hole is filled, or known to stay. Hence the answer to a request may
come first. So order both directions by ``Seen`` before they are judged together, and judge at the
end.

**Skipping.** Both methods return how many bytes of this direction, from there on, the reader need
not see (0: none): the rest of a PDU with a dataset, for example, or :data:`EVERYTHING`. These are
never handed over, nor kept, nor are the holes in them; the next call begins exactly behind them.
So a C-STORE of 100 MB costs 12 bytes for each of its PDUs. Holes in what was skipped are in
:attr:`~dcmecho.capture.conversation.Stream.gaps`.

A reader must not keep ``data`` without bound: what is handed over is not kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from dcmecho.capture.conversation import (
    Conversation,
    Endpoint,
    Gap,
    Opened,
    Seen,
    Way,
)

EVERYTHING = 1 << 62
"""Returned by a reader that wants nothing more of a direction."""


class Meeting(NamedTuple):
    """What is known of a conversation when its reader is opened."""

    number: int
    client: Endpoint
    server: Endpoint
    opened: Opened
    first: Seen


class Reader(Protocol):
    """Takes the bytes of one conversation."""

    def data(self, way: Way, at: Seen, data: bytes) -> int:
        """Take the next bytes of a direction. Returns how many of those after them to skip."""

    def gap(self, way: Way, at: Seen, gap: Gap) -> int:
        """Learn that the next bytes are missing. Returns how many of those after them to skip."""

    def end(self, conversation: Conversation) -> None:
        """Learn that the conversation, or the capture, has ended; no call follows."""


OpenReader = Callable[[Meeting], Reader]
