"""Changes of the profile file beside the editors: deletions, the undo, and what others wrote."""

from __future__ import annotations

from functools import partial

from textual.screen import Screen

from dcmecho.console.background import Background
from dcmecho.console.file.edits import (
    BookReading,
    Written,
    delete,
    read_if_changed,
    take_back,
)
from dcmecho.console.main.panes import Panes
from dcmecho.console.runs.session import Session
from dcmecho.console.runs.writes import Writes
from dcmecho.console.screens.mounted import is_usable
from dcmecho.console.symbols import Mark
from dcmecho.diagnosis.sanitize import printable
from dcmecho.profiles.book.model import Origin, Profile

LOOK_INTERVAL_S = 2.0
"""So often the file on disk is looked at, without a byte written to the terminal."""


class FileChanges:
    """Asks for changes of the file, and notices those of others."""

    def __init__(
        self, screen: Screen[None], session: Session, panes: Panes, writes: Writes
    ) -> None:
        self._screen = screen
        self._session = session
        self._panes = panes
        self._writes = writes
        self._looks = Background()

    def watch(self) -> None:
        """Notice from now on what others do to the file."""
        self._screen.set_interval(LOOK_INTERVAL_S, self._look)

    def delete(self) -> None:
        """Delete the selected target, after asking."""
        from dcmecho.console.screens.confirm import ConfirmScreen

        profile, book = self._panes.chosen, self._session.book
        if profile is None:
            return
        if book.overlay is not None and profile.origin is Origin.FILE:
            where = f"it stands in {printable(str(book.path))}, which you may not write"
            name = printable(profile.name)
            self._panes.say(f"{name} cannot be deleted: {where}: ask who owns it.", Mark.FAILED)
            return
        what = printable(str(profile.target)) if profile.target else "a target that cannot run"
        file = printable(str(book.overlay or book.path))
        question = ConfirmScreen(
            f"Delete {printable(profile.name) or 'the target without a name'}?",
            f"{what}\nIt is removed from {file}; u takes that back.",
            "delete",
            "keep",
        )
        self._screen.app.push_screen(question, partial(self._delete_if, profile))

    def _delete_if(self, profile: Profile, answer: bool | None) -> None:
        if answer:
            work = partial(delete, self._session.path, profile)
            failed = partial(self._panes.not_written, "Not deleted.")
            self._writes.write(work, partial(self._deleted, profile), failed)

    def _deleted(self, profile: Profile, written: Written, reading: BookReading) -> None:
        self._session.wrote(written, reading)
        self._panes.file_written(None)
        self._panes.say(f"Deleted {printable(profile.name)}. u takes it back.", Mark.OK)

    def undo(self) -> None:
        """Take the newest change of this sitting back."""
        newest = self._session.file.history.newest
        if newest is None:
            self._panes.say(
                "Nothing was changed in this sitting that u could take back.", Mark.WARNING
            )
            return
        failed = partial(self._panes.not_written, "Not undone.")
        self._writes.write(partial(take_back, newest), partial(self._undone, newest), failed)

    def _undone(self, taken: Written, undone: Written, reading: BookReading) -> None:
        self._session.took_back(taken, undone, reading)
        self._panes.file_written(undone.key or None)
        left = len(self._session.file.history)
        more = f" u takes back {left} more." if left else ""
        self._panes.say(f"Undid {printable(taken.words)}.{more}", Mark.OK)

    def _look(self) -> None:
        if not self._looks.busy and not self._writes.busy:
            self._screen.run_worker(self._look_at_file())

    async def _look_at_file(self) -> None:
        path, stamp = self._session.path, self._session.file.stamp
        reading = await self._looks.run(lambda: read_if_changed(path, stamp))
        is_outdated = self._writes.busy or stamp != self._session.file.stamp
        if reading is not None and not is_outdated and is_usable(self._screen):
            self._session.took(reading)
            self._panes.show_file()
            text = f"{printable(path.name)} was changed elsewhere, and is read again."
            self._panes.notice.mention(text)
