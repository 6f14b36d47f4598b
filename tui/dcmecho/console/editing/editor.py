"""The base of every target editor: checks what is typed, and requests save, test or leave."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from dcmecho.console.command import Pane
from dcmecho.console.commands import bindings
from dcmecho.console.editing.draft import NEEDED, Draft, has_errors
from dcmecho.console.editing.field_note import FieldNote
from dcmecho.console.editing.host_lookup import HostLookup
from dcmecho.console.editing.inheritance import Inherited
from dcmecho.console.editing.value_input import ValueInput
from dcmecho.console.symbols import Symbols
from dcmecho.console.widgets.field_steps import step
from dcmecho.diagnosis.target.fields import Field, Value
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls_keys import TargetKey
from dcmecho.diagnosis.target.validation import Complaint


class Editor(Widget, can_focus=False):
    """Edits one draft at a time, and is hidden between two drafts.

    Its many widgets are mounted only once, because mounting takes longer than a key press may. A
    subclass arranges the inputs and shows the complaints.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Pane.EDITOR)

    class SaveRequested(Message):
        """Request to save these values to the file; they have no errors."""

        def __init__(self, editor: Editor) -> None:
            self.editor = editor
            self.draft = editor.draft
            self.typed = editor.texts
            self.changes: Mapping[Field, Value | None] = self.draft.changes(self.typed)
            self.tls = self.draft.tls.changes(self.typed)
            super().__init__()

    class TestRequested(Message):
        """Request to check a target with these values without saving them."""

        def __init__(self, draft: Draft, target: Target) -> None:
            self.draft = draft
            self.target = target
            super().__init__()

    class Refused(Message):
        """The values cannot be saved or tested as they are."""

        def __init__(self, complaint: Complaint) -> None:
            self.complaint = complaint
            self.label = complaint.field.row.label
            super().__init__()

    class Left(Message):
        """The user leaves; ``changed`` tells whether anything would be lost."""

        def __init__(self, *, changed: bool) -> None:
            self.changed = changed
            super().__init__()

    def __init__(self, draft: Draft, lookup: HostLookup, symbols: Symbols, *, id: str) -> None:
        super().__init__(id=id)
        self.draft = draft
        self.note = FieldNote(symbols)
        self._lookup = lookup
        self._at: TargetKey | None = None
        self._tried = False
        self._touched: set[TargetKey] = set()
        self._has_inputs = False
        self.display = False

    def begin(
        self,
        draft: Draft,
        lookup: HostLookup,
        typed: Mapping[TargetKey, str],
        at: TargetKey | None = None,
    ) -> None:
        """Edit another draft, beginning at a field.

        ``typed`` replaces some of the texts that it starts with.
        """
        self.draft, self._lookup, self._at = draft, lookup, at
        self._tried = False
        self._touched = {field for field, text in typed.items() if text != draft.texts[field]}
        for box in self.boxes:
            box.change_field(box.field, typed.get(box.field, draft.texts[box.field]))
        self.display = True
        if self._has_inputs:
            self._open()

    def _open(self) -> None:
        self._lookup.serve(self)
        if Field.HOST in self._touched:
            self._lookup.typed(self.texts[Field.HOST])
        self.judge()
        self.resume()

    def end(self) -> None:
        """Hide the editor and stop waiting for name lookups."""
        self._lookup.stop()
        self.display = False

    @abstractmethod
    def show_field(
        self, field: TargetKey, complaints: Sequence[Complaint], inherits: Inherited
    ) -> None:
        """Show the complaints about a field, and what it inherits if it is empty."""

    @property
    @abstractmethod
    def boxes(self) -> Sequence[ValueInput]:
        """The inputs, in order."""

    @property
    def reachable(self) -> Sequence[ValueInput]:
        """The inputs that the cursor can go to, in order."""
        return self.boxes

    @property
    def texts(self) -> dict[TargetKey, str]:
        """The texts so far; fields without an input here have the draft's texts."""
        return {**self.draft.texts, **{box.field: box.value for box in self.boxes}}

    @property
    def is_changed(self) -> bool:
        """True if anything would be lost."""
        return self.texts != self.draft.texts

    @property
    def complaints(self) -> list[Complaint]:
        """Every complaint, in the order of the fields."""
        texts = self.texts
        host = texts[Field.HOST]
        changed = host != self.draft.texts[Field.HOST]
        unknown = self._lookup.complaints(host) if changed else ()
        return [*self.draft.complaints(texts), *unknown]

    def on_mount(self) -> None:
        """Begin, if a draft is waiting already."""
        self._has_inputs = True
        if self.display:
            self.call_after_refresh(self._open)

    def on_unmount(self) -> None:
        """Stop waiting for name lookups."""
        self._lookup.stop()

    def resume(self) -> None:
        """Put the cursor into the field to begin with."""
        at = next((box for box in self.reachable if box.field is self._at), self.first_box)
        self.screen.set_focus(at)

    @property
    def first_box(self) -> ValueInput:
        """The input to begin with, unless there is a reason for another."""
        return self.boxes[0]

    def judge(self) -> None:
        """Show every complaint about the texts so far."""
        texts = self.texts
        group = self.draft.group_of(texts)
        said = [complaint for complaint in self.complaints if self._is_due(complaint)]
        for field in texts:
            about = [complaint for complaint in said if complaint.field is field]
            self.show_field(field, about, self.draft.inherited(field, group))
        for box in self.boxes:
            if box.has_focus:
                self.note.show(box, said, self.draft.inherited(box.field, group))

    def _is_due(self, complaint: Complaint) -> bool:
        """Return whether to show this complaint.

        In a new target, hide "required" until the user has touched the field or tried to save.
        """
        is_early = self.draft.profile is None and complaint.message == NEEDED
        return not is_early or self._tried or complaint.field in self._touched

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if isinstance(event.input, ValueInput):
            field, text = event.input.field, event.value
            if text != self.draft.texts[field]:
                self._touched.add(field)
            if field is Field.HOST:
                self._lookup.typed(text)
        self.judge()

    @on(HostLookup.Done)
    def _looked_up(self, event: HostLookup.Done) -> None:
        event.stop()
        self._lookup.go_on()
        self.judge()

    @on(ValueInput.BackspaceChanged)
    def _backspace_changed(self, event: ValueInput.BackspaceChanged) -> None:
        event.stop()
        self.judge()

    def on_descendant_focus(self, _: events.DescendantFocus) -> None:
        """Show the note of the field that has the focus."""
        self.judge()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_save()

    def action_save(self) -> None:
        """Save, or go to the first field with an error."""
        if not self._is_refused():
            self.post_message(self.SaveRequested(self))

    def action_test(self) -> None:
        """Request a check with these values, or go to the first field with an error."""
        if self._is_refused():
            return
        target = self.draft.target(self.texts)
        if target is not None:
            self.post_message(self.TestRequested(self.draft, target))

    def _is_refused(self) -> bool:
        self._tried = True
        for complaint in self.complaints:
            if has_errors((complaint,)):
                self._go_to(complaint.field)
                self.judge()
                self.post_message(self.Refused(complaint))
                return True
        return False

    def _go_to(self, field: TargetKey) -> None:
        for box in self.boxes:
            if box.field is field:
                box.focus()

    def action_next_field(self) -> None:
        """Go to the next field."""
        step(self.reachable, 1)

    def action_previous_field(self) -> None:
        """Go to the previous field."""
        step(self.reachable, -1)

    def action_leave(self) -> None:
        """Leave without saving."""
        self.post_message(self.Left(changed=self.is_changed))
