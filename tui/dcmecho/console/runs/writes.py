"""The one way to the profile file: off the screen's thread, one change at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.screen import Screen

from dcmecho.console.background import Background
from dcmecho.console.file.edits import BookReading, Written, read, save_edits, settled
from dcmecho.console.runs.file_session import FileSession
from dcmecho.console.screens.mounted import is_usable
from dcmecho.console.symbols import Symbols
from dcmecho.diagnosis.sanitize import printable
from dcmecho.profiles.book.model import ProfileError

if TYPE_CHECKING:
    from dcmecho.profiles.book.change import Collision, TargetEdit

    _Settle = Callable[[Sequence[Collision]], object]

AfterWrite = Callable[[Written, BookReading], object]
"""What to do when a change has been written, and the file read again."""

Failed = Callable[[str], object]
"""Is told why a change was not written. Whoever asked for it still has what was typed."""

_BUSY = "The change before is still being written: try again when that is done."
_LONGEST_REASON = 4096


class Writes:
    """Takes changes of the file; ``screen`` goes on meanwhile, and outlives every other one.

    While one change waits, for the disk or for another program's lock, a second is refused: it was
    made from a file that is about to be another one.
    """

    def __init__(self, screen: Screen[None], session: FileSession, symbols: Symbols) -> None:
        self.background = Background()
        """The writes, which the next key waits for."""
        self.busy = False
        """True from the asking until ``then`` or ``failed`` is called."""
        self._screen = screen
        self._session = session
        self._symbols = symbols
        self._afterwards = Background()

    def write(self, work: Callable[[], Written], then: AfterWrite, failed: Failed) -> None:
        """Make a change of the file. Returns at once; ``then`` or ``failed`` is called later."""
        self._start(work, then, failed, None)

    def write_edits(self, edits: Sequence[TargetEdit], then: AfterWrite, failed: Failed) -> None:
        """Change targets in one write; ask where somebody else was quicker."""
        work = partial(save_edits, self._session.path, edits)
        self._start(work, then, failed, partial(self._ask, edits, then, failed))

    def finish(self) -> str:
        """Wait for what is being written, at most 2 s.

        Gives why it was not written, empty where it was or nothing had to be.
        """
        try:
            self.background.finish()
        except (ProfileError, OSError) as error:
            return printable(str(error), _LONGEST_REASON)
        return ""

    def _start(
        self, work: Callable[[], Written], then: AfterWrite, failed: Failed, settle: _Settle | None
    ) -> None:
        if self.busy:
            failed(_BUSY)
        else:
            self.busy = True
            self._screen.run_worker(self._write(work, then, failed, settle))

    async def _write(
        self, work: Callable[[], Written], then: AfterWrite, failed: Failed, settle: _Settle | None
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
            failed(printable(str(error), _LONGEST_REASON))

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
