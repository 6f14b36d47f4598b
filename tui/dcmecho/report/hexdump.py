"""A hex dump with 16 bytes per line."""

from __future__ import annotations

from collections.abc import Iterator

BYTES_A_LINE = 16


def hex_line(raw: bytes, offset: int) -> str:
    """Return a line of 16 bytes from ``offset``: ``0010  4d 59 …  MY_WORKSTATION``."""
    part = raw[offset : offset + BYTES_A_LINE]
    left, right = part[:8].hex(" "), part[8:].hex(" ")
    shown = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in part)
    return f"{offset:04x}  {left:<23}  {right:<23}  {shown}"


def hex_dump(raw: bytes) -> Iterator[str]:
    """Yield the lines of a hex dump."""
    for offset in range(0, len(raw), BYTES_A_LINE):
        yield hex_line(raw, offset)
