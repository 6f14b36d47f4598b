"""One field of the edit form or of a question: label, input and note."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from dcmecho.console.editing.field_note import complaint_line, field_state, note_lines
from dcmecho.console.editing.inheritance import Inherited
from dcmecho.console.editing.value_input import ValueInput
from dcmecho.console.symbols import Symbols
from dcmecho.diagnosis.target.fields import REQUIRED, Field
from dcmecho.diagnosis.target.tls_keys import TargetKey
from dcmecho.diagnosis.target.validation import Complaint

LABEL_WIDTH = 18
"""Cells of a label; the style below has the same number."""


class FieldLine(Horizontal):
    """One line: label, input, and where the value comes from or what is wrong with it."""

    DEFAULT_CSS = """
    FieldLine {
        height: 1;
        .field-label { width: 18; height: 1; color: $quiet; }
        .field-label.-at { color: $accent; text-style: bold; }
        ValueInput { width: 1fr; max-width: 36; }
        .field-why { width: 1fr; height: 1; padding-left: 2; color: $quiet; text-wrap: nowrap;
                     text-overflow: ellipsis; }
    }
    """

    def __init__(self, field: TargetKey, text: str, symbols: Symbols) -> None:
        super().__init__(id=f"field-{field.value}")
        self.field = field
        self.box = ValueInput(field, text, symbols)
        self._said = Content()
        self._symbols = symbols

    def compose(self) -> ComposeResult:
        """Yield label, input and note."""
        yield Static(self.field.row.label, classes="field-label", markup=False)
        yield self.box
        yield Static(self.field.row.hint, classes="field-why", markup=False)

    def on_descendant_focus(self) -> None:
        """Highlight the label while the field has the focus."""
        self.query_one(".field-label").add_class("-at")

    def on_descendant_blur(self) -> None:
        """Stop highlighting the label."""
        self.query_one(".field-label").remove_class("-at")

    def change_field(self, field: TargetKey, text: str = "") -> None:
        """Become the row of another field, starting with ``text``."""
        self.field = field
        self.query_one(".field-label", Static).update(field.row.label)
        self._said = Content(field.row.hint)
        self.query_one(".field-why", Static).update(self._said)
        self.box.change_field(field, text)

    def show(self, complaints: Sequence[Complaint], inherits: Inherited) -> None:
        """Show what is wrong, or else where the value comes from."""
        is_needed = self.field in REQUIRED and not inherits
        self.box.inherit(inherits.text, otherwise="required" if is_needed else "")
        returns_to_inherited = self.box.has_focus and self.box.returns_to_inherited
        said = Content(
            field_state(
                self.field, self.box.value, inherits, returns_to_inherited=returns_to_inherited
            )
        )
        if complaints:
            said = complaint_line(complaints[0], self._symbols)
        if not said.is_same(self._said):
            self._said = said
            self.query_one(".field-why", Static).update(said, layout=False)


class QuestionRow(Vertical):
    """A field of a question, with its complaints below."""

    DEFAULT_CSS = """
    QuestionRow {
        height: auto;
        .field-note { height: auto; padding-left: 18; display: none; }
        .field-note.-said { display: block; }
    }
    """

    class Changed(Message):
        """The text has changed."""

    def __init__(self, field: Field, symbols: Symbols) -> None:
        super().__init__()
        self._symbols = symbols
        self._field = field
        self._row = FieldLine(field, "", symbols)

    def compose(self) -> ComposeResult:
        """Yield the field, and room for complaints."""
        yield self._row
        yield Static(classes="field-note", markup=False)

    @property
    def field(self) -> Field:
        """The field that the question is about."""
        return self._field

    @property
    def text(self) -> str:
        """The text in the field."""
        return self._row.box.value

    def change_field(self, field: Field) -> None:
        """Ask for another field, with nothing typed yet."""
        self._field = field
        self._row.change_field(field)
        self.show(())

    def show(self, complaints: Sequence[Complaint]) -> None:
        """Show the complaints."""
        self._row.box.placeholder = "type it here"
        lines = note_lines(self.field, self.text, complaints, self._symbols)
        note = self.query_one(".field-note", Static)
        note.update(Content("\n").join(lines))
        note.set_class(bool(lines), "-said")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed())
