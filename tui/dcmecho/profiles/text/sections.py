"""Parts of a profiles.toml that keep their keys while other parts are added, moved or renamed.

A file is a list of sections, each a table with its lines. A section is a list of pieces:
statements, and the comments and blank lines between them. The pieces joined are exactly the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dcmecho.profiles.book.syntax import KeyPath, Statement, StatementKind
from dcmecho.profiles.text.text import ProfileText

HEAD: KeyPath = ()
"""The key of the section above the first table."""
HEADER: KeyPath = ("[]",)
"""The key of the header line of a table."""
_AFTER = "\n"
"""Last part of the key of a piece after a statement; no TOML key can be a line break."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A statement, with its key inside its table, or the comments and blank lines after it."""

    key: KeyPath
    text: str

    @property
    def is_between(self) -> bool:
        """Report whether it is comments and blank lines."""
        return self.key[-1:] == (_AFTER,)

    @property
    def is_known_by(self) -> str:
        """Its key, for messages."""
        parts = [str(part) for part in self.key if part != _AFTER]
        key = ".".join(parts) or "the first lines"
        return f"the comments below {key}" if self.is_between else key


@dataclass(frozen=True, slots=True)
class Section:
    """A table up to the next one. ``key`` is ``("target", "CT 2", 0, "tls")``, by name."""

    key: KeyPath
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The lines of the section."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def target(self) -> KeyPath | None:
        """The key of the target that it belongs to."""
        return self.key[:3] if self.key[:1] == ("target",) else None

    @property
    def is_known_by(self) -> str:
        """Its header or the name of its target, for messages."""
        if self.target:
            return f'the target "{self.key[1]}"'
        return f"[{'.'.join(map(str, self.key))}]" if self.key else "the top of the file"


def sections(file: ProfileText) -> Sequence[Section]:
    """Cut a file into its tables."""
    found: list[Section] = []
    key, pieces = HEAD, list[Piece]()
    header: Statement | None = None
    done, before = 0, KeyPath()
    for statement in file.statements:
        pieces.append(Piece((*before, _AFTER), file.text[done : statement.start]))
        if statement.kind is StatementKind.PAIR:
            before = statement.path[len(header.path) if header else 0 :]
        else:
            found.append(Section(key, tuple(pieces)))
            header, key, pieces, before = statement, _named(statement.path, file), [], HEADER
        pieces.append(Piece(before, file.text[statement.start : statement.end]))
        done = statement.end
    pieces.append(Piece((*before, _AFTER), file.text[done:]))
    return [*found, Section(key, tuple(pieces))]


def _named(path: KeyPath, file: ProfileText) -> KeyPath:
    number = path[1] if len(path) > 1 and path[0] == "target" else None
    if not isinstance(number, int):
        return path
    name = file.names[number]
    return ("target", name, file.numbers[name].index(number), *path[2:])
