"""The text of a profiles.toml, split into tables to be changed."""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from dcmecho.profiles.book.load import UnreadableFileError, parse
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.book.syntax import Statement, StatementKind, statements
from dcmecho.profiles.book.values import listed_name
from dcmecho.regular_file import MOST_BYTES


@dataclass(frozen=True, slots=True)
class Block:
    """A table header with the pairs below it; the next table starts at ``next_start``."""

    header: Statement
    pairs: tuple[Statement, ...]
    next_start: int

    @property
    def start(self) -> int:
        """The start of its header line."""
        return self.header.start

    @property
    def end(self) -> int:
        """The end of its last statement; comments and blank lines can follow."""
        return self.pairs[-1].end if self.pairs else self.header.end


@dataclass(frozen=True, slots=True)
class Patch:
    """A text that replaces ``text[start:end]``."""

    start: int
    end: int
    text: str


def patched(text: str, patches: Sequence[Patch]) -> str:
    """Return the text with patches applied, which must not overlap."""
    pieces = []
    done = 0
    for patch in sorted(patches, key=lambda patch: (patch.start, patch.end)):
        pieces += [text[done : patch.start], patch.text]
        done = patch.end
    return "".join([*pieces, text[done:]])


@dataclass(frozen=True)
class ProfileText:
    """A text without its byte order mark; ``tables`` are its targets as TOML values, in order."""

    path: Path
    mark: bytes
    text: str
    tables: tuple[dict[str, Any], ...]

    @classmethod
    def of(cls, path: Path, content: bytes | None) -> ProfileText:
        """Parse the content of a file; ``None`` counts as an empty file.

        Raises ``ProfileError``.
        """
        if content is None:
            return cls(path, b"", "", ())
        mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
        text, tables = _parse(path, content, "fix this by hand first")
        return cls(path, mark, text, tables)

    @property
    def newline(self) -> str:
        r"""The line ending of the first line: ``\n`` or ``\r\n``."""
        return "\r\n" if self.text.partition("\n")[0].endswith("\r") else "\n"

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names that the targets are listed under, in order."""
        return tuple(listed_name(table) for table in self.tables)

    @cached_property
    def numbers(self) -> Mapping[str, Sequence[int]]:
        """The indexes of the targets of each name."""
        numbers: dict[str, list[int]] = {}
        for number, name in enumerate(self.names):
            numbers.setdefault(name, []).append(number)
        return numbers

    @cached_property
    def statements(self) -> Sequence[Statement]:
        """All statements of the text."""
        return tuple(statements(self.text))

    @cached_property
    def array(self) -> Statement | None:
        """The statement ``target = [...]`` of a file that has its targets in an inline array."""
        return next((each for each in self.statements if each.path == ("target",)), None)

    @cached_property
    def blocks(self) -> Mapping[int, Sequence[Block]]:
        """The table of each target and its subtables, which need not be adjacent."""
        blocks: dict[int, list[Block]] = {}
        header: Statement | None = None
        pairs: list[Statement] = []
        for statement in (*self.statements, None):
            if statement and statement.kind is StatementKind.PAIR:
                pairs.append(statement)
                continue
            if header and header.path[0] == "target" and isinstance(header.path[1], int):
                next_start = statement.start if statement else len(self.text)
                block = Block(header, tuple(pairs), next_start)
                blocks.setdefault(header.path[1], []).append(block)
            header, pairs = statement, []
        return blocks

    def number_of(self, name: str, occurrence: int) -> int:
        """Return the index of a target; ``occurrence`` counts from 0. Raises ``ProfileError``."""
        numbers = self.numbers.get(name, ())
        if occurrence < len(numbers):
            return numbers[occurrence]
        message = f'no target is named "{name}" any longer'
        raise ProfileError(f"{self.path}: {message}; someone renamed or deleted it")

    def with_text(self, text: str) -> ProfileText:
        """Return the file with another text. Raises ``ProfileError``."""
        tables = _parse(self.path, self.content_of(text), "nothing was changed")[1]
        return ProfileText(self.path, self.mark, text, tables)

    def content_of(self, text: str) -> bytes:
        """Return the bytes of the file with another text. Raises ``ProfileError``."""
        try:
            content = self.mark + text.encode("utf-8")
        except UnicodeEncodeError as error:
            message = f"U+{ord(text[error.start]):04X} cannot be written as UTF-8"
            raise ProfileError(f"{self.path}: {message}; type the value again") from error
        if len(content) > MOST_BYTES:
            message = f"would be longer than {MOST_BYTES >> 20} MB, the most that dcmecho reads"
            raise ProfileError(f"{self.path}: {message}")
        return content


def _parse(path: Path, content: bytes, advice: str) -> tuple[str, tuple[dict[str, Any], ...]]:
    try:
        text, document = parse(path, content)
    except UnreadableFileError as error:
        raise ProfileError(f"{error.problem}; {advice}") from error
    tables = document.get("target", [])
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        raise ProfileError(f"{path}: target: write [[target]] above each target by hand first")
    return text, tuple(tables)
