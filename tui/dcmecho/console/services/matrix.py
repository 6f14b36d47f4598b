"""The matrix of SOP classes and transfer syntaxes, with a cursor on its rows."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.message import Message

from dcmecho.console.services.rows import MatrixRow, introduction, matrix_rows
from dcmecho.console.symbols import Symbols
from dcmecho.console.widgets.row_view import RowView
from dcmecho.diagnosis.services.model import Matrix, SopClassRow


class MatrixView(RowView, inherit_bindings=False):
    """The cursor stops only at SOP classes; the other rows scroll."""

    class Moved(Message):
        """The cursor is on another SOP class."""

    def __init__(self, symbols: Symbols) -> None:
        super().__init__(id="matrix")
        self.cursor = -1
        self._symbols = symbols
        self._matrix: Matrix | None = None
        self._rows: Sequence[MatrixRow] = ()

    @property
    def row_count(self) -> int:
        """Number of rows, including headings."""
        return len(self._rows)

    def row(self, index: int) -> Content:
        """Return one row; the rows of SOP classes begin with the cursor."""
        row = self._rows[index]
        if row.about is None:
            return row.content
        sign = self._symbols.cursor if index == self.cursor else " "
        return Content.assemble((sign, "$primary"), " ", row.content)

    def is_stop(self, index: int) -> bool:
        """Return whether the cursor can stop here: only on SOP classes."""
        return self._rows[index].about is not None

    @property
    def about(self) -> SopClassRow | None:
        """The SOP class under the cursor."""
        return self._rows[self.cursor].about if 0 <= self.cursor < self.row_count else None

    def show(self, matrix: Matrix | None) -> None:
        """Show a matrix; without one, what can be asked."""
        if matrix != self._matrix or not self._rows:
            self._matrix = matrix
            self._write()

    def _write(self) -> None:
        uid = self.about.sop_class.uid if self.about else None
        width = max(20, self.row_width)
        if self._matrix is None:
            self._rows = [MatrixRow(content) for content in introduction(width)]
            self.cursor = -1
        else:
            self._rows = matrix_rows(self._matrix, width, self._symbols)
            stops = [index for index in range(self.row_count) if self.is_stop(index)]
            again = (i for i in stops if (row := self._rows[i].about) and row.sop_class.uid == uid)
            self.cursor = next(again, stops[0])
        self.rows_changed()

    def cursor_moved(self) -> None:
        """Report that another SOP class is selected."""
        self.post_message(self.Moved())

    def resized(self) -> None:
        """Wrap to the new width."""
        self._write()
