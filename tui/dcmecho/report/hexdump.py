"""Bytes as the classic sixteen a line."""

from __future__ import annotations

from collections.abc import Iterator

_PER_LINE = 16


def hex_dump(data: bytes) -> Iterator[str]:
    """``0000  02 00 00 00 00 b8 00 01  00 00 ...  |........|``, a line for each 16 bytes."""
    for at in range(0, len(data), _PER_LINE):
        chunk = data[at : at + _PER_LINE]
        left, right = chunk[:8].hex(" "), chunk[8:].hex(" ")
        shown = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in chunk)
        yield f"{at:04x}  {left:23}  {right:23}  |{shown}|"
