"""Writes nothing again that is on the terminal already.

Textual draws a whole widget again when anything in it has changed. On a slow line the user waits
for each of these bytes. This module keeps the cells that the terminal shows, and reduces what
Textual writes to the cells that differ, setting each color only once. Unknown sequences are passed
on unchanged; after anything that could have moved the cells, it forgets what is shown.
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
"""Writing this many cells costs no more than moving the cursor over them."""

_Cell = tuple[str, Look]
"""A letter and its look. The right half of a wide letter is empty."""
_Row = list[_Cell | None]
"""``None`` if it is not known what the row shows."""


class _NotDrawingError(Exception):
    """The data contain something other than cells at places."""


class _Place(NamedTuple):
    """The position at which the terminal writes next."""

    x: int
    y: int


class LeanOutput:
    """Turns output for a terminal of a known size into less output with the same effect.

    ``leaves_cursor``: the hidden cursor stays after the last letter written, until it must move to
    a new place.
    """

    def __init__(self, columns: int = 0, rows: int = 0, *, leaves_cursor: bool = False) -> None:
        self._leaves_cursor = leaves_cursor
        self._wanted_at: _Place | None = None
        self._held = ""
        self._look = PLAIN
        self._at: _Place | None = None
        self.forget(columns, rows)

    def forget(self, columns: int, rows: int) -> None:
        """Forget what the terminal shows, and note its size."""
        self._columns, self._rows = columns, rows
        self._shown: list[_Row] = [[None] * columns for _ in range(rows)]
        self._at = self._wanted_at = None

    def reduce(self, data: str) -> str:
        """Return what to write instead of ``data``; empty if the terminal shows it already."""
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
        """Return the look to set for a cell. For a space, invisible attributes need not change."""
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
        """Return the place after a letter, ``None`` after one whose width terminals disagree on."""
        at = self._at
        narrow = len(cell[0]) == 1 and get_character_cell_size(cell[0]) == 1
        return _Place(at.x + 1, at.y) if at is not None and narrow else None


class _Drawing:
    """The rows as they should be after Textual's next write."""

    def __init__(self, shown: list[_Row], columns: int) -> None:
        self.rows: dict[int, _Row] = {}
        self.at: _Place | None = None
        self.beyond = False
        """Something was drawn outside the terminal, which is smaller than Textual knows."""
        self._shown, self._columns = shown, columns
        self._look = PLAIN

    def take(self, data: str) -> None:
        """Draw ``data``. Raises ``_NotDrawingError`` if it is something other than a drawing."""
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
    """Yield the cells of a text. Raises ``_NotDrawingError`` if they cannot be determined."""
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
    """Remove a wide letter if one of its halves was overwritten, as terminals do."""
    for half, other in ((start, start - 1), (end, end)):
        if 0 <= half < len(row) and (cell := row[half]) is not None and not cell[0]:
            row[other] = shown[other] = None
