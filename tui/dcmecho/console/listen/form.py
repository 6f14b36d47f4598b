"""The form of the listener: where to listen, and under which AE title."""

from __future__ import annotations

from collections.abc import Mapping

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from dcmecho.console.command import Pane
from dcmecho.console.commands import bindings
from dcmecho.console.listen.request import ListenField
from dcmecho.console.widgets.field_steps import step

_PROMISE = (
    "The listener answers C-ECHO, accepts nothing else and keeps no data. It stops when you leave"
    " it, or after 10 minutes."
)


class ListenForm(Vertical, can_focus=False):
    """Four fields. The screen says what is wrong with them."""

    BINDINGS = bindings(Pane.LISTEN_FORM)

    DEFAULT_CSS = """
    ListenForm {
        height: auto;
        padding: 1 1;
        .entry { height: auto; }
        .entry-label { width: 14; height: 1; color: $quiet; }
        .entry:focus-within .entry-label { color: $accent; text-style: bold; }
        .entry Input { width: 24; background: $panel; }
        .entry-why { width: 1fr; height: auto; padding-left: 2; color: $quiet; }
        .promise { height: auto; margin-top: 1; color: $quiet; }
    }
    """

    class Submitted(Message):
        """Request to listen with these values."""

    def __init__(
        self, entries: Mapping[ListenField, str], explanations: Mapping[ListenField, str]
    ) -> None:
        super().__init__(id="listen-form")
        self._entries = entries
        self._explanations = explanations
        self.border_title = Content("Who calls you?  enter listens, esc leaves")

    def compose(self) -> ComposeResult:
        """Yield one line per field, and what the listener does and does not do."""
        for entry in ListenField:
            with Horizontal(classes="entry"):
                yield Static(entry.value, classes="entry-label", markup=False)
                box = Input(self._entries[entry], compact=True, id=_id(entry))
                box.cursor_blink = False
                yield box
                yield Static(self._explanations[entry], classes="entry-why", markup=False)
        yield Static(_PROMISE, classes="promise", markup=False)

    @property
    def boxes(self) -> list[Input]:
        """The inputs, one per entry."""
        return [self._box(entry) for entry in ListenField]

    @property
    def entries(self) -> dict[ListenField, str]:
        """The texts of the fields."""
        return {entry: self._box(entry).value for entry in ListenField}

    def go_to(self, entry: ListenField) -> None:
        """Put the cursor into a field."""
        self._box(entry).focus()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted())

    def _box(self, entry: ListenField) -> Input:
        return self.query_one(f"#{_id(entry)}", Input)

    def action_next_field(self) -> None:
        """Go to the next field."""
        step(self.boxes, 1)

    def action_previous_field(self) -> None:
        """Go to the previous field."""
        step(self.boxes, -1)


def _id(entry: ListenField) -> str:
    return f"entry-{entry.name.lower()}"
