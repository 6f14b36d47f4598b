"""Leaving the console: it asks before anything is lost, or keeps what was typed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from time import monotonic

from textual.screen import Screen

from dcmecho.console.main.editing import Editing
from dcmecho.console.runs.session import Session
from dcmecho.console.runs.writes import Writes
from dcmecho.console.screens.mounted import is_usable
from dcmecho.console.watch.session import names_of
from dcmecho.diagnosis.conclusion.clock import moment
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.sanitize import error_text, own_text
from dcmecho.profiles.edit.unsaved import Kept, forget, keep, kept_for

_QUIT_TIMEOUT_S = 1.4
"""For everything that ends: a process must not outlive its terminal by 2 s."""


class Leaving:
    """Ends the console, after a question if anything would be lost that esc asks about."""

    def __init__(
        self,
        screen: Screen[None],
        session: Session,
        editing: Editing,
        writes: Writes,
        *,
        lasts: bool,
    ) -> None:
        """Nothing is kept for a profile file that does not last longer than the console."""
        self._screen = screen
        self._session = session
        self._editing = editing
        self._writes = writes
        self._lasts = lasts
        self._is_asking = False

    def quit(self) -> None:
        """Ask if anything would be lost, else leave."""
        losses = "\n".join(self._losses())
        if not losses:
            self.leave()
        elif not self._is_asking:
            from dcmecho.console.screens.confirm import ConfirmScreen

            self._is_asking = True
            question = ConfirmScreen("Quit?", losses, "quit", "stay")
            self._screen.app.push_screen(question, self._quit_if)

    def _losses(self) -> Iterator[str]:
        if (typed := self._editing.unsaved) is not None:
            yield f"What you typed for {own_text(typed.about)} will be lost."
        if watched := self._session.watching.targets:
            yield f"{count(len(watched), 'target')} will no longer be watched: {names_of(watched)}."

    def _quit_if(self, answer: bool | None) -> None:
        self._is_asking = False
        if answer:
            self._end("")

    def leave(self) -> None:
        """Leave without a question; what was typed is kept for the next start."""
        typed = self._editing.unsaved if self._lasts else None
        if typed is None:
            self._end("")
            return
        name, was_saving = "", self._writes.busy
        try:
            name = keep(self._session.path, typed)
            said = f"What you typed for {own_text(typed.about)} was kept. Open dcmecho again."
        except OSError as error:
            said = f"What you typed was not kept: {error_text(error)}"
        is_saved = self._end(said, unless_saved=was_saving)
        if name and is_saved:
            forget(name)

    def _end(self, last_words: str, *, unless_saved: bool = False) -> bool:
        """End everything, then the console; return whether a save under way succeeded."""
        deadline = monotonic() + _QUIT_TIMEOUT_S
        self._session.watching.cancel()
        self._session.bridge.cancel_all()
        reason = self._writes.finish(_QUIT_TIMEOUT_S)
        self._session.bridge.shut_down(deadline - monotonic())
        self._session.watching.join(max(0.0, deadline - monotonic()))
        if self._session.memory is not None:
            self._session.memory.finish(max(0.0, deadline - monotonic()))
        is_saved = unless_saved and not reason
        said = (f"not saved: {reason}" if reason else "", "" if is_saved else last_words)
        lines = "\n".join(f"dcmecho: {each}" for each in said if each)
        self._screen.app.exit(message=lines or None)
        return is_saved

    def offer(self) -> None:
        """Offer what was typed when a console on this file had to end, the newest first."""
        kept = max(kept_for(self._session.path), key=lambda each: each.unsaved.at, default=None)
        if kept is not None and is_usable(self._screen):
            from dcmecho.console.screens.confirm import LaterScreen

            question = LaterScreen(
                f"Go on with what you typed for {own_text(kept.unsaved.about)}?",
                f"dcmecho had to end at {moment(kept.unsaved.at)} before you saved it.",
                "go on",
                "delete it",
            )
            self._screen.app.push_screen(question, partial(self._go_on, kept))

    def _go_on(self, kept: Kept, answer: bool | None) -> None:
        if answer is None:
            return
        forget(kept.name)
        if answer:
            self._editing.go_on(kept.unsaved)
        else:
            self.offer()
