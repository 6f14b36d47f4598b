"""The last frames of a stream: was this one captured twice, when were these bytes seen before?"""

from __future__ import annotations

from collections import deque

from dcmecho.capture.conversation import Seen

_KEPT = 128
_TWICE_WITHIN_S = 0.005
_TWICE_WITHIN_FRAMES = 8
_PLAIN_HEADER_BYTES = 16
"""Bytes of a TCP header from the sequence number on, without options."""

Mark = tuple[bytes, int, int, int, float | None]
"""TCP header from the sequence number on, number of the IP packet, length of the data, frame and
time."""


Marks = deque[Mark]
"""The last frames of one stream. A plain deque: every frame is added."""


def marks() -> Marks:
    """Return room for the last frames of a stream."""
    return deque(maxlen=_KEPT)


def has_twin(recent: Marks, mark: Mark) -> bool:
    """Whether the capture has the same frame already, perhaps with another TTL.

    A frame that is sent again has another IP number, or another time stamp in its header. Where it
    has neither, only what comes at once is the same frame.
    """
    header, ip_number, length, frame, time = mark
    told = bool(ip_number) or len(header) >= _PLAIN_HEADER_BYTES + 10
    for other in reversed(recent):
        if other[1] != ip_number or other[2] != length or not _same(other[0], header):
            continue
        if told or _at_once(other[4], time, frame - other[3]):
            return True
    return False


def first_of(recent: Marks, sequence: int) -> Seen | None:
    """Return the first of these frames with data and a sequence number."""
    number = sequence.to_bytes(4, "big")
    for header, _, length, frame, time in recent:
        if length and header[:4] == number:
            return Seen(frame, time)
    return None


def _same(one: bytes, other: bytes) -> bool:
    """Compare headers without their checksums: offload leaves a wrong one in one copy."""
    return one[:12] == other[:12] and one[14:] == other[14:]


def _at_once(before: float | None, now: float | None, frames: int) -> bool:
    if before is None or now is None:
        return frames <= _TWICE_WITHIN_FRAMES
    return abs(now - before) <= _TWICE_WITHIN_S
