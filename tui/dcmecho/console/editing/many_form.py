"""One field of all marked targets: an input, and a preview of the changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from dcmecho.console.command import Pane
from dcmecho.console.commands import bindings
from dcmecho.console.editing.field_note import complaint_line
from dcmecho.console.editing.field_row import FieldLine
from dcmecho.console.editing.inheritance import Inherited
from dcmecho.console.editing.many import FIELDS, ManyDraft, Preview, TargetChange, first_error
from dcmecho.console.editing.value_input import ValueInput
from dcmecho.console.symbols import Symbols
from dcmecho.console.widgets.lines import Lines
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.target.fields import Field

_NAME_WIDTH = 26
_HELP = "up and down choose another field, backspace in an empty field inherits"
_DIFFER, _INHERIT = "mixed: type one for all", "no own values: inherited"


class EditMany(Widget, can_focus=False):
    """Shows before it writes: each target with its value now and its new value."""

    BINDINGS = bindings(Pane.MANY)

    DEFAULT_CSS = """
    EditMany {
        layout: vertical;
        .many-help { height: 2; color: $quiet; text-wrap: nowrap; text-overflow: ellipsis; }
        #preview { height: 1fr; }
    }
    """

    class SaveRequested(Message):
        """Request to write these changes to the file, all at once."""

        def __init__(self, editor: EditMany, changes: Sequence[TargetChange], words: str) -> None:
            self.editor = editor
            self.typed = editor.typed
            self.changes = changes
            self.words = words
            super().__init__()

    class Refused(Message):
        """There is nothing to write, or the value is not valid."""

        def __init__(self, text: str) -> None:
            self.text = text
            super().__init__()

    class Left(Message):
        """The user leaves; ``changed`` tells whether anything was typed."""

        def __init__(self, *, changed: bool) -> None:
            self.changed = changed
            super().__init__()

    def __init__(
        self, draft: ManyDraft, symbols: Symbols, typed: tuple[Field, str] | None = None
    ) -> None:
        """``typed`` is the field to begin with and what is typed there already."""
        super().__init__(id="many")
        self.draft = draft
        self._symbols = symbols
        self._field, text = typed or (FIELDS[0], draft.shared(FIELDS[0]) or "")
        self._takes_away = False
        self._row = FieldLine(self._field, text, symbols)
        self._preview = Lines(id="preview")
        self.border_title = Content.assemble(
            (f"Edit {count(len(draft.drafts), 'target')}", "bold"), "  enter saves, esc leaves"
        )

    def compose(self) -> ComposeResult:
        """Yield the field, how to choose another, and the preview."""
        yield self._row
        yield Static(_HELP, classes="many-help", markup=False)
        yield self._preview

    def on_mount(self) -> None:
        """Begin with the most useful field."""
        self._show()
        self.call_after_refresh(self.resume)

    def resume(self) -> None:
        """Put the cursor into the field."""
        self.screen.set_focus(self._row.box)

    @property
    def typed(self) -> tuple[Field, str]:
        """The field being edited, and its text."""
        return self._field, self._row.box.value

    @property
    def is_changed(self) -> bool:
        """True if anything would be lost."""
        return not self._is_untouched

    @property
    def _is_untouched(self) -> bool:
        same = self._row.box.value == (self.draft.shared(self._field) or "")
        return same and not self._takes_away

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._takes_away = False
        self._show()

    @on(ValueInput.Emptied)
    def _emptied(self, event: ValueInput.Emptied) -> None:
        """Remove each target's own value, if an empty field does not mean that already."""
        event.stop()
        self._takes_away = self.draft.shared(self._field) is None
        self._show()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_save()

    def _previews(self) -> list[Preview]:
        if self._is_untouched and self.draft.shared(self._field) is None:
            return [
                each
                for draft in self.draft.drafts
                for each in ManyDraft((draft,)).preview(self._field, draft.texts[self._field])
            ]
        return self.draft.preview(self._field, self._row.box.value)

    def _show(self) -> None:
        previews = self._previews()
        error = first_error(previews)
        self._row.show((error,) if error else (), Inherited("", ""))
        differ = self.draft.shared(self._field) is None
        empty = _INHERIT if self._takes_away else _DIFFER
        self._row.box.placeholder = empty if differ else ""
        rows = list(_rows(previews, self._symbols))
        self._preview.show(lambda _: rows)

    def action_save(self) -> None:
        """Request to write what the preview shows."""
        text = self._row.box.value
        error = first_error(self._previews())
        changes = [] if self._is_untouched else self.draft.changes(self._field, text)
        label = self._field.row.label
        if error is not None:
            self.post_message(self.Refused(f"{label}: {error.message}"))
        elif not changes:
            self.post_message(self.Refused(f"{label}: nothing to change."))
        else:
            words = f"{label} of {count(len(changes), 'target')}"
            self.post_message(self.SaveRequested(self, changes, words))

    def action_leave(self) -> None:
        """Leave without saving."""
        self.post_message(self.Left(changed=self.is_changed))

    def action_next_field(self) -> None:
        """Choose the next field, with nothing typed."""
        self._turn(1)

    def action_previous_field(self) -> None:
        """Choose the previous field, with nothing typed."""
        self._turn(-1)

    def _turn(self, direction: int) -> None:
        self._takes_away = False
        self._field = FIELDS[(FIELDS.index(self._field) + direction) % len(FIELDS)]
        self._row.change_field(self._field, self.draft.shared(self._field) or "")
        self._row.box.action_select_all()
        self._show()

    def action_page_down(self) -> None:
        """Scroll the list of changes down."""
        self._preview.action_page_down()

    def action_page_up(self) -> None:
        """Scroll the list of changes up."""
        self._preview.action_page_up()


def _rows(previews: Sequence[Preview], symbols: Symbols) -> Iterator[Content]:
    changed = sum(preview.changes for preview in previews)
    verb = "changes" if len(previews) == 1 else "change"
    yield Content.styled(f"{changed} of {count(len(previews), 'target')} {verb}:", "bold")
    for preview in previews:
        name = Content(preview.name).truncate(_NAME_WIDTH, ellipsis=True, pad=True)
        before = preview.before
        if preview.changes:
            after = (preview.after, "$accent")
            yield Content.assemble("  ", name, "  ", (before, "$quiet"), "  ->  ", after)
        else:
            yield Content.assemble("  ", name, "  ", (f"{before}  unchanged", "$quiet"))
        for complaint in preview.complaints if preview.changes else ():
            yield Content.assemble("      ", complaint_line(complaint, symbols))
