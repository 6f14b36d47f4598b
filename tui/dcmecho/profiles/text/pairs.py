"""Patches the lines of a target to change its values and nothing else.

tomlkit edits each changed line on its own; the rest of the file is plain text. Given a whole file,
tomlkit moves the tables and comments between two ``[[target]]``
(https://github.com/python-poetry/tomlkit/pull/601 would fix that), and takes 4.9 s for 5,000
targets, while ``tomllib`` takes 0.7 s (https://github.com/python-poetry/tomlkit/issues/483).
``tests/unit/profiles/edit/test_tomlkit.py`` has the smallest case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import tomlkit
from tomlkit.items import Item

from dcmecho.diagnosis.target.fields import Field, Value
from dcmecho.profiles.text.style import TableStyle
from dcmecho.profiles.text.text import Block, Patch, ProfileText


def changed_lines(
    file: ProfileText, block: Block, changes: Mapping[Field, Value | None]
) -> Iterator[Patch]:
    """Yield patches that change values of a table; new ones go last, ``None`` removes one."""
    new = dict(changes)
    for pair in block.pairs:
        key = next((key for key in changes if pair.path[2:] == (key,)), None)
        if key:
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
    is_whole = isinstance(value, float) and value.is_integer()
    return tomlkit.item(int(value) if is_whole else value)


def _changed(line: str, key: Field, value: Value | None) -> str:
    document = tomlkit.parse(line)
    if value is None:
        return _comment_alone(line, document.item(key))
    document[key] = as_item(value)
    return document.as_string()


def _comment_alone(line: str, item: object) -> str:
    """Return only the comment of a removed line, because it is the user's."""
    if not isinstance(item, Item) or not item.trivia.comment:
        return ""
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    return indent + item.trivia.comment + item.trivia.trail


def _new_lines(file: ProfileText, own_lines: str, new: Mapping[Field, Value | None]) -> str:
    style = TableStyle.of(own_lines, file.newline)
    lines = [style.pair(key, as_item(v).as_string()) for key, v in new.items() if v is not None]
    is_open = bool(lines) and not own_lines.endswith("\n")
    return (file.newline if is_open else "") + "".join(lines)
