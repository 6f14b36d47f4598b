"""Lines of text to read, or choices: draws only the lines that differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from textual.content import Content
from textual.message import Message

from dcmecho.console.widgets.row_view import RowView


class Lines(RowView, inherit_bindings=False):
    """Text that scrolls or, with a ``cursor_sign``, choices with a cursor on one of them."""

    class Moved(Message):
        """The user moved the cursor to another choice."""

    def __init__(self, *, id: str, cursor_sign: str = "") -> None:
        super().__init__(id=id)
        self.cursor = 0 if cursor_sign else -1
        self._sign = cursor_sign
        self._write: Callable[[int], Iterable[Content]] = lambda _: ()
        self._rows: Sequence[Content] = ()

    @property
    def row_count(self) -> int:
        """Number of lines."""
        return len(self._rows)

    def row(self, index: int) -> Content:
        """Return one line; the cursor is in front of its choice."""
        if not self._sign:
            return self._rows[index]
        sign = self._sign if index == self.cursor else " "
        return Content.assemble((sign, "$primary"), " ", self._rows[index])

    def is_stop(self, _index: int) -> bool:
        """Return whether the cursor can stop here: on every choice; text only scrolls."""
        return bool(self._sign)

    def cursor_moved(self) -> None:
        """Report the move to the screen."""
        self.post_message(self.Moved())

    def leave(self) -> None:
        """Hide the cursor: enter belongs to something else, and no choice should look selected."""
        before, self.cursor = self.cursor, -1
        self.refresh_line(before)

    def show(self, write: Callable[[int], Iterable[Content]]) -> None:
        """Show the lines that ``write`` returns for the current width."""
        self._write = write
        self.rewrite()

    def rewrite(self) -> None:
        """Call ``write`` again, and draw the lines that differ."""
        self._rows = list(self._write(max(20, self.row_width)))
        self.rows_changed()

    def resized(self) -> None:
        """Wrap to the new width."""
        if self.is_other_width:
            self._rows = ()
            self.rewrite()
