"""Lines of text to read, or choices to take: what is new is drawn, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from textual.content import Content

from dcmecho.console.widgets.row_view import RowView


class Lines(RowView, inherit_bindings=False):
    """Text that scrolls. ``write`` gives its lines for a width."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.cursor = -1
        self._write: Callable[[int], Iterable[Content]] = lambda _: ()
        self._rows: Sequence[Content] = ()

    @property
    def row_count(self) -> int:
        """Lines of text."""
        return len(self._rows)

    def row(self, index: int) -> Content:
        """One line."""
        return self._rows[index]

    def is_stop(self, _index: int) -> bool:
        """Text only scrolls."""
        return False

    def show(self, write: Callable[[int], Iterable[Content]]) -> None:
        """Show what ``write`` gives for the width there is."""
        self._write = write
        self.rewrite()

    def rewrite(self) -> None:
        """Write again, and draw the lines that differ."""
        self._rows = list(self._write(max(20, self.row_width)))
        self.rows_changed()

    def resized(self) -> None:
        """Wrap to the new width."""
        if self.is_other_width:
            self._rows = ()
            self.rewrite()


class Choices(Lines, inherit_bindings=False):
    """Lines to choose from, with a cursor."""

    def __init__(self, cursor_sign: str, *, id: str) -> None:
        super().__init__(id=id)
        self.cursor = 0
        self._sign = cursor_sign

    def leave(self) -> None:
        """Have no cursor: enter belongs to something else, and no choice is to look taken."""
        before, self.cursor = self.cursor, -1
        self.refresh_line(before)

    def is_stop(self, _index: int) -> bool:
        """Every line."""
        return True

    def row(self, index: int) -> Content:
        """One choice."""
        sign = self._sign if index == self.cursor else " "
        return Content.assemble((sign, "$primary"), " ", super().row(index))
