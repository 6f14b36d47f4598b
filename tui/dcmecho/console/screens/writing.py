"""A screen that writes the profile file: saves, deletions, the undo, and what others wrote."""

from __future__ import annotations

from abc import abstractmethod
from functools import partial
from pathlib import Path

from dcmecho.console.background import Background
from dcmecho.console.engine import Engine
from dcmecho.console.file_edits import (
    BookReading,
    Written,
    delete,
    read_if_changed,
    take_back,
)
from dcmecho.console.screens.opening import OpeningScreen
from dcmecho.console.screens.presence import is_there
from dcmecho.console.symbols import Mark
from dcmecho.console.terminal import Terminal
from dcmecho.console.widgets.notice import Notice
from dcmecho.diagnosis.sanitize import printable
from dcmecho.profiles.model import Origin, Profile

LOOK_INTERVAL_S = 2.0
"""So often the file on disk is looked at, without a byte written to the terminal."""


class WritingScreen(OpeningScreen):
    """Asks for changes of the file, and notices those of others."""

    def __init__(self, profiles_path: Path, engine: Engine, terminal: Terminal) -> None:
        super().__init__(profiles_path, engine, terminal)
        self._looks = Background()

    @abstractmethod
    def file_written(self, key: str | None) -> None:
        """Show the file after a change; the cursor goes to the profile with this key."""

    def on_mount(self) -> None:
        """Notice from now on what others do to the file."""
        self.set_interval(LOOK_INTERVAL_S, self._look)

    def action_quit(self) -> None:
        """Let a save that is under way end, and quit; tell on stderr why it was not written."""
        if reason := self.writes.finish():
            self.app.exit(message=f"dcmecho: not saved: {reason}")
        super().action_quit()

    def where(self, written: Written) -> str:
        """Name the file that a change went to."""
        file = written.change.path
        if file == self.session.path:
            return printable(file.name)
        return f"your own {printable(str(file))}"

    def action_delete(self) -> None:
        """Delete the selected target, after asking."""
        from dcmecho.console.screens.confirm import ConfirmScreen

        profile, book = self.chosen, self.session.book
        if profile is None:
            return
        if book.overlay is not None and profile.origin is Origin.FILE:
            where = f"it stands in {printable(str(book.path))}, which you may not write"
            name = printable(profile.name)
            self.say(f"{name} cannot be deleted: {where}: ask who owns it.", Mark.FAILED)
            return
        what = printable(str(profile.target)) if profile.target else "a target that cannot run"
        file = printable(str(book.overlay or book.path))
        question = ConfirmScreen(
            f"Delete {printable(profile.name) or 'the target without a name'}?",
            f"{what}\nIt is removed from {file}; u takes that back.",
            "delete",
            "keep",
        )
        self.app.push_screen(question, partial(self._delete_if, profile))

    def _delete_if(self, profile: Profile, answer: bool | None) -> None:
        if answer:
            work = partial(delete, self.session.path, profile)
            failed = partial(self.not_written, "Not deleted.")
            self.writes.write(work, partial(self._deleted, profile), failed)

    def _deleted(self, profile: Profile, written: Written, reading: BookReading) -> None:
        self.session.wrote(written, reading)
        self.file_written(None)
        self.say(f"Deleted {printable(profile.name)}. u takes it back.", Mark.OK)

    def action_undo(self) -> None:
        """Take the newest change of this sitting back."""
        newest = self.session.file.history.newest
        if newest is None:
            self.say("Nothing was changed in this sitting that u could take back.", Mark.WARNING)
            return
        failed = partial(self.not_written, "Not undone.")
        self.writes.write(partial(take_back, newest), partial(self._undone, newest), failed)

    def _undone(self, taken: Written, undone: Written, reading: BookReading) -> None:
        self.session.took_back(taken, undone, reading)
        self.file_written(undone.key or None)
        left = len(self.session.file.history)
        more = f" u takes back {left} more." if left else ""
        self.say(f"Undid {printable(taken.words)}.{more}", Mark.OK)

    def _look(self) -> None:
        if not self._looks.busy and not self.writes.busy:
            self.run_worker(self._look_at_file())

    async def _look_at_file(self) -> None:
        path, stamp = self.session.path, self.session.file.stamp
        reading = await self._looks.run(lambda: read_if_changed(path, stamp))
        is_outdated = self.writes.busy or stamp != self.session.file.stamp
        if reading is not None and not is_outdated and is_there(self):
            self.session.took(reading)
            self.show_file()
            text = f"{printable(path.name)} was changed elsewhere, and is read again."
            self.query_one(Notice).mention(text)
