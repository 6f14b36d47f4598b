"""Editing targets: one in its row, one in the form, several at once."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType

from textual.screen import Screen

from dcmecho.console.command import Pane
from dcmecho.console.editing.cells import IN_THE_ROW, CellEditor
from dcmecho.console.editing.draft import Draft, draft_clone, draft_new, draft_of
from dcmecho.console.editing.editor import Editor
from dcmecho.console.editing.form import EditForm
from dcmecho.console.editing.host_lookup import HostLookup
from dcmecho.console.editing.many import ManyDraft
from dcmecho.console.editing.many_form import EditMany
from dcmecho.console.file.edits import BookReading, SavedChange, edit_of, save
from dcmecho.console.main.panes import Panes
from dcmecho.console.main.unsaved_edits import unsaved_in, unsaved_in_many
from dcmecho.console.main.workbench import Form
from dcmecho.console.runs.runs import Runs
from dcmecho.console.runs.session import TEST_KEY, Session
from dcmecho.console.runs.writes import Writes
from dcmecho.console.screens.mounted import is_usable
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.words import problem_text
from dcmecho.diagnosis.sanitize import path_text
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.tls_keys import TargetKey, target_key
from dcmecho.profiles.book.model import Profile
from dcmecho.profiles.edit.unsaved import Unsaved

AnyEditor = CellEditor | Form
NOTHING: Mapping[TargetKey, str] = MappingProxyType({})


class Editing:
    """Opens one editor at a time, and carries out its requests."""

    def __init__(
        self,
        screen: Screen[None],
        session: Session,
        panes: Panes,
        writes: Writes,
        runs: Runs,
        symbols: Symbols,
    ) -> None:
        self._screen = screen
        self._session = session
        self._panes = panes
        self._writes = writes
        self._runs = runs
        self._symbols = symbols
        self._cells: CellEditor | None = None
        self._form: EditForm | None = None

    @property
    def editor(self) -> AnyEditor | None:
        """The editor that is open, or ``None``."""
        if self._cells is not None and self._cells.display:
            return self._cells
        return self._panes.workbench.form

    @property
    def unsaved(self) -> Unsaved | None:
        """What was typed in the open editor and would be lost, ``None`` for nothing."""
        editor, now = self.editor, datetime.now(UTC)
        if isinstance(editor, EditMany):
            return unsaved_in_many(editor, now) if editor.is_changed else None
        return unsaved_in(editor, now) if editor is not None and editor.is_changed else None

    def go_on(self, unsaved: Unsaved) -> None:
        """Open an editor with what was typed when the console had to end."""
        book, others = self._session.book, self._session.file.neighbours
        profiles = [each for key in unsaved.keys if (each := self._session.find(key))]
        original = self._session.find(unsaved.original)
        if len(profiles) > 1:
            typed = {key: text for key, text in unsaved.typed.items() if isinstance(key, Field)}
            self._open_many(ManyDraft.of(book, profiles, others), next(iter(typed.items()), None))
        elif profiles:
            self._open_form(draft_of(book, profiles[0], others), unsaved.typed)
        elif original is not None:
            self._open_form(draft_clone(book, original, others), unsaved.texts)
        else:
            self._open_form(draft_new(book, "", others), unsaved.texts)

    def edit(self) -> None:
        """Edit the selected target, or one field of all marked targets.

        A target is edited in its row, unless the value to begin at is only in the form.
        """
        profile, marked = self._panes.chosen, self._session.marked
        if marked and list(marked) != [profile]:
            self._open_many(ManyDraft.of(self._session.book, marked, self._session.file.neighbours))
        elif profile is not None and profile.target is not None:
            draft = draft_of(self._session.book, profile, self._session.file.neighbours)
            at = self._blamed(profile)
            if at is None or at in IN_THE_ROW:
                self._open_cells(draft, at)
            else:
                self._open_form(draft, at=at)
        else:
            self.edit_whole()

    def edit_whole(self) -> None:
        """Edit all fields of the selected target to the right of the list."""
        if (profile := self._panes.chosen) is not None:
            draft = draft_of(self._session.book, profile, self._session.file.neighbours)
            self._open_form(draft, at=self._blamed(profile))

    def _blamed(self, profile: Profile) -> TargetKey | None:
        """Return the value that is wrong: in the file, or according to the last check."""
        from dcmecho.diagnosis.guide.blame import value_blamed

        if profile.target is None:
            return _blamed_in_file(profile)
        report = self._session.record(profile).report
        return value_blamed(report) if report else None

    def new(self, typed: Mapping[TargetKey, str] = NOTHING) -> None:
        """Add a target to the group of the selected one, with some values filled in."""
        group = self._panes.chosen.group if self._panes.chosen else ""
        self._open_form(draft_new(self._session.book, group, self._session.file.neighbours), typed)

    def clone(self) -> None:
        """Add a target that starts as a copy of the selected one."""
        if (profile := self._panes.chosen) is not None:
            self._open_form(draft_clone(self._session.book, profile, self._session.file.neighbours))

    def _can_open(self) -> bool:
        """Return whether an editor can open. If not, say why, or focus the one that is open."""
        book = self._session.book
        if not book.writable:
            reason = problem_text(book.problems[0]) if book.problems else "it is read-only for you"
            self._panes.say(f"{path_text(book.path.name)} cannot be changed: {reason}", Mark.FAILED)
            return False
        if self.editor is not None:
            self.editor.resume()
            return False
        self._panes.notice.clear()
        return True

    def _lookup(self) -> HostLookup:
        return HostLookup(self._session.name_problem)

    def prepare_editors(self) -> None:
        """Mount the editors in advance, so the first key is as quick as later ones."""
        if not is_usable(self._screen):
            return
        nothing = draft_new(self._session.book, "", self._session.file.neighbours)
        self._cells_for(nothing)
        self._panes.workbench.keep(self._form_for(nothing))

    def _cells_for(self, draft: Draft) -> CellEditor:
        if self._cells is None:
            self._cells = CellEditor(draft, self._lookup(), self._symbols)
            self._screen.mount(self._cells)
        return self._cells

    def _form_for(self, draft: Draft) -> EditForm:
        if self._form is None:
            self._form = EditForm(draft, self._lookup(), self._symbols)
        return self._form

    def _open_cells(self, draft: Draft, at: TargetKey | None) -> None:
        if self._can_open():
            cells = self._cells_for(draft)
            self.place_cells()
            cells.begin(draft, self._lookup(), NOTHING, at)

    def place_cells(self) -> None:
        """Place the editor of a row over that row."""
        if self._cells is not None:
            self._cells.place_over(self._panes.targets, self._screen.size)

    def _open_form(
        self, draft: Draft, typed: Mapping[TargetKey, str] = NOTHING, at: TargetKey | None = None
    ) -> None:
        if self._can_open():
            form = self._form_for(draft)
            self._open(form)
            form.begin(draft, self._lookup(), typed, at)

    def _open_many(self, draft: ManyDraft, typed: tuple[Field, str] | None = None) -> None:
        if self._can_open():
            self._open(EditMany(draft, self._symbols, typed))

    def _open(self, form: Form) -> None:
        self._screen.remove_class("-zoom")
        self._panes.workbench.open(form)

    def open_whole(self, event: CellEditor.WholeRequested) -> None:
        """Open all fields, with what was typed in the row."""
        self._close()
        self._open_form(event.draft, event.typed)

    def save(self, event: Editor.SaveRequested) -> None:
        """Save the values of an editor."""
        draft, then = event.draft, partial(self._saved, event)
        failed = partial(self._panes.not_written, "Not saved.")
        if draft.profile is not None:
            self._writes.write_edits(
                (edit_of(draft.profile, event.changes, event.tls),), then, failed
            )
        else:
            work = partial(save, self._session.path, draft, event.changes, event.tls)
            self._writes.write(work, then, failed)

    def _saved(
        self, event: Editor.SaveRequested, written: SavedChange, reading: BookReading
    ) -> None:
        self._session.after_write(written, reading)
        editor = event.editor
        if self.editor is not editor or editor.draft is not event.draft:
            self._panes.show_file()
        elif editor.texts != event.typed:
            self._go_on_editing(editor, written.key)
            return
        else:
            self._close_saved(written.key)
        if written.change.is_empty:
            self._panes.say(
                f"Nothing to save: {_where(written, self._session.path)} has these values already.",
                Mark.OK,
            )
        else:
            saved = f"Saved {written.key} to {_where(written, self._session.path)}."
            self._panes.say(f"{saved} Press enter to check it again, u to undo.", Mark.OK)

    def _close_saved(self, key: str) -> None:
        if self._session.has_test:
            self._session.adopt_test(key)
        self._close()
        self._panes.file_written(key)

    def _go_on_editing(self, editor: Editor, key: str) -> None:
        """Keep what was typed during the save: it is not in the file yet."""
        self._panes.show_file(key)
        if (profile := self._session.find(key)) is not None:
            draft = draft_of(self._session.book, profile, self._session.file.neighbours)
            editor.begin(draft, self._lookup(), editor.texts)
        self._panes.say(
            "Saved without what you typed meanwhile. Press enter to save that too.", Mark.WARNING
        )

    def save_many(self, event: EditMany.SaveRequested) -> None:
        """Save one field of several targets."""
        edits = tuple(edit_of(each.profile, each.changes) for each in event.changes)
        then = partial(self._saved_many, event)
        self._writes.write_edits(edits, then, partial(self._panes.not_written, "Not saved."))

    def _saved_many(
        self, event: EditMany.SaveRequested, written: SavedChange, reading: BookReading
    ) -> None:
        self._session.after_write(written, reading)
        if self.editor is event.editor and event.editor.typed == event.typed:
            self._close()
            self._panes.file_written(None)
        else:
            self._panes.show_file()
        self._panes.say(
            f"Saved {event.words} to {_where(written, self._session.path)}. Press u to undo.",
            Mark.OK,
        )

    def refused(self, event: Editor.Refused) -> None:
        """Say why the values cannot be saved or tested."""
        message = event.complaint.message
        self._panes.say(f"These values cannot work yet. {event.label}: {message}", Mark.FAILED)

    def refused_many(self, event: EditMany.Refused) -> None:
        """Say why several targets cannot get this value."""
        self._panes.say(f"Not saved. {event.text}", Mark.FAILED)

    def left(self, event: Editor.Left | EditMany.Left) -> None:
        """Close the editor; ask first if anything would be lost."""
        if not event.changed:
            self._close()
            return
        from dcmecho.console.screens.confirm import ConfirmScreen

        question = ConfirmScreen(
            "Leave without saving?", "What you typed will be lost.", "leave", "keep editing"
        )
        self._screen.app.push_screen(question, self._leave_if)

    def _leave_if(self, answer: bool | None) -> None:
        if answer:
            self._close()

    def _close(self) -> None:
        # Move the focus first: Textual would move it to the next pane, which then takes the room.
        self._panes.go_to(Pane.TARGETS)
        if self._cells is not None:
            self._cells.end()
        self._panes.workbench.close()
        self._panes.notice.clear()
        if self._session.has_test:
            self._session.end_test()
            self._panes.show_selected()

    def test(self, event: Editor.TestRequested) -> None:
        """Check a target with the typed values."""
        profile = event.draft.profile
        if self._session.is_running(TEST_KEY):
            self._panes.say("The test is running. Press esc to leave and cancel it.", Mark.RUNNING)
        elif profile is not None and self._session.record(profile).running:
            self._panes.say("The target is being checked. Test it when that is done.", Mark.RUNNING)
        else:
            self._panes.notice.clear()
            self._session.test(event.target)
            self._panes.workbench.show_test()
            self._panes.show_test(event.target, self._session.state[TEST_KEY])
            self._runs.follow(TEST_KEY)


def _blamed_in_file(profile: Profile) -> TargetKey | None:
    for problem in profile.problems:
        with suppress(ValueError):
            return target_key(problem.key.removeprefix("tls."))
    return None


def _where(written: SavedChange, path: Path) -> str:
    """Return the name of the file that a change was written to."""
    file = written.change.path
    return path_text(file.name) if file == path else f"your own {path_text(file)}"
