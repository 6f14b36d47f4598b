"""Options of a TCP header: the largest segment, and what was acknowledged beyond a hole."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

_END, _NOTHING, _MSS, _SACK = 0, 1, 2, 5
_RANGE = Struct(">II").unpack_from

TIMESTAMPS_ONLY = b"\x01\x01\x08\x0a"
"""How the options of nearly every segment begin that has 12 bytes of them."""


def _options(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield kind, beginning and end of the value of each option."""
    while at < end and data[at] != _END:
        if data[at] == _NOTHING:
            at += 1
            continue
        if at + 1 >= end or data[at + 1] < 2 or at + data[at + 1] > end:
            return
        yield data[at], at + 2, at + data[at + 1]
        at += data[at + 1]


def mss(data: bytes, at: int, end: int) -> int | None:
    """Return the largest segment that options ask for."""
    for kind, begin, stop in _options(data, at, end):
        if kind == _MSS and stop - begin == 2:
            return (data[begin] << 8) | data[begin + 1]
    return None


def sacked(data: bytes, at: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return the ranges of sequence numbers that were acknowledged selectively."""
    for kind, begin, stop in _options(data, at, end):
        if kind == _SACK:
            return tuple(
                (low, high)
                for low, high in (_RANGE(data, each) for each in range(begin, stop - 7, 8))
            )
    return ()
