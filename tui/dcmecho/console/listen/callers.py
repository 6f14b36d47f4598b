"""The list of callers, newest first, and one call in full."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.message import Message

from dcmecho.console.command import Pane
from dcmecho.console.commands import bindings
from dcmecho.console.listen.rows import caller_row
from dcmecho.console.symbols import Symbols
from dcmecho.console.widgets.lines import Lines
from dcmecho.console.widgets.row_keys import MovesRows
from dcmecho.console.widgets.row_view import RowView
from dcmecho.diagnosis.listen.book import JudgedCall


class CallerList(RowView, inherit_bindings=False):
    """The calls. The cursor stays on the newest until the user moves it to an older one."""

    class Selected(Message):
        """The user moved to another call."""

    def __init__(self, symbols: Symbols) -> None:
        super().__init__(id="callers")
        self._symbols = symbols
        self._calls: Sequence[JudgedCall] = ()

    @property
    def row_count(self) -> int:
        """Number of calls that are kept."""
        return len(self._calls)

    def row(self, index: int) -> Content:
        """Return one call."""
        sign = self._symbols.cursor if index == self.cursor else " "
        line = caller_row(self._calls[index], self.row_width - 2, self._symbols)
        return Content.assemble((sign, "$primary"), line)

    def cursor_moved(self) -> None:
        """Show that call in full."""
        self.post_message(self.Selected())

    @property
    def selected(self) -> JudgedCall | None:
        """The call under the cursor."""
        return self._calls[self.cursor] if 0 <= self.cursor < len(self._calls) else None

    def show(self, calls: Sequence[JudgedCall]) -> None:
        """Show these calls; the cursor stays on its call, or follows the newest."""
        before = self.selected
        followed = self.cursor == 0
        self._calls = calls
        numbers = [each.call.number for each in calls]
        if followed or before is None or before.call.number not in numbers:
            self.cursor = 0
        else:
            self.cursor = numbers.index(before.call.number)
        self.rows_changed()
        self.move_to(self.cursor, by_user=False)


class Calls(MovesRows, Container):
    """The calls, with the selected one in full beside them."""

    BINDINGS = bindings(Pane.LISTENER)

    def __init__(self, symbols: Symbols) -> None:
        super().__init__(id="calls")
        self._symbols = symbols

    def compose(self) -> ComposeResult:
        """Yield the list and the call."""
        yield CallerList(self._symbols)
        yield Lines(id="call")

    @property
    def callers(self) -> CallerList:
        """The list."""
        return self.query_one(CallerList)

    @property
    def details(self) -> Lines:
        """The selected call in full."""
        return self.query_one("#call", Lines)

    @property
    def moved_pane(self) -> RowView:
        """The pane with the focus."""
        return self.details if self.details.has_focus else self.callers
