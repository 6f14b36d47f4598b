"""Changes to the profile file outside the editors: deleting, undo, and changes by others."""

from __future__ import annotations

from functools import partial

from textual.screen import Screen

from dcmecho.console.background import Background
from dcmecho.console.file.edits import (
    BookReading,
    SavedChange,
    delete,
    read_if_changed,
    take_back,
)
from dcmecho.console.main.panes import Panes
from dcmecho.console.runs.session import Session
from dcmecho.console.runs.writes import Writes
from dcmecho.console.screens.mounted import is_usable
from dcmecho.console.symbols import Mark
from dcmecho.diagnosis.sanitize import path_text
from dcmecho.profiles.book.model import Origin, Profile

LOOK_INTERVAL_S = 2.0
"""Seconds between two looks at the file on disk. They write nothing to the terminal."""


class FileChanges:
    """Requests changes to the file, and notices those of other programs."""

    def __init__(
        self, screen: Screen[None], session: Session, panes: Panes, writes: Writes
    ) -> None:
        self._screen = screen
        self._session = session
        self._panes = panes
        self._writes = writes
        self._looks = Background()

    def watch(self) -> None:
        """Start to notice changes by other programs."""
        self._screen.set_interval(LOOK_INTERVAL_S, self._look)

    def delete(self) -> None:
        """Delete the selected target, after asking."""
        from dcmecho.console.screens.confirm import ConfirmScreen

        profile, book = self._panes.chosen, self._session.book
        if profile is None:
            return
        if book.overlay is not None and profile.origin is Origin.FILE:
            name, path = profile.name, path_text(book.path)
            why = f"because {path} is read-only for you. Ask its owner."
            self._panes.say(f"{name} cannot be deleted {why}", Mark.FAILED)
            return
        what = str(profile.target) if profile.target else "a target with errors"
        file = path_text(book.overlay or book.path)
        question = ConfirmScreen(
            f"Delete {profile.name or 'the target without a name'}?",
            f"{what}\nRemoves it from {file}. You can undo this with u.",
            "delete",
            "keep",
        )
        self._screen.app.push_screen(question, partial(self._delete_if, profile))

    def _delete_if(self, profile: Profile, answer: bool | None) -> None:
        if answer:
            work = partial(delete, self._session.path, profile)
            failed = partial(self._panes.not_written, "Not deleted.")
            self._writes.write(work, partial(self._deleted, profile), failed)

    def _deleted(self, profile: Profile, written: SavedChange, reading: BookReading) -> None:
        self._session.after_write(written, reading)
        self._panes.file_written(None)
        self._panes.say(f"Deleted {profile.name}. Press u to undo.", Mark.OK)

    def undo(self) -> None:
        """Undo the newest change of this session."""
        newest = self._session.file.history.newest
        if newest is None:
            self._panes.say(
                "Nothing to undo: you have made no changes since dcmecho was opened.", Mark.WARNING
            )
            return
        failed = partial(self._panes.not_written, "Not undone.")
        self._writes.write(partial(take_back, newest), partial(self._undone, newest), failed)

    def _undone(self, taken: SavedChange, undone: SavedChange, reading: BookReading) -> None:
        self._session.after_undo(taken, undone, reading)
        self._panes.file_written(undone.key or None)
        left = len(self._session.file.history)
        more = f" Press u to undo {left} more." if left else ""
        self._panes.say(f"Undid {taken.words}.{more}", Mark.OK)

    def _look(self) -> None:
        if not self._looks.busy and not self._writes.busy:
            self._screen.run_worker(self._look_at_file())

    async def _look_at_file(self) -> None:
        path, stamp = self._session.path, self._session.file.stamp
        reading = await self._looks.run(lambda: read_if_changed(path, stamp))
        is_outdated = self._writes.busy or stamp != self._session.file.stamp
        if reading is not None and not is_outdated and is_usable(self._screen):
            self._session.after_reading(reading)
            self._panes.show_file()
            text = f"{path_text(path.name)} was changed elsewhere and was read again."
            self._panes.notice.mention(text)
