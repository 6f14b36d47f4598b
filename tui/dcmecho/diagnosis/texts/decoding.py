"""From the bytes of a text to its lines: encodings, ends of lines, terminal codes, quotes of mail.

Memory is bounded: a line is cut where it is longer than :data:`LONGEST`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

LONGEST = 16_384
"""Characters of a line that are read; the rest of it is taken for another line."""

_CHUNK = 1 << 18
_TERMINAL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)|.)")
_QUOTE = re.compile(r"^(?:[ \t]?[>|❱│%]{1,2}(?=[ \t>│%]))+[ \t]?|^%{2} ")
_MARKS = ("\x1b", ">", "|", "│", "%", "❱")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def lines_of(chunks: Iterable[bytes]) -> Iterator[str]:
    """Yield the lines of a text without what terminals and mails put around them."""
    for line in _lines(_decoded(chunks)):
        yield _plain(line) if line.startswith(_MARKS) or "\x1b" in line else line


def pieces(data: bytes) -> Iterator[bytes]:
    """Yield bytes in pieces, as a file would give them."""
    for start in range(0, len(data), _CHUNK):
        yield data[start : start + _CHUNK]


def _plain(line: str) -> str:
    bare = _TERMINAL.sub("", line) if "\x1b" in line else line
    return _QUOTE.sub("", bare)


def _lines(texts: Iterable[str]) -> Iterator[str]:
    rest = ""
    for text in texts:
        whole = (rest + text).replace("\r\n", "\n")
        if "\r" in whole[:-1]:
            whole = whole[:-1].replace("\r", "\n") + whole[-1:]
        *lines, rest = whole.split("\n")
        for line in lines:
            if len(line) > LONGEST:
                yield from _cut(line)
            else:
                yield line
        if len(rest) > LONGEST:
            *cut, rest = _cut(rest)
            yield from cut
    yield from _cut(rest.removesuffix("\r"))


def _cut(line: str) -> Iterator[str]:
    if len(line) <= LONGEST:
        yield line
        return
    for start in range(0, len(line), LONGEST):
        yield line[start : start + LONGEST]


def _decoded(chunks: Iterable[bytes]) -> Iterator[str]:
    source = iter(chunks)
    first = next(source, b"")
    encoding = _encoding(first)
    if encoding is not None:
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        yield decoder.decode(first)
        yield from (decoder.decode(chunk) for chunk in source)
        yield decoder.decode(b"", final=True)
        return
    rest = b""
    for chunk in _with(first, source):
        end = chunk.rfind(b"\n") + 1
        if end or len(rest) > LONGEST:
            yield _utf8_or_latin(rest + chunk[:end])
            rest = chunk[end:]
        else:
            rest += chunk
    yield _utf8_or_latin(rest)


def _with(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from others


def _utf8_or_latin(data: bytes) -> str:
    """Decode whole lines. Old consoles write Latin-1, which is hardly ever valid UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _encoding(first: bytes) -> str | None:
    for bom, name in _BOMS:
        if first.startswith(bom):
            return name
    head = first[:4096]
    if len(head) < 4 or head.count(0) * 4 < len(head):
        return None
    return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
