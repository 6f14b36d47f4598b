"""What is on the terminal already is not written again.

Textual draws a widget anew when anything in it changed. Over a slow line each of these bytes is
waited for. This keeps the cells that the terminal shows, and makes of what Textual writes the
cells that differ, each colour set once. What it does not know goes through as it is, and whatever
could have moved the cells makes it forget them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import get_character_cell_size

from dcmecho.console.terminal.lean_styles import PLAIN, Look, change, with_sgr

_SYNC_START, _SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
_TOKEN = re.compile(r"\x1b\[(\d+);(\d+)H|\x1b\[([\d;]*)m|(\n)|([^\x00-\x1f\x7f-\x9f]+)")
_SHORT_GAP = 4
"""So many cells cost no more than to move over them."""

_Cell = tuple[str, Look]
"""A letter and its look. The right half of a wide letter is empty."""
_Row = list[_Cell | None]
"""``None`` where it is not known what is shown."""


class _NotDrawingError(Exception):
    """Something else than cells at places."""


class _Place(NamedTuple):
    """Where the terminal writes next."""

    x: int
    y: int


class LeanOutput:
    """Turns what is written for a terminal of a known size into less of the same effect.

    ``leaves_cursor``: the hidden cursor stays where the last letter was written, until it is wanted
    at another place than before.
    """

    def __init__(self, columns: int = 0, rows: int = 0, *, leaves_cursor: bool = False) -> None:
        self._leaves_cursor = leaves_cursor
        self._wanted_at: _Place | None = None
        self._held = ""
        self._look = PLAIN
        self._at: _Place | None = None
        self.forget(columns, rows)

    def forget(self, columns: int, rows: int) -> None:
        """The terminal has this size now, and it is not known what it shows."""
        self._columns, self._rows = columns, rows
        self._shown: list[_Row] = [[None] * columns for _ in range(rows)]
        self._at = self._wanted_at = None

    def reduce(self, data: str) -> str:
        """What to write in place of ``data``; empty where the terminal shows it already."""
        if data == _SYNC_START:
            self._held = data
            return ""
        if data == _SYNC_END:
            held, self._held = self._held, ""
            return "" if held else data
        try:
            reduced = self._drawn(data)
        except _NotDrawingError:
            reduced = change(self._look, PLAIN) + data
            self._look = PLAIN
            self.forget(self._columns, self._rows)
        if reduced:
            reduced, self._held = self._held + reduced, ""
        return reduced

    def _drawn(self, data: str) -> str:
        drawing = _Drawing(self._shown, self._columns)
        drawing.take(data)
        parts: list[str] = []
        for y in sorted(drawing.rows):
            self._write_row(y, drawing.rows[y], parts)
        if drawing.beyond:
            self.forget(self._columns, self._rows)
        self._end_at(drawing.at, parts)
        return "".join(parts)

    def _end_at(self, end: _Place | None, parts: list[str]) -> None:
        is_left = self._leaves_cursor and end == self._wanted_at
        self._wanted_at = end
        if end is not None and end != self._at and not is_left:
            parts.append(f"\x1b[{end.y + 1};{end.x + 1}H")
            self._at = end

    def _write_row(self, y: int, wanted: _Row, parts: list[str]) -> None:
        shown = self._shown[y]
        if wanted == shown:
            return
        for x, (cell, there) in enumerate(zip(wanted, shown, strict=True)):
            if cell != there and cell is not None and cell[0]:
                self._go_to(x, y, wanted, parts)
                self._write(cell, parts)
        self._shown[y] = wanted

    def _go_to(self, x: int, y: int, wanted: _Row, parts: list[str]) -> None:
        at = self._at
        if at is not None and at.y == y and at.x <= x:
            if at.x == x:
                return
            gap = wanted[at.x : x]
            if x - at.x <= _SHORT_GAP and all(map(self._costs_nothing, gap)):
                for cell in gap:
                    if cell is not None:
                        self._write(cell, parts)
                return
            parts.append(f"\x1b[{x - at.x}C")
        else:
            parts.append(f"\x1b[{y + 1};{x + 1}H")
        self._at = _Place(x, y)

    def _costs_nothing(self, cell: _Cell | None) -> bool:
        return cell is not None and cell[0].isascii() and not change(self._look, self._needed(cell))

    def _needed(self, cell: _Cell) -> Look:
        """The look to set for a cell. A space leaves what cannot be seen on it as it is."""
        letter, look = cell
        if letter != " " or look.attributes:
            return look
        now = self._look
        return Look(now.foreground, look.background, now.attributes - now.of_space.attributes)

    def _write(self, cell: _Cell, parts: list[str]) -> None:
        needed = self._needed(cell)
        if needed != self._look:
            parts.append(change(self._look, needed))
            self._look = needed
        letter = cell[0]
        parts.append(letter)
        if self._at is not None:
            self._at = _Place(self._at.x + 1, self._at.y) if letter.isascii() else self._after(cell)

    def _after(self, cell: _Cell) -> _Place | None:
        """Terminals differ in how wide a letter is: beyond a wide one, the place is told anew."""
        at = self._at
        narrow = len(cell[0]) == 1 and get_character_cell_size(cell[0]) == 1
        return _Place(at.x + 1, at.y) if at is not None and narrow else None


class _Drawing:
    """The rows as they are to be, of what Textual writes at once."""

    def __init__(self, shown: list[_Row], columns: int) -> None:
        self.rows: dict[int, _Row] = {}
        self.at: _Place | None = None
        self.beyond = False
        """Something was drawn outside of the terminal, which is smaller than Textual knows."""
        self._shown, self._columns = shown, columns
        self._look = PLAIN

    def take(self, data: str) -> None:
        """Draw it. Raises ``_NotDrawingError`` where it is something else."""
        end = 0
        for token in _TOKEN.finditer(data):
            if token.start() != end:
                break
            end = token.end()
            row, column, sgr, line_feed, text = token.groups()
            if text is not None:
                self._text(text)
            elif sgr is not None:
                self._look = self._with(sgr)
            elif line_feed is not None:
                self.at = None
            else:
                self.at = _Place(int(column) - 1, int(row) - 1)
        if end != len(data):
            raise _NotDrawingError

    def _with(self, sgr: str) -> Look:
        try:
            return with_sgr(self._look, sgr)
        except ValueError:
            raise _NotDrawingError from None

    def _text(self, text: str) -> None:
        at = self.at
        if at is None:
            raise _NotDrawingError
        cells = _cells(text, self._look)
        self.at = _Place(at.x + len(cells), at.y)
        if at.y >= len(self._shown) or at.x + len(cells) > self._columns:
            self.beyond = True
            if at.y >= len(self._shown):
                return
        row = self.rows.get(at.y)
        if row is None:
            row = self.rows[at.y] = list(self._shown[at.y])
        _part_wide_letters(row, self._shown[at.y], at.x, at.x + len(cells))
        row[at.x : at.x + len(cells)] = cells
        del row[self._columns :]


@lru_cache(maxsize=4096)
def _cells(text: str, look: Look) -> Sequence[_Cell]:
    """The cells of a text. Raises ``_NotDrawingError`` where it is not plain which they are."""
    blank = (" ", look.of_space)
    if text.isascii():
        return [(letter, look) if letter != " " else blank for letter in text]
    cells: list[_Cell] = []
    for letter in text:
        width = get_character_cell_size(letter)
        if width == 0:
            if not cells or not cells[-1][0]:
                raise _NotDrawingError
            cells[-1] = (cells[-1][0] + letter, look)
        else:
            cells.append((letter, look) if letter != " " else blank)
            cells += [("", look)] * (width - 1)
    return cells


def _part_wide_letters(row: _Row, shown: _Row, start: int, end: int) -> None:
    """A wide letter of which one half is written over is gone from the terminal."""
    for half, other in ((start, start - 1), (end, end)):
        if 0 <= half < len(row) and (cell := row[half]) is not None and not cell[0]:
            row[other] = shown[other] = None
