"""The text of a profiles.toml, cut into tables, to be changed and put back as a whole."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dcmecho.profiles.atomic import replace_file
from dcmecho.profiles.model import ProfileError
from dcmecho.profiles.reading import listed_name
from dcmecho.profiles.store import UnreadableFileError, is_writable, parse
from dcmecho.profiles.syntax import Statement, StatementKind, statements


@dataclass(frozen=True, slots=True)
class Block:
    """A table header with the pairs below it; ``next_start`` is where the next table begins."""

    header: Statement
    pairs: tuple[Statement, ...]
    next_start: int

    @property
    def start(self) -> int:
        """Where its header's line begins."""
        return self.header.start

    @property
    def end(self) -> int:
        """Where its last statement's line ends; comments and blank lines may follow."""
        return self.pairs[-1].end if self.pairs else self.header.end


@dataclass(frozen=True, slots=True)
class ProfileText:
    """A file as it is now; ``tables`` are its targets as TOML values, in order."""

    path: Path
    mark: bytes
    text: str
    tables: tuple[dict[str, Any], ...]

    @classmethod
    def read(cls, path: Path) -> ProfileText:
        """Read a file to change it; a missing one is empty. Raises ``ProfileError``."""
        if not is_writable(path):
            raise ProfileError(f"{path}: you may not write this file: ask who owns it")
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return cls(path, b"", "", ())
        except OSError as error:
            raise ProfileError(f"{path}: cannot be read: {error.strerror or error}") from error
        mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
        text, tables = _parse(path, content, "mend this by hand first")
        return cls(path, mark, text, tables)

    @property
    def newline(self) -> str:
        r"""The line ending of the first line: ``\n`` or ``\r\n``."""
        return "\r\n" if self.text.partition("\n")[0].endswith("\r") else "\n"

    def number_of(self, name: str, occurrence: int) -> int:
        """Find a target by name, the ``occurrence``-th from 0. Raises ``ProfileError``."""
        numbers = [i for i, table in enumerate(self.tables) if listed_name(table) == name]
        if occurrence < len(numbers):
            return numbers[occurrence]
        message = f'no target is named "{name}" any more: it was renamed or deleted elsewhere'
        raise ProfileError(f"{self.path}: {message}")

    def check_new_name(self, name: object, except_number: int | None = None) -> None:
        """Raise ``ProfileError`` where a name is missing or another target has it."""
        if not name:
            raise ProfileError(f"{self.path}: name: a target needs a name of its own")
        for number, table in enumerate(self.tables):
            if number != except_number and listed_name(table) == name:
                raise ProfileError(f'{self.path}: name: another target is named "{name}" already')

    def blocks(self, number: int) -> tuple[Block, ...]:
        """Find the table of a target and those below it, which need not stand together.

        Raises ``ProfileError`` for a target in an inline array.
        """
        blocks: list[Block] = []
        header: Statement | None = None
        pairs: list[Statement] = []
        for statement in (*statements(self.text), None):
            if statement and statement.kind is StatementKind.PAIR:
                pairs.append(statement)
                continue
            if header and header.path[:2] == ("target", number):
                next_start = statement.start if statement else len(self.text)
                blocks.append(Block(header, tuple(pairs), next_start))
            header, pairs = statement, []
        if not blocks:
            message = "this target stands in an inline array: write it below [[target]] by hand"
            raise ProfileError(f"{self.path}: {message}")
        return tuple(blocks)

    def with_text(self, text: str) -> ProfileText:
        """Return the file as it would be with another text. Raises ``ProfileError``."""
        return ProfileText(self.path, self.mark, text, self.tables_of(text))

    def tables_of(self, text: str) -> tuple[dict[str, Any], ...]:
        """Read the targets of a changed text. Raises ``ProfileError`` where it is no TOML."""
        return _parse(self.path, self._content(text), "nothing was changed")[1]

    def replace(self, text: str) -> None:
        """Write a changed text in place of the file. Raises ``ProfileError``."""
        try:
            replace_file(self.path, self._content(text))
        except OSError as error:
            reason = error.strerror or str(error)
            raise ProfileError(f"{self.path}: cannot be written: {reason}") from error

    def _content(self, text: str) -> bytes:
        try:
            return self.mark + text.encode("utf-8")
        except UnicodeEncodeError as error:
            message = f"U+{ord(text[error.start]):04X} cannot be written as UTF-8"
            raise ProfileError(f"{self.path}: {message}: type the value again") from error


def _parse(path: Path, content: bytes, advice: str) -> tuple[str, tuple[dict[str, Any], ...]]:
    try:
        text, document = parse(path, content)
    except UnreadableFileError as error:
        raise ProfileError(f"{error.problem}; {advice}") from error
    tables = document.get("target", [])
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        raise ProfileError(f"{path}: target: write [[target]] above each target by hand first")
    return text, tuple(tables)
