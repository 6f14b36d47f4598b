"""Puts together the lines that a mail or a narrow terminal has broken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

BREAK = "\x1e"
"""Between two lines of which the first can end in the middle of a word."""
_LOOKED_AT = 400
"""Lines by which it is judged whether a text was broken at all."""
_NARROWEST, _WIDEST = 60, 132
_BEGINS = re.compile(
    r"\s*(?:[A-Z]: |[IWETFD][0-9]{4} |[0-9]{2,4}[-/.:][0-9]{2}|\[|\(|at [a-z]"
    r"|[\w.\-]{1,60}\s+\| |\S+@\S+[$#]"
    r"|[!-~][ -~]{0,99}? -> [ -~]{1,99}? @ |(?:proven|likely|possible) {2}|(?:FAILED|WARNING) at "
    r"|(?:INFO|WARN|ERROR|DEBUG)\b)"
)
"""What a line of a log begins with: the line before it was not broken."""
_ELEMENT = re.compile(r"\([0-9a-fA-F]{4}, ?[0-9a-fA-F]{4}\)")
_WORD = 24
"""A line that was broken between words is at most so much shorter than the width."""
_MOST_JOINED = 6


def joined(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines, broken ones whole again and, if they were broken in a word, that way too."""
    source = iter(lines)
    first = list(islice(source, _LOOKED_AT))
    width = max((len(line) for line in first), default=0)
    whole = chain(first, source)
    if not _NARROWEST <= width <= _WIDEST:
        yield from whole
        return
    yield from _joined(whole, width)


def _joined(lines: Iterable[str], width: int) -> Iterator[str]:
    held, is_broken, joints = "", False, 0
    for line in lines:
        if is_broken and joints < _MOST_JOINED and not _BEGINS.match(line):
            held, joints = _put_together(held, line, width), joints + 1
        else:
            if joints or held:
                yield held
            held, joints = line, 0
        is_broken = width - _WORD <= len(line) <= width and not _ELEMENT.search(line)
    yield held


def _put_together(held: str, line: str, width: int) -> str:
    """A line of the full width can be broken in a word, unless a space is beside the break."""
    in_word = len(held) % width == 0 and held[-1:].strip() and line[:1].strip()
    return held + (BREAK if in_word else " ") + line


def readings(line: str) -> tuple[str, ...]:
    """Return what a line can have been before it was broken."""
    if BREAK not in line:
        return (line,)
    return line.replace(BREAK, " "), line.replace(BREAK, "")
