"""One field of the edit form: its label, what is typed, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from dcmecho.console.editing import EXPLANATIONS, LABELS, bytes_shown
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.diagnosis.sanitize import printable
from dcmecho.diagnosis.validation import Complaint, Field, Severity

LABEL_WIDTH = 18
"""Cells that the labels take, as the style below has it."""

_MARKS = {Severity.ERROR: Mark.FAILED, Severity.WARNING: Mark.WARNING}


class FieldRow(Vertical):
    """A labelled input with its complaints below."""

    DEFAULT_CSS = """
    FieldRow {
        height: auto;
        & > Horizontal { height: 1; }
        .field-label { width: 18; height: 1; color: $quiet; }
        &:focus-within .field-label { color: $accent; text-style: bold; }
        Input { width: 1fr; max-width: 36; background: $panel; }
        Input:focus { background: $block-cursor-background; background-tint: transparent; }
        .field-why { width: 1fr; height: 1; padding-left: 2; color: $quiet; text-wrap: nowrap;
                     text-overflow: ellipsis; }
        .field-note { height: auto; padding-left: 18; display: none; }
        .field-note.-said { display: block; }
    }
    """

    class Changed(Message):
        """Something was typed into a field."""

        def __init__(self, field: Field) -> None:
            self.field = field
            super().__init__()

    def __init__(self, field: Field, text: str, symbols: Symbols) -> None:
        super().__init__(id=f"field-{field.value}")
        self.field = field
        self._start = text
        self._symbols = symbols

    def compose(self) -> ComposeResult:
        """Label, input and explanation on one line; the complaints on the next."""
        with Horizontal():
            yield Static(LABELS[self.field], classes="field-label", markup=False)
            box = Input(self._start, compact=True, select_on_focus=False)
            box.cursor_blink = False
            yield box
            yield Static(EXPLANATIONS[self.field], classes="field-why", markup=False)
        yield Static(classes="field-note", markup=False)

    def turn_to(self, field: Field) -> None:
        """Be the row of another field, with nothing typed yet."""
        self.field = field
        self.query_one(".field-label", Static).update(LABELS[field])
        self.query_one(".field-why", Static).update(EXPLANATIONS[field])
        box = self.query_one(Input)
        with self.prevent(Input.Changed):
            box.value = ""
        self.show((), "type it here")

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.query_one(Input).value if self.is_mounted else self._start

    def show(self, complaints: Sequence[Complaint], hint: str) -> None:
        """Show what is wrong; ``hint`` stands in an empty field."""
        lines = [
            Content.assemble(
                (f"{self._symbols.mark(mark)} {mark.word}: ", mark.style), printable(each.message)
            )
            for each in complaints
            for mark in (_MARKS[each.severity],)
        ]
        shown = bytes_shown(self.field, self.text)
        if shown and not any(shown in each.message for each in complaints):
            lines.append(Content.styled(f"sent as {shown}", "$accent"))
        note = self.query_one(".field-note", Static)
        note.update(Content("\n").join(lines))
        note.set_class(bool(lines), "-said")
        box = self.query_one(Input)
        box.placeholder = printable(hint)

    def focus_input(self) -> None:
        """Put the cursor into the field."""
        self.query(Input).focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(self.field))
