"""The edit form: all fields of one target, to the right of the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from dcmecho.console.editing.draft import Draft, tls_shown
from dcmecho.console.editing.editor import Editor
from dcmecho.console.editing.field_row import LABEL_WIDTH, FieldLine
from dcmecho.console.editing.host_lookup import HostLookup
from dcmecho.console.editing.inheritance import Inherited
from dcmecho.console.editing.value_input import ValueInput
from dcmecho.console.symbols import Symbols
from dcmecho.diagnosis.target.fields import IN_THE_FORM, Field
from dcmecho.diagnosis.target.validation import Complaint


class EditForm(Editor):
    """One line per field. The note about the focused field is below them."""

    DEFAULT_CSS = """
    EditForm {
        layout: vertical;
        & > VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
        .form-note { height: 1; color: $quiet; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def __init__(self, draft: Draft, lookup: HostLookup, symbols: Symbols) -> None:
        super().__init__(draft, lookup, symbols, id="editor")
        self._rows = {field: FieldLine(field, "", symbols) for field in IN_THE_FORM}
        self._tls = Static(classes="form-note", markup=False)

    def begin(
        self,
        draft: Draft,
        lookup: HostLookup,
        typed: Mapping[Field, str],
        at: Field | None = None,
    ) -> None:
        """Edit another draft, with its name in the border."""
        self.border_title = Content.assemble((draft.title, "bold"), "  enter saves, esc leaves")
        self._tls.display = draft.tls is not None
        if draft.tls is not None:
            self._tls.update(f"{'TLS':<{LABEL_WIDTH}}{tls_shown(draft.tls)}")
        super().begin(draft, lookup, typed, at)

    @property
    def boxes(self) -> Sequence[ValueInput]:
        """The inputs, one per row."""
        return [row.box for row in self._rows.values()]

    def compose(self) -> ComposeResult:
        """Yield one row per field, the TLS settings of the file, and the note."""
        with VerticalScroll(can_focus=False):
            for field, row in self._rows.items():
                yield row
                if field is Field.PORT:
                    yield self._tls
        yield self.note

    def show_field(
        self, field: Field, complaints: Sequence[Complaint], inherits: Inherited
    ) -> None:
        """Show the complaints of a field in its row."""
        self._rows[field].show(complaints, inherits)
