"""Decodes the bytes of a foreign file: byte order marks, UTF-8, or Windows-1252."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from dcmecho.profiles.exchange.rows import Remark

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WESTERN = "cp1252"
_EACH_BYTE = "latin-1"

BINARY_PLIST = "bplist"
"""The first bytes of a binary property list."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text with plain line endings, and remarks about what was assumed."""

    text: str
    remarks: tuple[Remark, ...] = ()


def decoded(content: bytes) -> Decoded:
    """Decode the bytes, those of a binary property list one by one. Raises nothing."""
    if content.startswith(BINARY_PLIST.encode()):
        return Decoded(content.decode(_EACH_BYTE))
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return Decoded(_lines(content[len(mark) :].decode(encoding, "replace")))
    try:
        return Decoded(_lines(content.decode("utf-8")))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = "is not UTF-8; read as Western European (Windows-1252). Check names with accents"
        return Decoded(_lines(content.decode(_WESTERN, "replace")), (Remark(line, message),))


def undecoded(text: str) -> bytes:
    """Return the bytes of a binary property list. Raises ``ValueError`` if it is none."""
    return text.encode(_EACH_BYTE)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
