"""Finds the lines of one target, and cuts them out of the text. No I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dcmecho.profiles.text.text import Block

_COMMENT_LINES = re.compile(r"(?:[ \t]*#[^\n]*(?:\n|\Z))*+")
_BLANK_LINES = re.compile(r"\A(?:[ \t]*\r?\n)*+")
_ENDS_BLANK = re.compile(r"(?:\A|\n)[ \t]*\r?\n\Z")
_LAST_BLANK_LINE = re.compile(r"(?:(?<=\n)|\A)[ \t]*\r?\n\Z")


def spans(text: str, blocks: Sequence[Block]) -> list[tuple[int, int]]:
    """Return the spans to cut out: each table, with its own and its inner comments."""
    found: list[tuple[int, int]] = []
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        if following and following.start == block.next_start:
            end = block.next_start
        else:
            end = block.end + _own_comments(text, block)
        found.append((block.start, end))
    return found


def without(text: str, start: int, end: int) -> str:
    """Cut out ``text[start:end]`` and the blank lines that set it apart."""
    before, after = text[:start], text[end:]
    if not before or _ENDS_BLANK.search(before):
        after = _BLANK_LINES.sub("", after, count=1)
    if not after and before.strip():
        before = _LAST_BLANK_LINE.sub("", before)
    return before + after


def _own_comments(text: str, block: Block) -> int:
    """Return the length of the comments right below a table, unless they belong to the next."""
    end = _COMMENT_LINES.match(text, block.end, block.next_start)
    length = end.end() - block.end if end else 0
    is_of_next = block.end + length == block.next_start < len(text)
    return 0 if is_of_next else length
