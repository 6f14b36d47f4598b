"""A screen on which targets are edited: in their row, in the form, several at once."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from textual import on

from dcmecho.console.commands import Pane
from dcmecho.console.editing import Draft, draft_clone, draft_new, draft_of
from dcmecho.console.file_edits import BookReading, Written, edit_of, save
from dcmecho.console.host_lookup import HostLookup
from dcmecho.console.many import ManyDraft
from dcmecho.console.screens.presence import is_there
from dcmecho.console.screens.writing import WritingScreen
from dcmecho.console.session import TEST_KEY
from dcmecho.console.state import Record
from dcmecho.console.symbols import Mark
from dcmecho.console.widgets.cells import CellEditor
from dcmecho.console.widgets.edit_form import EditForm
from dcmecho.console.widgets.edit_many import EditMany
from dcmecho.console.widgets.editor import Editor
from dcmecho.console.widgets.notice import Notice
from dcmecho.console.widgets.targets import TargetList
from dcmecho.console.widgets.workbench import Form, Workbench
from dcmecho.console.words import problem_text
from dcmecho.diagnosis.fields import Field
from dcmecho.diagnosis.sanitize import printable
from dcmecho.diagnosis.target import Target

AnyEditor = CellEditor | Form
NOTHING: Mapping[Field, str] = MappingProxyType({})


class EditingScreen(WritingScreen):
    """Opens one editor at a time, and does what it asks for."""

    _cells: CellEditor | None = None
    _form: EditForm | None = None

    @abstractmethod
    def go_to(self, pane: Pane) -> None:
        """Put the focus into a pane."""

    @abstractmethod
    def show_test(self, target: Target, record: Record) -> None:
        """Show the run of a target that is not in the file."""

    @abstractmethod
    def show_selected(self) -> None:
        """Show the target under the cursor again."""

    @property
    def editor(self) -> AnyEditor | None:
        """What the user edits with now."""
        if self._cells is not None and self._cells.display:
            return self._cells
        return self.query_one(Workbench).form

    @property
    def is_testing(self) -> bool:
        """True while the diagnosis shows what no target of the file is."""
        return self.session.has_test

    def action_edit(self) -> None:
        """Edit the selected target in its row, or one field of all marked ones."""
        profile, marked = self.chosen, self.session.marked
        if marked and list(marked) != [profile]:
            self._open_many(ManyDraft.of(self.session.book, marked, self.session.file.neighbours))
        elif profile is not None and profile.target is not None:
            self._open_cells(draft_of(self.session.book, profile, self.session.file.neighbours))
        else:
            self.action_edit_whole()

    def action_edit_whole(self) -> None:
        """Edit all fields of the selected target beside the list."""
        if (profile := self.chosen) is not None:
            self._open_form(draft_of(self.session.book, profile, self.session.file.neighbours))

    def action_new(self) -> None:
        """Add a target, in the group of the selected one."""
        group = self.chosen.group if self.chosen else ""
        self._open_form(draft_new(self.session.book, group, self.session.file.neighbours))

    def action_clone(self) -> None:
        """Add a target that starts as a copy of the selected one."""
        if (profile := self.chosen) is not None:
            self._open_form(draft_clone(self.session.book, profile, self.session.file.neighbours))

    def _can_open(self) -> bool:
        """Tell why nothing can be edited; an editor that is open gets the focus."""
        book = self.session.book
        if not book.writable:
            reason = problem_text(book.problems[0]) if book.problems else "it is read-only for you"
            self.say(f"{printable(book.path.name)} cannot be changed: {reason}", Mark.FAILED)
            return False
        if self.editor is not None:
            self.editor.resume()
            return False
        self.query_one(Notice).clear()
        return True

    def _lookup(self) -> HostLookup:
        return HostLookup(self.session.name_problem)

    def prepare_editors(self) -> None:
        """Mount the editors before they are asked for, so that the first key is as quick."""
        if not is_there(self):
            return
        nothing = draft_new(self.session.book, "", self.session.file.neighbours)
        self._cells_for(nothing)
        self.query_one(Workbench).keep(self._form_for(nothing))

    def _cells_for(self, draft: Draft) -> CellEditor:
        if self._cells is None:
            self._cells = CellEditor(draft, self._lookup(), self.symbols)
            self.mount(self._cells)
        return self._cells

    def _form_for(self, draft: Draft) -> EditForm:
        if self._form is None:
            self._form = EditForm(draft, self._lookup(), self.symbols)
        return self._form

    def _open_cells(self, draft: Draft) -> None:
        if self._can_open():
            cells = self._cells_for(draft)
            self.place_cells()
            cells.begin(draft, self._lookup(), NOTHING)

    def place_cells(self) -> None:
        """Lay the editor of a row over it."""
        if self._cells is not None:
            self._cells.lie_over(self.query_one(TargetList), self.size)

    def _open_form(self, draft: Draft, typed: Mapping[Field, str] = NOTHING) -> None:
        if self._can_open():
            form = self._form_for(draft)
            self._open(form)
            form.begin(draft, self._lookup(), typed)

    def _open_many(self, draft: ManyDraft) -> None:
        if self._can_open():
            self._open(EditMany(draft, self.symbols))

    def _open(self, form: Form) -> None:
        self.remove_class("-zoom")
        self.query_one(Workbench).open(form)

    @on(CellEditor.WholeRequested)
    def _open_whole(self, event: CellEditor.WholeRequested) -> None:
        self._close()
        self._open_form(event.draft, event.typed)

    @on(Editor.SaveRequested)
    def _save(self, event: Editor.SaveRequested) -> None:
        draft, then = event.draft, partial(self._saved, event)
        failed = partial(self.not_written, "Not saved.")
        if draft.profile is not None:
            self.writes.write_edits((edit_of(draft.profile, event.changes),), then, failed)
        else:
            work = partial(save, self.session.path, draft, event.changes)
            self.writes.write(work, then, failed)

    def _saved(self, event: Editor.SaveRequested, written: Written, reading: BookReading) -> None:
        self.session.wrote(written, reading)
        editor = event.editor
        if self.editor is not editor or editor.draft is not event.draft:
            self.show_file()
        elif editor.texts != event.typed:
            self._go_on_editing(editor, written.key)
            return
        else:
            self._close_saved(written.key)
        if written.change.is_empty:
            self.say(f"Nothing to save: {self.where(written)} says that already.", Mark.OK)
        else:
            saved = f"Saved {printable(written.key)} to {self.where(written)}."
            self.say(f"{saved} Press enter to run it again, u to undo.", Mark.OK)

    def _close_saved(self, key: str) -> None:
        if self.is_testing:
            self.session.adopt_test(key)
        self._close()
        self.file_written(key)

    def _go_on_editing(self, editor: Editor, key: str) -> None:
        """Keep what was typed while the save went on: it is not in the file yet."""
        self.show_file(key)
        if (profile := self.session.find(key)) is not None:
            draft = draft_of(self.session.book, profile, self.session.file.neighbours)
            editor.begin(draft, self._lookup(), editor.texts)
        self.say("Saved without what you typed meanwhile: enter saves that too.", Mark.WARNING)

    @on(EditMany.SaveRequested)
    def _save_many(self, event: EditMany.SaveRequested) -> None:
        edits = tuple(edit_of(each.profile, each.changes) for each in event.changes)
        then = partial(self._saved_many, event)
        self.writes.write_edits(edits, then, partial(self.not_written, "Not saved."))

    def _saved_many(
        self, event: EditMany.SaveRequested, written: Written, reading: BookReading
    ) -> None:
        self.session.wrote(written, reading)
        if self.editor is event.editor and event.editor.typed == event.typed:
            self._close()
            self.file_written(None)
        else:
            self.show_file()
        self.say(f"Saved {event.words} to {self.where(written)}. Press u to undo.", Mark.OK)

    @on(Editor.Refused)
    def _refused(self, event: Editor.Refused) -> None:
        message = printable(event.complaint.message)
        self.say(f"This cannot work yet. {event.label}: {message}", Mark.FAILED)

    @on(EditMany.Refused)
    def _refused_many(self, event: EditMany.Refused) -> None:
        self.say(f"Not saved. {printable(event.text)}", Mark.FAILED)

    @on(Editor.Left)
    @on(EditMany.Left)
    def _left(self, event: Editor.Left | EditMany.Left) -> None:
        if not event.changed:
            self._close()
            return
        from dcmecho.console.screens.confirm import ConfirmScreen

        question = ConfirmScreen(
            "Leave without saving?", "What you typed is lost.", "leave", "go on editing"
        )
        self.app.push_screen(question, self._leave_if)

    def _leave_if(self, answer: bool | None) -> None:
        if answer:
            self._close()

    def _close(self) -> None:
        # The focus goes first: Textual would send it to the next pane, which then takes the room.
        self.go_to(Pane.TARGETS)
        if self._cells is not None:
            self._cells.end()
        self.query_one(Workbench).close()
        self.query_one(Notice).clear()
        if self.is_testing:
            self.session.end_test()
            self.show_selected()

    @on(Editor.TestRequested)
    def _test(self, event: Editor.TestRequested) -> None:
        profile = event.draft.profile
        if self.session.is_running(TEST_KEY):
            self.say("The test is running; esc leaves the editor and ends it.", Mark.RUNNING)
        elif profile is not None and self.session.record(profile).running:
            self.say("The target itself is running: test when that is done.", Mark.RUNNING)
        else:
            self.query_one(Notice).clear()
            self.session.test(event.target)
            self.query_one(Workbench).show_test()
            self.show_test(event.target, self.session.state[TEST_KEY])
            self.follow(TEST_KEY)

    def action_show_all(self) -> None:
        """Take the filter away, or else the marks."""
        targets = self.query_one(TargetList)
        if targets.filter_text:
            targets.filter("")
        else:
            self.session.marks.clear()
            targets.marks_changed()
            self.refresh_keys()

    @abstractmethod
    def refresh_keys(self) -> None:
        """Show the keys of the focused pane."""

    @on(TargetList.Marked)
    def _marked(self) -> None:
        self.refresh_keys()
