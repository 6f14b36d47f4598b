"""The edit form: the fields of one target, beside the list."""

from __future__ import annotations

from collections.abc import Mapping

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from dcmecho.console.commands import Pane, bindings
from dcmecho.console.editing import LABELS, Draft, has_errors, tls_shown
from dcmecho.console.symbols import Symbols
from dcmecho.console.widgets.field_row import LABEL_WIDTH, FieldRow
from dcmecho.diagnosis.sanitize import printable
from dcmecho.diagnosis.validation import Complaint, Field
from dcmecho.profiles.model import Value


class EditForm(VerticalScroll, can_focus=False):
    """Validates while one types; asks the screen to save."""

    BINDINGS = bindings(Pane.EDITOR)

    DEFAULT_CSS = """
    EditForm .form-note { height: auto; color: $quiet; }
    """

    class SaveRequested(Message):
        """The user wants these values in the file; they have no errors."""

        def __init__(self, draft: Draft, changes: Mapping[Field, Value | None]) -> None:
            self.draft = draft
            self.changes = changes
            super().__init__()

    class Refused(Message):
        """The values cannot be saved as they are."""

        def __init__(self, complaint: Complaint) -> None:
            self.complaint = complaint
            self.label = LABELS[complaint.field]
            super().__init__()

    class Left(Message):
        """The user leaves; ``changed`` tells whether anything would be lost."""

        def __init__(self, *, changed: bool) -> None:
            self.changed = changed
            super().__init__()

    def __init__(self, draft: Draft, symbols: Symbols) -> None:
        super().__init__(id="editor")
        self.draft = draft
        self._symbols = symbols
        self.border_title = Content.assemble(
            (printable(draft.title), "bold"), "  enter saves, esc leaves"
        )

    def compose(self) -> ComposeResult:
        """One row a field, and what the file says about TLS."""
        for field in LABELS:
            yield FieldRow(field, self.draft.texts[field], self._symbols)
            if field is Field.PORT and self.draft.tls is not None:
                text = f"{'TLS':<{LABEL_WIDTH}}{tls_shown(self.draft.tls)}"
                yield Static(text, classes="form-note", markup=False)

    def on_mount(self) -> None:
        """Judge what is there, and begin with the first field."""
        self._judge_all()
        self.call_after_refresh(self.resume)

    def resume(self) -> None:
        """Put the cursor into the first field, as soon as there is one."""
        for row in self.query(FieldRow):
            row.focus_input()
            return

    @property
    def texts(self) -> dict[Field, str]:
        """What stands in every field."""
        return {row.field: row.text for row in self.query(FieldRow)}

    @property
    def complaints(self) -> list[Complaint]:
        """Everything that is wrong, in the order of the fields."""
        texts = self.texts
        group = texts[Field.GROUP]
        return [
            complaint
            for field, text in texts.items()
            for complaint in self.draft.judge(field, text, group)
        ]

    @on(FieldRow.Changed)
    def _typed(self, event: FieldRow.Changed) -> None:
        event.stop()
        if event.field is Field.GROUP:
            self._judge_all()
        else:
            self._judge(self._row(event.field), self.texts[Field.GROUP])

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_save()

    def action_save(self) -> None:
        """Save, or go to the first field that keeps it from being saved."""
        for complaint in self.complaints:
            if has_errors((complaint,)):
                self._row(complaint.field).focus_input()
                self.post_message(self.Refused(complaint))
                return
        self.post_message(self.SaveRequested(self.draft, self.draft.changes(self.texts)))

    def action_leave(self) -> None:
        """Leave without saving."""
        self.post_message(self.Left(changed=self.texts != self.draft.texts))

    def action_next_field(self) -> None:
        """To the next field."""
        self._step(1)

    def action_previous_field(self) -> None:
        """To the field before."""
        self._step(-1)

    def _step(self, direction: int) -> None:
        rows = list(self.query(FieldRow))
        at = next((index for index, row in enumerate(rows) if row.has_focus_within), 0)
        rows[(at + direction) % len(rows)].focus_input()

    def _row(self, field: Field) -> FieldRow:
        return self.query_one(f"#field-{field.value}", FieldRow)

    def _judge_all(self) -> None:
        group = self.texts[Field.GROUP]
        for row in self.query(FieldRow):
            self._judge(row, group)

    def _judge(self, row: FieldRow, group: str) -> None:
        inherited = self.draft.inherited(row.field, group)
        hint = f"{inherited}  (inherited)" if inherited else ""
        row.show(self.draft.judge(row.field, row.text, group), hint)
