"""The edit form: all fields of one target, to the right of the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from dcmecho.console.editing.draft import Draft
from dcmecho.console.editing.editor import Editor
from dcmecho.console.editing.field_row import FieldLine
from dcmecho.console.editing.host_lookup import HostLookup
from dcmecho.console.editing.inheritance import Inherited
from dcmecho.console.editing.value_input import ValueInput
from dcmecho.console.symbols import Symbols
from dcmecho.diagnosis.target.fields import IN_THE_FORM
from dcmecho.diagnosis.target.tls_keys import TLS_ITEMS, TargetKey, TlsKey
from dcmecho.diagnosis.target.validation import Complaint


class _Rows(VerticalScroll, can_focus=False, inherit_bindings=False):
    """Scrolls to the field with the cursor. Its own arrow keys would keep the cursor there."""

    def on_resize(self) -> None:
        """Keep the field with the cursor in view, though a test takes room from the form."""
        focused = self.screen.focused
        if focused is not None and self in focused.ancestors:
            focused.scroll_visible(animate=False)


class EditForm(Editor):
    """One line per field. The note about the focused field is below them."""

    DEFAULT_CSS = """
    EditForm {
        layout: vertical;
        & > _Rows { height: 1fr; scrollbar-size-vertical: 1; }
    }
    """

    def __init__(self, draft: Draft, lookup: HostLookup, symbols: Symbols) -> None:
        super().__init__(draft, lookup, symbols, id="editor")
        self._rows: dict[TargetKey, FieldLine] = {
            field: FieldLine(field, "", symbols) for field in (*IN_THE_FORM, *TLS_ITEMS)
        }

    def begin(
        self,
        draft: Draft,
        lookup: HostLookup,
        typed: Mapping[TargetKey, str],
        at: TargetKey | None = None,
    ) -> None:
        """Edit another draft, with its name in the border."""
        self.border_title = Content.assemble((draft.title, "bold"), "  enter saves, esc leaves")
        super().begin(draft, lookup, typed, at)

    @property
    def boxes(self) -> Sequence[ValueInput]:
        """The inputs, one per row."""
        return [row.box for row in self._rows.values()]

    def compose(self) -> ComposeResult:
        """Yield one row per field, and the note."""
        with _Rows():
            yield from self._rows.values()
        yield self.note

    @property
    def reachable(self) -> Sequence[ValueInput]:
        """The inputs that are shown: those of TLS keys only if the target uses TLS."""
        return [row.box for row in self._rows.values() if row.display]

    def judge(self) -> None:
        """Show every complaint, and the keys of TLS if the target uses it."""
        texts = self.texts
        is_on = self.draft.tls.is_on(texts, self.draft.group_of(texts))
        for key in TlsKey:
            self._rows[key].display = is_on
        super().judge()

    def show_field(
        self, field: TargetKey, complaints: Sequence[Complaint], inherits: Inherited
    ) -> None:
        """Show the complaints of a field in its row."""
        self._rows[field].show(complaints, inherits)
