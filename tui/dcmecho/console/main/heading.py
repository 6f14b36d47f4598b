"""The first line of the screen: the file, the state of its targets, and the calling AE title."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget

from dcmecho.console.runs.session import profile_key
from dcmecho.console.runs.state.targets import ConsoleState, Tally
from dcmecho.console.symbols import Mark
from dcmecho.console.watch.session import WatchTally
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.sanitize import own_text, path_text
from dcmecho.diagnosis.target.fields import Field
from dcmecho.profiles.book.model import Profile, ProfileBook


class HeadingBar(Widget):
    """One line; what does not fit at the right is left out."""

    DEFAULT_CSS = """
    HeadingBar { height: 1; background: $panel; color: $foreground; text-wrap: nowrap; }
    """

    def __init__(self, state: ConsoleState) -> None:
        super().__init__(id="heading")
        self._state = state
        self._file = ""
        self._is_read_only = False
        self._profiles: Sequence[Profile] = ()
        self._calling_ae = ""
        self._tally = Tally()
        self._progress = ""
        self._watch = WatchTally()

    def show(self, book: ProfileBook) -> None:
        """Show a new state of the file."""
        self._file, self._profiles = book.path.name, book.profiles
        self._is_read_only = book.overlay is not None or not book.writable
        self._calling_ae = str(book.inherited("")[Field.CALLING_AE])
        self._tally = self._count()
        self.refresh()

    def show_progress(self, words: str) -> None:
        """Show the progress of a check instead of the tally; an empty text restores it."""
        if words != self._progress:
            self._progress = words
            self.refresh()

    def refresh_tally(self) -> None:
        """Count again, and draw if that changed anything."""
        tally = self._count()
        if tally != self._tally:
            self._tally = tally
            self.refresh()

    def show_watch(self, watch: WatchTally) -> None:
        """Show the state of the watch, and draw if that changed anything."""
        if watch != self._watch:
            self._watch = watch
            self.refresh()

    def _count(self) -> Tally:
        return self._state.tally((profile_key(each), each.target) for each in self._profiles)

    def render(self) -> Content:
        """Return file and tally for the left, the calling AE title for the right."""
        left = Content.assemble(
            (" dcmecho ", "bold $accent"),
            (f" {path_text(self._file)}", "bold"),
            " " if self._is_read_only else "",
            ("(read-only)" if self._is_read_only else "", Mark.WARNING.style),
            *self._state_parts(),
        )
        right = Content.styled(f"calling as {own_text(self._calling_ae)} ", "$quiet")
        gap = self.size.width - left.cell_length - right.cell_length
        if not self._calling_ae or gap < 2:
            return left
        return Content.assemble(left, " " * gap, right)

    def _state_parts(self) -> list[tuple[str, str]]:
        if self._progress:
            return [(f"  {self._progress}", Mark.RUNNING.style)]
        targets = (f"  {count(len(self._profiles), 'target')}", "")
        return [targets, *self._tally_parts()]

    def _tally_parts(self) -> list[tuple[str, str]]:
        tally = self._tally
        parts = (
            (tally.ok, "ok", Mark.OK),
            (tally.failing, "failing", Mark.FAILED),
            (tally.warning, "warning", Mark.WARNING),
            (tally.running, "running", Mark.RUNNING),
        )
        shown: list[tuple[str, str]] = []
        for number, word, mark in parts:
            if number:
                shown += [("   ", ""), (f"{number} {word}", mark.style)]
        if self._watch.watched:
            shown += [("   ", ""), (f"watching {self._watch.watched}", Mark.RUNNING.style)]
        if self._watch.failing:
            shown += [(", ", ""), (f"{self._watch.failing} failing", Mark.FAILED.style)]
        return shown
