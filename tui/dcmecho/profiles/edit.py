"""Changes one target in a profiles.toml and not a byte beside it.

The file is read again before each change, so that what was edited by hand in between stays. Each
changed line is merged by tomlkit on its own: given a whole file, tomlkit moves the tables and
comments that stand between two ``[[target]]``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import tomlkit
from tomlkit.items import Item

from dcmecho.diagnosis.validation import Field
from dcmecho.profiles.model import ProfileError, Value
from dcmecho.profiles.reading import same_value, type_problem
from dcmecho.profiles.style import TableStyle
from dcmecho.profiles.text import Block, ProfileText

_COMMENT_LINES = re.compile(r"(?:[ \t]*#[^\n]*(?:\n|\Z))*")
_BLANK_LINES = re.compile(r"\A(?:[ \t]*\r?\n)*")
_ENDS_BLANK = re.compile(r"(?:\A|\n)[ \t]*\r?\n\Z")
_LAST_BLANK_LINE = re.compile(r"(?:(?<=\n)|\A)[ \t]*\r?\n\Z")


def save_target(
    path: Path, original_name: str, changes: Mapping[Field, Value | None], occurrence: int = 0
) -> None:
    """Change values of the target ``original_name``; ``None`` removes one, to be inherited again.

    ``occurrence`` tells targets of the same name apart (``Profile.occurrence``). Raises
    ``ProfileError``, and the file is then as it was.
    """
    _check_types(path, changes)
    file = ProfileText.read(path)
    number = file.number_of(original_name, occurrence)
    if Field.NAME in changes:
        file.check_new_name(changes[Field.NAME], except_number=number)
    text = _edited(file, number, changes)
    if text != file.text:
        file.replace(text)


def add_target(path: Path, values: Mapping[Field, Value]) -> None:
    """Add a target at the end of the file, which is created with its folder if it is missing.

    Raises ``ProfileError``, and the file is then as it was.
    """
    _check_types(path, values)
    file = ProfileText.read(path)
    file.check_new_name(values.get(Field.NAME))
    text = _appended(file, _new_table(file, values))
    _check_outcome(file, text, len(file.tables), values)
    file.replace(text)


def clone_target(
    path: Path, original_name: str, changes: Mapping[Field, Value | None], occurrence: int = 0
) -> None:
    """Add a copy of a target, with its TLS table and all else inside it, at the end of the file.

    ``changes`` are made in the copy as ``save_target`` makes them; they have its new name. Raises
    ``ProfileError``, and the file is then as it was.
    """
    _check_types(path, changes)
    file = ProfileText.read(path)
    number = file.number_of(original_name, occurrence)
    file.check_new_name(changes.get(Field.NAME))
    spans = _spans(file, file.blocks(number))
    copy = "".join(_whole_lines(file, file.text[start:end]) for start, end in spans)
    grown = file.with_text(_appended(file, copy))
    file.replace(_edited(grown, len(file.tables), changes))


def delete_target(path: Path, name: str, occurrence: int = 0) -> None:
    """Delete a target with the tables and comments inside it; comments around it stay.

    Raises ``ProfileError``, and the file is then as it was.
    """
    file = ProfileText.read(path)
    number = file.number_of(name, occurrence)
    text = file.text
    for start, end in reversed(_spans(file, file.blocks(number))):
        text = _without(text, start, end)
    file.replace(text)


def _edited(file: ProfileText, number: int, changes: Mapping[Field, Value | None]) -> str:
    """Return the text with the values of one target changed, the same where none differs."""
    own = file.tables[number]
    differing = {
        key: value for key, value in changes.items() if not same_value(own.get(key), value)
    }
    if not differing:
        return file.text
    text = _merged(file, number, differing)
    _check_outcome(file, text, number, differing)
    return text


def _appended(file: ProfileText, table: str) -> str:
    """Return the text with one more table, below a blank line, at its end."""
    text = _whole_lines(file, file.text)
    return text + (file.newline if text.strip() else "") + table


def _whole_lines(file: ProfileText, text: str) -> str:
    return text + (file.newline if text and not text.endswith("\n") else "")


def _check_types(path: Path, values: Mapping[Field, Value | None]) -> None:
    for key, value in values.items():
        problem = None if value is None else type_problem(key, value)
        if problem:
            raise ProfileError(f"{path}: {key}: {problem}")


def _check_outcome(
    file: ProfileText, text: str, number: int, expected: Mapping[Field, Value | None]
) -> None:
    """Raise ``ProfileError`` where the changed text does not say what was asked for."""
    table = file.tables_of(text)[number]
    for key, value in expected.items():
        if not same_value(table.get(key), value):
            raise ProfileError(f"{file.path}: {key}: this value cannot be written to the file")


def _merged(file: ProfileText, number: int, changes: Mapping[Field, Value | None]) -> str:
    """Return the text with the changed lines changed and new ones below the target's others."""
    block = file.blocks(number)[0]
    new = dict(changes)
    pieces = []
    done = 0
    for pair in block.pairs:
        key = next((key for key in changes if pair.path[2:] == (key,)), None)
        if key:
            line = file.text[pair.start : pair.end]
            pieces += [file.text[done : pair.start], _changed(line, key, new.pop(key))]
            done = pair.end
    added = _new_lines(file, file.text[block.start : block.end], new)
    return "".join([*pieces, file.text[done : block.end], added, file.text[block.end :]])


def _changed(line: str, key: Field, value: Value | None) -> str:
    if value is None:
        return ""
    document = tomlkit.parse(line)
    document[key] = _item(value)
    return document.as_string()


def _new_lines(file: ProfileText, own_lines: str, new: Mapping[Field, Value | None]) -> str:
    style = TableStyle.of(own_lines, file.newline)
    lines = [style.pair(key, _item(v).as_string()) for key, v in new.items() if v is not None]
    is_open = bool(lines) and not own_lines.endswith("\n")
    return (file.newline if is_open else "") + "".join(lines)


def _new_table(file: ProfileText, values: Mapping[Field, Value]) -> str:
    model = file.blocks(len(file.tables) - 1)[0] if file.tables else None
    lines = file.text[model.start : model.end] if model else ""
    style = TableStyle.of(lines, file.newline)
    pairs = [style.pair(key, _item(value).as_string()) for key, value in values.items()]
    return style.header("target") + "".join(pairs)


def _item(value: Value) -> Item:
    is_whole = isinstance(value, float) and value.is_integer()
    return tomlkit.item(int(value) if is_whole else value)


def _spans(file: ProfileText, blocks: Sequence[Block]) -> list[tuple[int, int]]:
    """Return what to cut out: each table, with its own comments and what stands inside it."""
    spans: list[tuple[int, int]] = []
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        if following and following.start == block.next_start:
            end = block.next_start
        else:
            end = block.end + _own_comments(file.text, block)
        spans.append((block.start, end))
    return spans


def _own_comments(text: str, block: Block) -> int:
    """Measure the comments right below a table, unless they stand right above the next one."""
    end = _COMMENT_LINES.match(text, block.end, block.next_start)
    length = end.end() - block.end if end else 0
    is_of_next = block.end + length == block.next_start < len(text)
    return 0 if is_of_next else length


def _without(text: str, start: int, end: int) -> str:
    """Cut out ``text[start:end]`` and the blank lines that kept it apart."""
    before, after = text[:start], text[end:]
    if not before or _ENDS_BLANK.search(before):
        after = _BLANK_LINES.sub("", after, count=1)
    if not after and before.strip():
        before = _LAST_BLANK_LINE.sub("", before)
    return before + after
