"""The line in which a filter is typed, in place of the keys."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from dcmecho.console.commands import Pane


class FilterBar(Horizontal):
    """Filters while one types: enter keeps the filter, esc takes it away."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "clear", "No filter")]

    DEFAULT_CSS = """
    FilterBar {
        height: 1;
        background: $panel;
        .filter-label { width: auto; padding: 0 1; color: $accent; text-style: bold; }
        .filter-keys { width: auto; padding: 0 1; color: $quiet; }
        Input { width: 1fr; background: $block-cursor-background; }
    }
    """

    class Typed(Message):
        """The filter of a pane is now this text."""

        def __init__(self, pane: Pane, text: str) -> None:
            self.pane = pane
            self.text = text
            super().__init__()

    class Closed(Message):
        """The user is done with the filter of a pane."""

        def __init__(self, pane: Pane) -> None:
            self.pane = pane
            super().__init__()

    def __init__(self, pane: Pane, text: str) -> None:
        super().__init__(id="filter")
        self._pane = pane
        self._text = text

    def compose(self) -> ComposeResult:
        """Label, input, keys."""
        yield Static(f"{self._pane.value} with /", classes="filter-label", markup=False)
        box = Input(self._text, compact=True, select_on_focus=False)
        box.cursor_blink = False
        yield box
        yield Static("enter keeps, esc shows all", classes="filter-keys", markup=False)

    def on_mount(self) -> None:
        """Begin to type."""
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(self._pane, event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Closed(self._pane))

    def action_clear(self) -> None:
        """Show everything again."""
        self.post_message(self.Typed(self._pane, ""))
        self.post_message(self.Closed(self._pane))
