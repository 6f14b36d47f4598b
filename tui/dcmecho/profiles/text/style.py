"""The layout of the keys of a table, so a new key looks like the others."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PAIR = re.compile(
    r"^(?P<indent>[ \t]*)(?P<key>[A-Za-z0-9_-]+)(?P<gap>[ \t]*)=(?P<after>[ \t]*)", re.MULTILINE
)
_HEADER = re.compile(r"^(?P<indent>[ \t]*)\[", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class TableStyle:
    """Indents and the space around ``=``; ``key_width`` is 0 if the ``=`` are not aligned."""

    newline: str = "\n"
    header_indent: str = ""
    key_indent: str = ""
    gap: str = " "
    after: str = " "
    key_width: int = 0

    @classmethod
    def of(cls, lines: str, newline: str) -> TableStyle:
        """Read the style from the lines of one table; there can be no lines."""
        header = _HEADER.search(lines)
        pairs = list(_PAIR.finditer(lines))
        if not header or not pairs:
            return cls(newline)
        gaps = {pair["gap"] for pair in pairs}
        widths = {len(pair["key"] + pair["gap"]) for pair in pairs}
        is_aligned = len(widths) == 1 and len(gaps) > 1
        return cls(
            newline,
            header["indent"],
            pairs[0]["indent"],
            " " if is_aligned else pairs[0]["gap"],
            " " if is_aligned else pairs[0]["after"],
            widths.pop() - 1 if is_aligned else 0,
        )

    def header(self, name: str) -> str:
        """Return the line ``[[name]]``."""
        return f"{self.header_indent}[[{name}]]{self.newline}"

    def table(self, name: str) -> str:
        """Return the line ``[name]``."""
        return f"{self.header_indent}[{name}]{self.newline}"

    def pair(self, key: str, value: str) -> str:
        """Return the line ``key = value``; ``value`` must be TOML."""
        padded = key.ljust(self.key_width)
        return f"{self.key_indent}{padded}{self.gap}={self.after}{value}{self.newline}"
