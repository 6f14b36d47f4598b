"""The place right of the list: the diagnosis, or the form while a target is edited."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message

from dcmecho.console.editing import Draft
from dcmecho.console.session import Session
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.widgets.diagnosis import DiagnosisPane
from dcmecho.console.widgets.edit_form import EditForm
from dcmecho.console.words import problem_text
from dcmecho.diagnosis.sanitize import printable
from dcmecho.profiles.model import Profile, ProfileError


class Workbench(Container):
    """Opens the form, saves what it holds, and closes it."""

    class Said(Message):
        """Something for the user to read."""

        def __init__(self, text: str, mark: Mark) -> None:
            self.text = text
            self.mark = mark
            super().__init__()

    class Closed(Message):
        """The form is gone, or a target is; ``saved`` is the key of one that was written."""

        def __init__(self, saved: str | None, *, file_changed: bool) -> None:
            self.saved = saved
            self.file_changed = file_changed
            super().__init__()

    def __init__(self, session: Session, symbols: Symbols) -> None:
        super().__init__(id="workbench")
        self._session = session
        self._symbols = symbols

    def compose(self) -> ComposeResult:
        """The diagnosis; the form comes when it is asked for."""
        yield DiagnosisPane(self._symbols)

    @property
    def editing(self) -> bool:
        """True while the form is open."""
        return bool(self.query(EditForm))

    def edit(self, draft: Draft) -> None:
        """Open the form on a draft; one that is open keeps its draft and gets the focus."""
        book = self._session.book
        if not book.writable:
            reason = problem_text(book.problems[0]) if book.problems else "it is read-only for you"
            file = printable(book.path.name)
            self.post_message(self.Said(f"{file} cannot be changed: {reason}", Mark.FAILED))
            return
        for form in self.query(EditForm):
            form.resume()
            return
        self.query_one(DiagnosisPane).display = False
        self.mount(EditForm(draft, self._symbols))

    @on(EditForm.SaveRequested)
    def _save(self, event: EditForm.SaveRequested) -> None:
        event.stop()
        try:
            key = self._session.save(event.draft, event.changes)
        except (ProfileError, OSError) as error:
            self.post_message(self.Said(f"Not saved. {printable(str(error))}", Mark.FAILED))
            return
        file = printable(self._session.path.name)
        self._close(key)
        text = f"Saved {printable(key)} to {file}. Press enter to run it again."
        self.post_message(self.Said(text, Mark.OK))

    @on(EditForm.Refused)
    def _refused(self, event: EditForm.Refused) -> None:
        event.stop()
        complaint = event.complaint
        text = f"Not saved. {event.label}: {printable(complaint.message)}"
        self.post_message(self.Said(text, Mark.FAILED))

    @on(EditForm.Left)
    def _left(self, event: EditForm.Left) -> None:
        event.stop()
        if not event.changed:
            self._close(None)
            return
        from dcmecho.console.screens.confirm import ConfirmScreen

        question = ConfirmScreen(
            "Leave without saving?", "What you typed is lost.", "leave", "go on editing"
        )
        self.app.push_screen(question, self._close_if)

    def _close_if(self, answer: bool | None) -> None:
        if answer:
            self._close(None)

    def _close(self, saved: str | None) -> None:
        self.query(EditForm).remove()
        self.query_one(DiagnosisPane).display = True
        self.post_message(self.Closed(saved, file_changed=saved is not None))

    def delete(self, profile: Profile) -> None:
        """Delete a target from the file, after asking."""
        from dcmecho.console.screens.confirm import ConfirmScreen

        what = printable(str(profile.target)) if profile.target else "a target that cannot run"
        question = ConfirmScreen(
            f"Delete {printable(profile.name) or 'the target without a name'}?",
            f"{what}\nIt is removed from {printable(str(self._session.path))}.",
            "delete",
            "keep",
        )
        self.app.push_screen(question, lambda answer: self._delete_if(profile, answer))

    def _delete_if(self, profile: Profile, answer: bool | None) -> None:
        if not answer:
            return
        try:
            self._session.delete(profile)
        except (ProfileError, OSError) as error:
            self.post_message(self.Said(f"Not deleted. {printable(str(error))}", Mark.FAILED))
            return
        self.post_message(self.Closed(None, file_changed=True))
        self.post_message(self.Said(f"Deleted {printable(profile.name)}.", Mark.OK))
