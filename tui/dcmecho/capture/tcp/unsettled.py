"""The first frames of a connection that was there before the capture, or is out of order."""

from __future__ import annotations

from collections.abc import Callable

from dcmecho.capture.conversation import Endpoint, Opened, Seen
from dcmecho.capture.tcp.sender import ACK, SYN, Sender

ENOUGH = 8
"""Frames after which it is decided which endpoint is the client."""

Segment = tuple[int, float | None, tuple[int, int, int, int], int, bytes, int, int, int, int, int]
"""The arguments of ``Sender.take``."""


class Unsettled:
    """Keeps frames until it is known who opened the connection, or must be guessed."""

    def __init__(self, number: int, key: bytes) -> None:
        """Begin with a connection whose first frame has this key."""
        self.number = number
        self.key = key
        self.segments: list[tuple[bytes, Segment]] = []

    def add(self, key: bytes, segment: Segment) -> bool:
        """Keep a frame. Returns whether there are enough."""
        frame, time, numbers, length, data, begin, end, header, ttl, ip_number = segment
        kept = data[header:end]
        moved = frame, time, numbers, length, kept, begin - header, len(kept), 0, ttl, ip_number
        self.segments.append((key, moved))
        return len(self.segments) >= ENOUGH or bool(numbers[2] & SYN)

    def first(self) -> Seen:
        """Return when its first frame was captured."""
        frame, time = self.segments[0][1][:2]
        return Seen(frame, time)

    def client_key(
        self, endpoints: Callable[[bytes], tuple[Endpoint, Endpoint]]
    ) -> tuple[bytes, Opened]:
        """Return the key of the client's frames, and how that is known."""
        for key, segment in self.segments:
            if segment[2][2] & SYN:
                if segment[2][2] & ACK:
                    return reverse(key), Opened.SYN_ACK
                return key, Opened.SYN
        one, other = endpoints(self.key)
        return (self.key if one.port >= other.port else reverse(self.key)), Opened.GUESSED

    def replay(self, client_key: bytes, client: Sender, server: Sender) -> None:
        """Hand the frames to the endpoints that sent them, a SYN first."""
        for key, segment in sorted(self.segments, key=_rank):
            (client if key == client_key else server).take(*segment)


def _rank(kept: tuple[bytes, Segment]) -> int:
    flags = kept[1][2][2]
    if not flags & SYN:
        return 2
    return 1 if flags & ACK else 0


def reverse(key: bytes) -> bytes:
    """Return the key of the other direction: addresses and ports change places."""
    half = (len(key) - 4) // 2
    return key[half : 2 * half] + key[:half] + key[-2:] + key[-4:-2]
