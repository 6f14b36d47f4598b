"""Patches the lines of a target to change its values and nothing else.

tomlkit edits each changed line on its own; the rest of the file is plain text. Given a whole file,
tomlkit moves the tables and comments between two ``[[target]]``
(https://github.com/python-poetry/tomlkit/pull/601 would fix that), and takes 4.9 s for 5,000
targets, while ``tomllib`` takes 0.7 s (https://github.com/python-poetry/tomlkit/issues/483).
``tests/unit/profiles/edit/test_tomlkit.py`` has the smallest case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import tomlkit
from tomlkit.items import Item

from dcmecho.profiles.book.syntax import comments
from dcmecho.profiles.text.style import TableStyle
from dcmecho.profiles.text.text import Block, Patch, ProfileText

_Key = TypeVar("_Key", bound=str)


def changed_lines(
    file: ProfileText, block: Block, changes: Mapping[_Key, object]
) -> Iterator[Patch]:
    """Yield patches that change values of a table; new ones go last, ``None`` removes one.

    ``tls.verify`` is a dotted key.
    """
    new: dict[_Key, object] = dict(changes)
    inside = len(block.header.path)
    for pair in block.pairs:
        key = next((key for key in changes if pair.path[inside:] == tuple(key.split("."))), None)
        if key is not None:
            line = file.text[pair.start : pair.end]
            yield Patch(pair.start, pair.end, _changed(line, key, new.pop(key)))
    if lines := _new_lines(file, file.text[block.start : block.end], new):
        yield Patch(block.end, block.end, lines)


def new_table(file: ProfileText, values: Mapping[Any, Any]) -> str:
    """Return a target in the style of the last one in the file."""
    model = file.blocks[len(file.tables) - 1][0] if file.tables else None
    lines = file.text[model.start : model.end] if model else ""
    style = TableStyle.of(lines, file.newline)
    pairs = [style.pair(key, as_item(value).as_string()) for key, value in values.items()]
    return style.header("target") + "".join(pairs)


def as_item(value: Any) -> Item:
    """Return a TOML item: whole seconds as ``30``, not ``30.0``, and tables on one line."""
    if isinstance(value, dict):
        table = tomlkit.inline_table()
        for key, held in value.items():
            table[key] = as_item(held)
        return table
    plain = list(value) if isinstance(value, tuple) else value
    is_whole = isinstance(value, float) and value.is_integer()
    return tomlkit.item(int(value) if is_whole else plain)


def comments_alone(line: str) -> str:
    """Return only the comments of a statement that is removed, because they are the user's."""
    kept = list(comments(line))
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    end = line[len(line.rstrip("\r\n")) :]
    return (end or "\n").join(indent + each for each in kept) + (end if kept else "")


def with_all_comments(former: str, line: str) -> str:
    """Return a changed statement; comments that were inside it before are now above it."""
    lost = Counter(comments(former)) - Counter(comments(line))
    indent = former[: len(former) - len(former.lstrip(" \t"))]
    newline = "\r\n" if former.endswith("\r\n") else "\n"
    return "".join(f"{indent}{each}{newline}" for each in lost.elements()) + line


def _changed(line: str, key: str, value: object) -> str:
    if value is None:
        return comments_alone(line)
    document = tomlkit.parse(line)
    table: Any = document
    *tables, last = key.split(".")
    for each in tables:
        table = table[each]
    table[last] = as_item(value)
    return with_all_comments(line, document.as_string())


def _new_lines(file: ProfileText, own_lines: str, new: Mapping[_Key, object]) -> str:
    style = TableStyle.of(own_lines, file.newline)
    lines = [style.pair(key, as_item(v).as_string()) for key, v in new.items() if v is not None]
    is_open = bool(lines) and not own_lines.endswith("\n")
    return (file.newline if is_open else "") + "".join(lines)
