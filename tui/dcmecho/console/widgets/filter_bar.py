"""The line for typing a filter. It replaces the line of keys."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from dcmecho.console.command import Pane


class FilterBar(Horizontal):
    """Filters while the user types: enter keeps the filter, esc clears it.

    It is always mounted but usually hidden. So it receives what is typed right after its key,
    however slow the line.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "clear", "No filter")]

    DEFAULT_CSS = """
    FilterBar {
        height: 1;
        background: $panel;
        display: none;
        .filter-label { width: auto; padding: 0 1; color: $accent; text-style: bold; }
        .filter-keys { width: auto; padding: 0 1; color: $quiet; }
        Input { width: 1fr; }
    }
    """

    class Typed(Message):
        """The text of a pane's filter has changed."""

        def __init__(self, pane: Pane, text: str) -> None:
            self.pane = pane
            self.text = text
            super().__init__()

    class Closed(Message):
        """The filter of a pane is finished; ``back`` tells whether to return to the pane."""

        def __init__(self, pane: Pane, *, back: bool) -> None:
            self.pane = pane
            self.back = back
            super().__init__()

    def __init__(self) -> None:
        super().__init__(id="filter")
        self._pane = Pane.TARGETS

    def compose(self) -> ComposeResult:
        """Yield label, input and keys."""
        yield Static(classes="filter-label", markup=False)
        box = Input(compact=True)
        box.cursor_blink = False
        yield box
        yield Static("enter keeps, esc shows all", classes="filter-keys", markup=False)

    @property
    def is_open(self) -> bool:
        """True while a filter is being typed."""
        return bool(self.display)

    def open(self, pane: Pane, text: str) -> None:
        """Start typing the filter of a pane, which is ``text`` so far."""
        self._pane = pane
        self.query_one(".filter-label", Static).update(f"{pane.value} with /")
        box = self.query_one(Input)
        with self.prevent(Input.Changed):
            box.value = text
        self.display = True
        self.screen.set_focus(box)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self.is_open:
            self.post_message(self.Typed(self._pane, event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._close(back=True)

    def action_clear(self) -> None:
        """Clear the filter."""
        self.post_message(self.Typed(self._pane, ""))
        self._close(back=True)

    def on_descendant_blur(self) -> None:
        """Keep the filter when the focus moves elsewhere."""
        self._close(back=False)

    def _close(self, *, back: bool) -> None:
        if self.is_open:
            self.display = False
            self.post_message(self.Closed(self._pane, back=back))
