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
    r"\s*(?:[A-Z]: |[IWETFD][0-9]{4} |[0-9]{2,4}[-/.:][0-9]{2}|at [a-z]"
    r"|\[(?!SSL|Errno|WinError)[\w.\-/: ]{1,60}\]|\([0-9a-fA-F]{4},"
    r"|[A-Z][a-z]{2} +[0-9]{1,2} [0-9]{2}:"
    r"|[\w.\-]{1,60}\s+\| |\S+@\S+[$#]"
    r"|[!-~][ -~]{0,99}? -> [ -~]{1,99}? @ |(?:proven|likely|possible) {2}|(?:FAILED|WARNING) at "
    r"|(?:INFO|WARN|ERROR|DEBUG)\b)"
)
"""What a line of a log begins with: the line before it was not broken."""
_ELEMENT = re.compile(r"\([0-9a-fA-F]{4}, ?[0-9a-fA-F]{4}\)")
_WORD = 24
"""A line that was broken between words is at most so much shorter than the width."""
_SHORTEST = 24
"""A line that was broken before a long word is at least so long."""
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
    held, before, joints = "", "", 0
    for line in lines:
        may_go_on = joints < _MOST_JOINED and _is_broken(before, line, width)
        if may_go_on and not _BEGINS.match(line):
            held, joints = _put_together(held, line, width), joints + 1
        else:
            if joints or held:
                yield held
            held, joints = line, 0
        before = line
    yield held


def _is_broken(line: str, following: str, width: int) -> bool:
    """Report whether a line is so long that the word after it was put on the next one."""
    length = len(line)
    if not _SHORTEST <= length <= width or _ELEMENT.search(line):
        return False
    if length >= width - _WORD:
        return True
    words = following.split(maxsplit=1)
    return bool(words) and width < length + 1 + len(words[0]) <= 2 * width


def _put_together(held: str, line: str, width: int) -> str:
    """A line of the full width can be broken in a word, unless a space is beside the break."""
    in_word = len(held) % width == 0 and held[-1:].strip() and line[:1].strip()
    return held + (BREAK if in_word else " ") + line


def readings(line: str) -> tuple[str, ...]:
    """Return what a line can have been before it was broken."""
    if BREAK not in line:
        return (line,)
    return line.replace(BREAK, " "), line.replace(BREAK, "")
