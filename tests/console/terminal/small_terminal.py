"""A terminal of few sequences, to see what comes of what is written to it."""

from __future__ import annotations

import re

from rich.cells import get_character_cell_size

from dcmecho.console.terminal.lean_styles import PLAIN, Look, with_sgr

_TOKEN = re.compile(
    r"\x1b\[(?P<row>\d+);(?P<column>\d+)H|\x1b\[(?P<over>\d+)C|\x1b\[(?P<sgr>[\d;]*)m"
    r"|(?P<other>\x1b\[[?<>][\d;$]*[a-z]|\x1b\[[\d;]*t|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\))|(?P<line_feed>\n)|(?P<letter>[^\x1b])"
)
_BLANK = (" ", PLAIN)


class SmallTerminal:
    """Cells of letter and look. Lines do not wrap."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.cells = [[_BLANK] * columns for _ in range(rows)]
        self._look = PLAIN
        self.x = self.y = 0

    def write(self, data: str) -> None:
        """Take what is written. Fails on what it does not know."""
        end = 0
        while end < len(data):
            token = _TOKEN.match(data, end)
            assert token is not None, f"unknown: {data[end : end + 20]!r}"
            end = token.end()
            if token["row"]:
                self.x, self.y = int(token["column"]) - 1, int(token["row"]) - 1
            elif token["over"]:
                self.x += int(token["over"])
            elif token["sgr"] is not None:
                self._look = with_sgr(self._look, token["sgr"])
            elif token["letter"]:
                self._put(token["letter"])

    def _put(self, letter: str) -> None:
        row = self.cells[self.y]
        width = get_character_cell_size(letter)
        if width == 0:
            before = self.x - 1 if row[self.x - 1][0] else self.x - 2
            row[before] = (row[before][0] + letter, row[before][1])
            return
        for half, other in ((self.x, self.x - 1), (self.x + width, self.x + width)):
            if 0 <= half < self.columns and not row[half][0]:
                row[other] = _BLANK
        row[self.x] = (letter, self._look)
        if width == 2:
            row[self.x + 1] = ("", self._look)
        self.x += width

    @property
    def seen(self) -> list[list[tuple[str, Look]]]:
        """The cells, as an eye tells them apart."""
        return [
            [(letter, look.of_space if letter == " " else look) for letter, look in row]
            for row in self.cells
        ]
