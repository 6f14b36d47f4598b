"""A screen that writes the profile file: saves, deletions, the undo, and what others wrote."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dcmecho.console.background import Background
from dcmecho.console.engine import Engine
from dcmecho.console.file_edits import (
    BookReading,
    Written,
    delete,
    read,
    read_if_changed,
    save_edits,
    settled,
    take_back,
)
from dcmecho.console.screens.opening import OpeningScreen
from dcmecho.console.screens.presence import is_there
from dcmecho.console.symbols import Mark
from dcmecho.console.terminal import Terminal
from dcmecho.console.widgets.notice import Notice
from dcmecho.diagnosis.sanitize import printable
from dcmecho.profiles.model import Origin, Profile, ProfileError

if TYPE_CHECKING:
    from dcmecho.profiles.change import Collision, TargetEdit

LOOK_INTERVAL_S = 2.0
"""So often the file on disk is looked at, without a byte written to the terminal."""

Then = Callable[[Written, BookReading], None]
"""What to do when a change has been written, and the file read again."""


class WritingScreen(OpeningScreen):
    """Every write is made on a thread, one after the other; the screen goes on meanwhile."""

    def __init__(self, profiles_path: Path, engine: Engine, terminal: Terminal) -> None:
        super().__init__(profiles_path, engine, terminal)
        self.background = Background()
        """The writes, which the next key waits for."""
        self._looks = Background()

    @abstractmethod
    def file_written(self, key: str | None) -> None:
        """Show the file after a change; the cursor goes to the profile with this key."""

    def on_mount(self) -> None:
        """Notice from now on what others do to the file."""
        self.set_interval(LOOK_INTERVAL_S, self._look)

    def action_quit(self) -> None:
        """Let a save that is under way end, within 2 s, and quit."""
        self.background.finish()
        super().action_quit()

    def write(self, work: Callable[[], Written], then: Then, failed: str) -> None:
        """Make a change of the file; ``failed`` begins the sentence where that is impossible."""
        self.run_worker(self._write(work, then, failed))

    def write_edits(self, edits: Sequence[TargetEdit], then: Then) -> None:
        """Change targets in one write; ask where somebody else was quicker."""
        work = partial(save_edits, self.session.path, edits)
        self.run_worker(self._write(work, then, "Not saved.", edits))

    async def _write(
        self,
        work: Callable[[], Written],
        then: Then,
        failed: str,
        edits: Sequence[TargetEdit] = (),
    ) -> None:
        from dcmecho.profiles.change import EditConflict

        path = self.session.path
        try:
            written, reading = await self.background.run(lambda: (work(), read(path)))
        except EditConflict as conflict:
            if is_there(self):
                self._ask(edits, conflict.collisions, then)
        except (ProfileError, OSError) as error:
            if is_there(self):
                self.say(f"{failed} {printable(str(error), 2048)}", Mark.FAILED)
        else:
            if not is_there(self):
                return
            then(written, reading)
            await self._looks.run(lambda: self.session.file.neighbours)

    def _ask(
        self, edits: Sequence[TargetEdit], collisions: Sequence[Collision], then: Then
    ) -> None:
        from dcmecho.console.screens.collision import CollisionScreen

        def settle(ours: frozenset[Collision] | None) -> None:
            if ours is not None:
                self.write_edits(settled(edits, collisions, ours), then)

        self.app.push_screen(CollisionScreen(collisions, self.symbols), settle)

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
            self.write(work, partial(self._deleted, profile), "Not deleted.")

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
        self.write(partial(take_back, newest), partial(self._undone, newest), "Not undone.")

    def _undone(self, taken: Written, undone: Written, reading: BookReading) -> None:
        self.session.took_back(taken, undone, reading)
        self.file_written(undone.key or None)
        left = len(self.session.file.history)
        more = f" u takes back {left} more." if left else ""
        self.say(f"Undid {printable(taken.words)}.{more}", Mark.OK)

    def _look(self) -> None:
        if not self._looks.busy and not self.background.busy:
            self.run_worker(self._look_at_file())

    async def _look_at_file(self) -> None:
        path, stamp = self.session.path, self.session.file.stamp
        reading = await self._looks.run(lambda: read_if_changed(path, stamp))
        is_outdated = self.background.busy or stamp != self.session.file.stamp
        if reading is not None and not is_outdated and is_there(self):
            self.session.took(reading)
            self.show_file()
            text = f"{printable(path.name)} was changed elsewhere, and is read again."
            self.query_one(Notice).mention(text)
