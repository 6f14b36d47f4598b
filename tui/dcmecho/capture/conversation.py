"""What a capture shows of one TCP connection, when it has ended or the capture has.

A *stream* is what one endpoint sent. Offsets count its bytes from 0, the first byte after its SYN,
or, where the capture began in the middle, the first byte seen. They come from sequence numbers and
from the lengths in IP headers, never from how many bytes the file has of a packet.

Lists are bounded (:data:`MOST_LISTED`): the first ones are kept; counts go on.
"""

from __future__ import annotations

import ipaddress
from enum import Enum, auto
from typing import NamedTuple

from dcmecho.diagnosis.sanitize import PeerText

MOST_LISTED = 64
"""Maximum length of each list in a :class:`Stream`."""


class Seen(NamedTuple):
    """When something was captured. Compare by ``frame`` where there is no time."""

    frame: int
    """Number of the record, from 1, as Wireshark counts; over several files it goes on."""
    time: float | None
    """Seconds since 1970, UTC; ``None`` where the capture has no times (simple packet blocks)."""


class Way(Enum):
    """Direction of data: who sent it. The client is who opened the connection."""

    FROM_CLIENT = auto()
    FROM_SERVER = auto()


class Endpoint(NamedTuple):
    """An address and a port."""

    address: str
    """As text of digits: IPv6 shortened (RFC 5952), without brackets."""
    port: int

    def __str__(self) -> str:
        """Write it as ``10.20.2.10:104`` or ``[fd00::10]:104``."""
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{host}:{self.port}"


def address_text(address: bytes) -> str:
    """Write an address of 4 or 16 bytes."""
    return str(ipaddress.ip_address(address))


class Opened(Enum):
    """How it is known who is the client."""

    SYN = auto()
    """The SYN is in the capture."""
    SYN_ACK = auto()
    """Only the answer to the SYN is."""
    GUESSED = auto()
    """Neither: the capture began in the middle, and the lower port is taken for the server.

    If the bytes show it to be the other way round (a C-ECHO-RQ from the "server"), swap it.
    """


class Ended(Enum):
    """How the conversation ended."""

    CLOSED = auto()
    """Both endpoints sent a FIN."""
    RESET = auto()
    """A RST; see :attr:`Stream.resets`."""
    REPLACED = auto()
    """The same addresses and ports were used for another one."""
    FORGOTTEN = auto()
    """Too many were open at once: handed out before it had an end, to bound memory."""
    CAPTURE_ENDED = auto()
    """It was open when the capture ended (perhaps half closed: see :attr:`Stream.fin`)."""


class Missing(Enum):
    """Why bytes of a stream are not there."""

    LOST = auto()
    """Never seen, never acknowledged: lost by the network before the capture (or never sent)."""
    BY_CAPTURE = auto()
    """Not in the file, but acknowledged: the capture lost them, the network did not."""
    UNKNOWN = auto()
    """Not in the file, and the capture saw no acknowledgements: it has one direction only."""
    CUT = auto()
    """The packet is in the file, cut by the length limit of the capture (snaplen)."""


class Gap(NamedTuple):
    """Bytes of a stream that the capture does not have."""

    offset: int
    length: int
    why: Missing


class Acked(NamedTuple):
    """The first time that all bytes before ``offset`` were acknowledged."""

    offset: int
    seen: Seen


class Repeated(NamedTuple):
    """A segment that was sent again (not merely captured twice)."""

    offset: int
    length: int
    first: Seen
    """When its bytes were first seen; the time of the first repetition, if they were not."""
    last: Seen
    times: int
    """How often it was repeated."""


class Reset(NamedTuple):
    """A RST in the name of the sender of this stream."""

    seen: Seen
    ttl: int
    """TTL or hop limit. If it is not in :attr:`Stream.ttls`, a firewall may have sent it."""
    offset: int | None
    """Where it stands in the stream, ``None`` where unknown."""


class ZeroWindow(NamedTuple):
    """The sender of this stream announced that it takes no more data: its program does not read."""

    first: Seen
    last: Seen
    times: int
    open_again: bool
    """It took data again later."""


class Stream(NamedTuple):
    """What one endpoint sent, as far as the capture has it."""

    endpoint: Endpoint
    frames: int = 0
    """Frames of it, without duplicates. 0: the capture saw the other direction only."""
    syn: Seen | None = None
    """Its first SYN (of the server: SYN-ACK)."""
    syns: int = 0
    """How often it sent it."""
    isn: int | None = None
    """Sequence number of its SYN. The same over two addresses: one connection seen through NAT."""
    mss: int | None = None
    """The largest segment it wants to get, as its SYN says."""
    ttls: frozenset[int] = frozenset()
    """TTLs of its frames other than RST; a second capture point may add a value less one."""
    end: int = 0
    """The offset after its last byte that is known to have been sent."""
    received: int = 0
    """Bytes of it that are in the file, each counted once."""
    first_data: Seen | None = None
    last_data: Seen | None = None
    largest: int = 0
    """Most bytes of data in one frame. With offload it may be above the MTU."""
    largest_acked: int = 0
    """Most bytes in one frame of which an acknowledgement was seen."""
    acked: int | None = None
    """The other endpoint acknowledged all bytes before this offset, ``None``: it acknowledged
    nothing that the capture shows."""
    acks: tuple[Acked, ...] = ()
    """The first acknowledgements that went forward; the last one is always there."""
    sacked: tuple[tuple[int, int], ...] = ()
    """Ranges (offset, length) beyond ``acked`` that the other endpoint told last (SACK) that it
    has: what lies before them was sent and lost."""
    gaps: tuple[Gap, ...] = ()
    """Missing bytes, in order of offset, also those that a reader skipped."""
    gap_bytes: int = 0
    retransmissions: int = 0
    """Frames with bytes that had been sent before (duplicates of the capture are not counted)."""
    overtaken: int = 0
    """Frames that came late because others overtook them (out of order); none was lost."""
    repeated: tuple[Repeated, ...] = ()
    duplicates: int = 0
    """Frames that the capture has twice: the same bytes, or the TTL less one."""
    keepalives: int = 0
    """Probes with one byte or none that was acknowledged before; they keep a connection open."""
    zero_window: ZeroWindow | None = None
    fin: Seen | None = None
    """Its first FIN. It has ended what it sends; it stands after all its data."""
    fin_in_order: bool = False
    """All data before its FIN was there when it was seen."""
    resets: tuple[Reset, ...] = ()


class IcmpError(NamedTuple):
    """An ICMP message that quotes a packet of the conversation."""

    seen: Seen
    by: str
    """Address of who sent it."""
    version: int
    """4 or 6: the numbers of ICMP and ICMPv6 differ."""
    type: int
    code: int
    about: Way
    """The direction of the quoted packet."""
    mtu: int | None = None
    """The largest packet that passes, if it says so (too big)."""


class Conversation(NamedTuple):
    """One TCP connection, or an attempt at one."""

    number: int
    """From 1, in the order of the first frames."""
    client: Stream
    server: Stream
    opened: Opened
    ended: Ended
    first: Seen
    last: Seen
    established: bool
    """The handshake is complete, as far as seen, or data shows that it was."""
    capture_last: Seen
    """The last record of the capture so far: what is after :attr:`last` was silence."""
    icmp: tuple[IcmpError, ...] = ()

    def stream(self, way: Way) -> Stream:
        """Return what went in a direction."""
        return self.client if way is Way.FROM_CLIENT else self.server

    @property
    def one_sided(self) -> bool:
        """Whether the capture saw packets of one direction only."""
        return not (self.client.frames and self.server.frames)


class NameLookUp(NamedTuple):
    """A DNS question over UDP port 53."""

    seen: Seen
    client: str
    server: str
    name: PeerText
    type: int
    """1 A, 12 PTR, 28 AAAA ..."""
    times: int
    answered: Seen | None


class CaptureFacts(NamedTuple):
    """What was read, when all of it was."""

    files: tuple[str, ...]
    form: str
    """``pcap``, ``pcapng``, with ``gzip`` where it was packed; of several files the first one's."""
    frames: int
    first: Seen | None
    last: Seen | None
    conversations: int
    duplicates: int
    cut: int
    """Frames that are cut by the length limit of the capture."""
    snaplen: int | None
    """The shortest captured length of a cut frame."""
    not_read: tuple[tuple[str, int], ...]
    """What frames were not read, with their number: ``("link type 147", 12)``."""
    damaged: str | None
    """Why the rest of the file was not read, in words; ``None``: all of it was."""
    look_ups: tuple[NameLookUp, ...]
    """Questions without an answer first; at most 256."""
