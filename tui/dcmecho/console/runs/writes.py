"""The only way to write the profile file: off the screen's thread, one change at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.screen import Screen

from dcmecho.console.background import Background
from dcmecho.console.file.edits import BookReading, SavedChange, read, save_edits, settled
from dcmecho.console.runs.file_session import FileSession
from dcmecho.console.screens.mounted import is_usable
from dcmecho.console.symbols import Symbols
from dcmecho.console.widgets.notice import Notice
from dcmecho.diagnosis.sanitize import error_text
from dcmecho.profiles.book.model import ProfileError

if TYPE_CHECKING:
    from dcmecho.profiles.book.change import Collision, TargetEdit

    _Settle = Callable[[Sequence[Collision]], object]

AfterWrite = Callable[[SavedChange, BookReading], object]
"""Called when a change was written and the file was read again."""

Failed = Callable[[str], object]
"""Called with the reason why a change was not written. The requester still has what was typed."""

_BUSY = "The previous change is still being written. Try again when that is done."


class Writes:
    """Writes changes to the file. The screen stays responsive; ``screen`` outlives all others.

    While one change waits for the disk or for another program's lock, a second one is refused: it
    was made from contents that are about to change.
    """

    def __init__(self, screen: Screen[None], session: FileSession, symbols: Symbols) -> None:
        self.background = Background()
        """The background thread of the writes; the next key waits for it."""
        self.busy = False
        """True from the request until ``then`` or ``failed`` is called."""
        self._screen = screen
        self._session = session
        self._symbols = symbols
        self._afterwards = Background()

    def write(self, work: Callable[[], SavedChange], then: AfterWrite, failed: Failed) -> None:
        """Make a change to the file. Returns at once; ``then`` or ``failed`` is called later."""
        self._start(work, then, failed, None)

    def write_edits(self, edits: Sequence[TargetEdit], then: AfterWrite, failed: Failed) -> None:
        """Change targets in one write; ask the user if someone else changed the same values."""
        work = partial(save_edits, self._session.path, edits)
        self._start(work, then, failed, partial(self._ask, edits, then, failed))

    def finish(self, timeout_s: float) -> str:
        """Wait at most ``timeout_s`` for the write under way.

        Return why it was not written, empty if it was or if there was nothing to write.
        """
        try:
            self.background.finish(timeout_s)
        except (ProfileError, OSError) as error:
            return error_text(error)
        return ""

    def _start(
        self,
        work: Callable[[], SavedChange],
        then: AfterWrite,
        failed: Failed,
        settle: _Settle | None,
    ) -> None:
        if self.busy:
            failed(_BUSY)
        else:
            self.busy = True
            self._screen.run_worker(self._write(work, then, failed, settle))

    async def _write(
        self,
        work: Callable[[], SavedChange],
        then: AfterWrite,
        failed: Failed,
        settle: _Settle | None,
    ) -> None:
        path = self._session.path
        try:
            written, reading = await self.background.run(lambda: (work(), read(path)))
        except (ProfileError, OSError) as error:
            self._not_written(error, failed, settle)
            return
        finally:
            self.busy = False
        if is_usable(self._screen):
            then(written, reading)
            if caution := written.change.caution:
                self._screen.query_one(Notice).add(caution)
            await self._afterwards.run(lambda: self._session.file.neighbours)

    def _not_written(
        self, error: ProfileError | OSError, failed: Failed, settle: _Settle | None
    ) -> None:
        from dcmecho.profiles.book.change import EditConflict

        if not is_usable(self._screen):
            return
        if settle is not None and isinstance(error, EditConflict):
            settle(error.collisions)
        else:
            failed(error_text(error))

    def _ask(
        self,
        edits: Sequence[TargetEdit],
        then: AfterWrite,
        failed: Failed,
        collisions: Sequence[Collision],
    ) -> None:
        from dcmecho.console.editing.collision import CollisionScreen

        def settle(ours: frozenset[Collision] | None) -> None:
            if ours is not None:
                self.write_edits(settled(edits, collisions, ours), then, failed)

        self._screen.app.push_screen(CollisionScreen(collisions, self._symbols), settle)
