"""A form of a few fields over the services screen, before a request that the peer might log."""

from __future__ import annotations

from collections.abc import Iterator

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from dcmecho.console.command import Command, Pane
from dcmecho.console.commands import COMMANDS, bindings
from dcmecho.console.services.forms import ServiceForm, ServiceFormFault, ServiceRequest
from dcmecho.console.widgets.field_steps import step
from dcmecho.console.widgets.key_bar import KeyBar
from dcmecho.console.widgets.path_input import PathInput
from dcmecho.diagnosis.sanitize import path_text
from dcmecho.diagnosis.target.target import Target

_MOST_NAMES = 8
"""Number of shown completions of a path."""


class ServiceFormScreen(ModalScreen[ServiceRequest | None]):
    """Returns the request, or ``None`` if the user left."""

    BINDINGS = bindings(Pane.ORDER)

    DEFAULT_CSS = """
    ServiceFormScreen {
        #order {
            width: 76; max-width: 100%; height: auto; padding: 0 1;
            border: $focused-edge $border; background: $panel;
        }
        .entry { height: auto; }
        .entry-label { width: 13; height: 1; color: $quiet; }
        .entry:focus-within .entry-label { color: $accent; text-style: bold; }
        .entry Input { width: 1fr; background: $surface; }
        .entry-why { height: auto; padding-left: 12; color: $quiet; }
        #order-fault { height: auto; }
    }
    """

    def __init__(self, kind: ServiceForm, target: Target) -> None:
        super().__init__()
        self._kind = kind
        self._target = target

    def compose(self) -> ComposeResult:
        """Yield the fields with their explanations, the line for errors, and the keys."""
        with Vertical(id="order") as frame:
            frame.border_title = Content(self._kind.title)
            for number, field in enumerate(self._kind.fields):
                with Horizontal(classes="entry"):
                    yield Static(field.label, classes="entry-label", markup=False)
                    kind = PathInput if field.is_path else Input
                    box = kind(field.value, compact=True, id=f"order-{number}")
                    box.cursor_blink = False
                    yield box
                yield Static(field.why, classes="entry-why", markup=False)
            yield Static(id="order-fault", markup=False)
            yield KeyBar()

    def on_mount(self) -> None:
        """Begin with the first field."""
        self.boxes[0].focus()
        self.query_one(KeyBar).show([each for each in self._commands if each.label])

    @property
    def _commands(self) -> Iterator[Command]:
        for command in COMMANDS[Pane.ORDER]:
            if command.action == "next_field" and len(self._kind.fields) == 1:
                continue
            yield command
        if any(field.is_path for field in self._kind.fields):
            yield from COMMANDS[Pane.PATH]

    @property
    def boxes(self) -> list[Input]:
        """The inputs, in the order of the form's fields."""
        return list(self.query(Input))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_submit()

    def action_submit(self) -> None:
        """Read the fields; close with the request, or say what is wrong."""
        read = self._kind.read([box.value for box in self.boxes], self._target)
        if isinstance(read, ServiceFormFault):
            label = self._kind.fields[read.field].label
            self._say(f"{label}: {read.text}")
            self.boxes[read.field].focus()
            return
        self.dismiss(read)

    @on(PathInput.Completed)
    def _completed(self, event: PathInput.Completed) -> None:
        names = [path_text(name) for name in event.names[:_MOST_NAMES]]
        more = len(event.names) - len(names)
        self._say("  ".join(names) + (f"  and {more} more" if more else ""))

    def _say(self, text: str) -> None:
        self.query_one("#order-fault", Static).update(Content.styled(text, "$tone-bad"))

    def action_next_field(self) -> None:
        """Go to the next field."""
        step(self.boxes, 1)

    def action_previous_field(self) -> None:
        """Go to the previous field."""
        step(self.boxes, -1)

    def action_leave(self) -> None:
        """Close without sending anything."""
        self.dismiss(None)
