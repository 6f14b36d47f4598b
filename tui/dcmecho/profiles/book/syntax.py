"""Finds the statements of a TOML text, because tomllib gives the values but not their places.

The text must be valid TOML; nothing is checked here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

KeyPath = tuple[str | int, ...]
"""``("target", 2, "port")`` is the port of the third ``[[target]]``."""

_TRIVIA = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_REST_OF_LINE = re.compile(r"[^\n]*\n?")
_KEY_PART = re.compile(
    r"""[ \t]*(?P<part>"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*(?P<dot>\.?)"""
)
_VALUE_TOKEN = re.compile(
    # Not one possessive group: before Python 3.11.5, as on Debian 12, it loses its place when its
    # inside has to go back (github.com/python/cpython/issues/106052).
    r'''"""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*""""{0,2}'''
    r"""|\'\'\'.*?\'\'\'\'{0,2}"""
    r"""|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*'"""
    r"""|\#[^\n]*|(?P<open>[\[{])|(?P<close>[\]}])|(?P<end>\n)|[^"'\#\[\]{}\n]+""",
    re.DOTALL,
)

_KEY_BEFORE_DOT = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+"""
_LONG_KEY = re.compile(
    rf"""(?:(?!(?:{_KEY_BEFORE_DOT}){{64}})(?:
        \"{{3}}(?:[^"\\]++|\\.|"(?!""))*+"{{3,5}} | '{{3}}(?:[^']++|'(?!''))*+'{{3,5}}
        | "(?:[^"\\\n]++|\\.)*+" | '[^'\n]*+' | \#[^\n]*+ | [A-Za-z0-9_-]++ | [^"'\#A-Za-z0-9_-]
    ))*+(?P<key>(?:{_KEY_BEFORE_DOT}){{64}})""",
    re.DOTALL | re.VERBOSE,
)
"""A key of more than 64 parts, outside of strings and comments."""
_MANY_DOTS = re.compile(r"^(?:[^.\n]*+\.){64}", re.MULTILINE)


class StatementKind(Enum):
    """The three statements of TOML."""

    TABLE = auto()
    """``[group.Radiology]``"""
    ARRAY_TABLE = auto()
    """``[[target]]``"""
    PAIR = auto()
    """``port = 104``"""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with its whole lines: ``text[start:end]``, and ``line`` counted from 1."""

    kind: StatementKind
    path: KeyPath
    start: int
    end: int
    line: int


def statements(text: str) -> Iterator[Statement]:
    """Yield every statement of a valid TOML text, in order."""
    table: KeyPath = ()
    counts: dict[KeyPath, int] = {}
    line, counted_to = 1, 0
    position = _skip(_TRIVIA, text, 0)
    while position < len(text):
        line += text.count("\n", counted_to, position)
        counted_to = position
        start = text.rfind("\n", 0, position) + 1
        if text[position] == "[":
            is_array = text.startswith("[[", position)
            kind = StatementKind.ARRAY_TABLE if is_array else StatementKind.TABLE
            key, after = _key(text, position + (2 if is_array else 1))
            path = table = _table_path(key, counts, is_array)
            end = _skip(_REST_OF_LINE, text, after)
        else:
            kind = StatementKind.PAIR
            key, after = _key(text, position)
            path = table + key
            end = _value_end(text, after)
        yield Statement(kind, path, start, end, line)
        position = _skip(_TRIVIA, text, end)


def key_lines(text: str) -> dict[KeyPath, int]:
    """Return the line, from 1, of each table and each key of a valid TOML text."""
    lines: dict[KeyPath, int] = {}
    for statement in statements(text):
        for length in range(1, len(statement.path) + 1):
            lines.setdefault(statement.path[:length], statement.line)
    return lines


def long_key(text: str) -> int:
    """Return the line of a key with more than 64 parts, or 0.

    ``tomllib`` takes time that grows with the square of the parts.
    """
    found = _LONG_KEY.match(text) if _MANY_DOTS.search(text) else None
    return text.count("\n", 0, found.start("key")) + 1 if found else 0


def comments(text: str) -> Iterator[str]:
    """Yield the comments of a valid TOML text, without line endings."""
    for token in _VALUE_TOKEN.finditer(text):
        if token[0].startswith("#"):
            yield token[0].rstrip()


def _skip(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def _key(text: str, position: int) -> tuple[tuple[str, ...], int]:
    parts: list[str] = []
    while match := _KEY_PART.match(text, position):
        parts.append(_unquoted(match["part"]))
        position = match.end()
        if not match["dot"]:
            break
    return tuple(parts), position


def _unquoted(part: str) -> str:
    if part.startswith('"'):
        return str(tomllib.loads(f"part = {part}")["part"])
    return part.strip("'")


def _table_path(key: tuple[str, ...], counts: dict[KeyPath, int], is_array: bool) -> KeyPath:
    path: KeyPath = ()
    for number, part in enumerate(key, start=1):
        path += (part,)
        if is_array and number == len(key):
            counts[path] = counts.get(path, 0) + 1
        if path in counts:
            path += (counts[path] - 1,)
    return path


def _value_end(text: str, position: int) -> int:
    depth = 0
    while match := _VALUE_TOKEN.match(text, position):
        position = match.end()
        depth += bool(match["open"]) - bool(match["close"])
        if match["end"] and depth == 0:
            break
    return position
