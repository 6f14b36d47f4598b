"""What every form of capture is read into."""

from __future__ import annotations

from collections.abc import Iterator

Record = tuple[bytes, int, int, int, float | None, int]
"""A frame as it lies in a buffer: the buffer, where the frame begins and ends in it, its original
length, its time (seconds since 1970, ``None`` without one) and its link type.

A tuple, and no copy of the frame: there are 100,000 a second.
"""

Records = Iterator[Record]

UNKNOWN_LINK = -1
"""Link type of a packet of an interface that the file does not describe."""

MOST_BYTES = 1 << 24
"""A record or block that claims more is damage."""


class DamagedError(Exception):
    """The rest of the file cannot be read; the text says why."""


def ends_inside(what: str) -> DamagedError:
    """Return the error for a file that ends too early."""
    return DamagedError(f"the file ends in the middle of {what}")
