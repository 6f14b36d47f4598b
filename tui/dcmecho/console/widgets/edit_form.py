"""The edit form: all fields of one target, beside the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from dcmecho.console.editing import LABELS, Draft, tls_shown
from dcmecho.console.host_lookup import HostLookup
from dcmecho.console.inheritance import Inherited
from dcmecho.console.symbols import Symbols
from dcmecho.console.widgets.editor import Editor
from dcmecho.console.widgets.field_row import LABEL_WIDTH, FieldRow
from dcmecho.diagnosis.sanitize import printable
from dcmecho.diagnosis.validation import Complaint, Field


class EditForm(Editor):
    """One line a field. What is to say about the field under the cursor has its place below."""

    DEFAULT_CSS = """
    EditForm {
        layout: vertical;
        & > VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
        .form-note { height: 1; color: $quiet; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def __init__(
        self, draft: Draft, lookup: HostLookup, symbols: Symbols, typed: Mapping[Field, str]
    ) -> None:
        super().__init__(draft, lookup, symbols, id="editor")
        texts = {**draft.texts, **typed}
        self._rows = {field: FieldRow(field, texts[field], symbols) for field in LABELS}
        self.border_title = Content.assemble(
            (printable(draft.title), "bold"), "  enter saves, esc leaves"
        )

    def compose(self) -> ComposeResult:
        """One row a field, what the file says about TLS, and the note."""
        with VerticalScroll(can_focus=False):
            for field, row in self._rows.items():
                yield row
                if field is Field.PORT and self.draft.tls is not None:
                    text = f"{'TLS':<{LABEL_WIDTH}}{tls_shown(self.draft.tls)}"
                    yield Static(text, classes="form-note", markup=False)
        yield self.note

    def show_field(
        self, field: Field, complaints: Sequence[Complaint], inherits: Inherited
    ) -> None:
        """In its row."""
        self._rows[field].show(complaints, inherits)
