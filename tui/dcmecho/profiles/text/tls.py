"""Changes the TLS values of one target, in whatever form its file has them.

A table ``[target.tls]``, an inline table ``tls = {...}`` and dotted keys ``tls.verify = ...`` each
stay what they are. No comment is lost, whatever is removed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import tomlkit
from tomlkit.items import InlineTable

from dcmecho.diagnosis.target.tls_keys import TlsKey, TlsSwitch
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.book.syntax import Statement
from dcmecho.profiles.book.tables.tls import TLS_KEY
from dcmecho.profiles.book.tables.written_tls import TlsChanges, TlsValues, applied, written_tls
from dcmecho.profiles.text.inline import InlineTargets, change_table
from dcmecho.profiles.text.pairs import (
    as_item,
    changed_lines,
    comments_alone,
    with_all_comments,
)
from dcmecho.profiles.text.style import TableStyle
from dcmecho.profiles.text.text import Block, Patch, ProfileText, patched


def with_tls(file: ProfileText, number: int, changes: TlsChanges) -> str:
    """Return the text with TLS values of one target changed. Raises ``ProfileError``.

    A value for a key makes the table if it is missing; without the switch, the table goes.
    """
    if not changes:
        return file.text
    wanted = applied(written_tls(file.tables[number]), changes)
    keys = {key.value: changes[key] for key in TlsKey if key in changes}
    if file.array:
        text = InlineTargets(file, file.array).with_tls(number, wanted.get(TlsSwitch.TLS), keys)
    else:
        text = patched(file.text, _patches(_Place.of(file, number), wanted, keys))
    _check(file, number, text, wanted)
    return text


class _Place:
    """Where the TLS values of one target are."""

    def __init__(self, file: ProfileText, main: Block, tables: list[Block]) -> None:
        self.file = file
        self.main = main
        self.tables = tables
        """Its table, and tables inside that."""
        self.pairs = [pair for pair in main.pairs if pair.path[2:3] == (TLS_KEY,)]
        """``tls = ...``, or dotted keys."""

    @classmethod
    def of(cls, file: ProfileText, number: int) -> _Place:
        main, *others = file.blocks[number]
        return cls(file, main, [each for each in others if each.header.path[2] == TLS_KEY])

    @property
    def table(self) -> Block | None:
        """``[target.tls]``."""
        return next((each for each in self.tables if len(each.header.path) == 3), None)

    @property
    def whole(self) -> Statement | None:
        """``tls = ...``."""
        return next((pair for pair in self.pairs if len(pair.path) == 3), None)

    def text(self, statement: Statement) -> str:
        return self.file.text[statement.start : statement.end]

    def without(self) -> Iterator[Patch]:
        """Take everything out but the comments."""
        headers = [each.header for each in self.tables]
        pairs = [pair for each in self.tables for pair in each.pairs]
        for statement in (*self.pairs, *headers, *pairs):
            alone = comments_alone(self.text(statement))
            yield Patch(statement.start, statement.end, alone)

    def added(self, lines: str) -> Patch:
        """Add lines at the end of the table of the target."""
        end = self.main.end
        is_open = not self.file.text[:end].endswith("\n")
        return Patch(end, end, (self.file.newline if is_open else "") + lines)

    @property
    def style(self) -> TableStyle:
        lines = self.file.text[self.main.start : self.main.end]
        return TableStyle.of(lines, self.file.newline)


def _patches(place: _Place, wanted: TlsValues, keys: Mapping[str, object]) -> list[Patch]:
    if wanted.get(TlsSwitch.TLS) is True:
        return list(_with_keys(place, wanted, keys))
    if wanted and place.whole:
        line = place.text(place.whole)
        return [Patch(place.whole.start, place.whole.end, _replaced(line, as_item(False)))]
    off = [place.added(place.style.pair(TLS_KEY, "false"))] if wanted else []
    return [*place.without(), *off]


def _with_keys(place: _Place, wanted: TlsValues, keys: Mapping[str, object]) -> Iterator[Patch]:
    if place.table:
        yield from changed_lines(place.file, place.table, keys)
    elif place.whole and _is_inline(place.text(place.whole)):
        line = place.text(place.whole)
        yield Patch(place.whole.start, place.whole.end, _changed_inline(line, keys))
    elif place.pairs and place.whole is None:
        yield from _changed_dotted(place, wanted, keys)
    else:
        yield from place.without()
        style = place.style
        pairs = [
            style.pair(key, as_item(value).as_string())
            for key, value in keys.items()
            if value is not None
        ]
        yield place.added(style.table(f"target.{TLS_KEY}") + "".join(pairs))


def _changed_dotted(
    place: _Place, wanted: TlsValues, keys: Mapping[str, object]
) -> Iterator[Patch]:
    if len(wanted) == 1:
        yield from place.without()
        yield place.added(place.style.pair(TLS_KEY, "{}"))
        return
    dotted = {f"{TLS_KEY}.{key}": value for key, value in keys.items()}
    yield from changed_lines(place.file, place.main, dotted)


def _is_inline(line: str) -> bool:
    return isinstance(tomlkit.parse(line)[TLS_KEY], InlineTable)


def _replaced(line: str, item: Any) -> str:
    document = tomlkit.parse(line)
    document[TLS_KEY] = item
    return with_all_comments(line, document.as_string())


def _changed_inline(line: str, keys: Mapping[str, object]) -> str:
    document = tomlkit.parse(line)
    change_table(document[TLS_KEY], keys)
    return with_all_comments(line, document.as_string())


def _check(file: ProfileText, number: int, text: str, wanted: TlsValues) -> None:
    """Raise ``ProfileError`` if the text has other values, or if another target has changed."""
    tables = file.with_text(text).tables
    others = [each for n, each in enumerate(tables) if n != number]
    are_same = others == [each for n, each in enumerate(file.tables) if n != number]
    if not are_same or written_tls(tables[number]) != wanted:
        raise ProfileError(f"{file.path}: {TLS_KEY}: these values cannot be written to the file")
