"""The watch of the main screen: start it, show it in the heading, and open its screen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from textual.screen import Screen
from textual.timer import Timer

from dcmecho.console.main.panes import Panes
from dcmecho.console.runs.session import Session, profile_key
from dcmecho.console.screens.mounted import is_usable
from dcmecho.console.symbols import Mark
from dcmecho.console.terminal.terminal import Terminal
from dcmecho.console.watch.session import tally
from dcmecho.profiles.book.model import Profile

if TYPE_CHECKING:
    from dcmecho.console.watch.screen import WatchScreen


class WatchControl:
    """Adds targets to the watch, and shows their state."""

    def __init__(
        self,
        screen: Screen[None],
        session: Session,
        panes: Panes,
        terminal: Terminal,
        show_changes: Callable[[Collection[str]], object],
        guided: Callable[[], str | None],
    ) -> None:
        """``show_changes`` draws profiles again; ``guided`` is the key of the one in the guide."""
        self._screen = screen
        self._session = session
        self._panes = panes
        self._terminal = terminal
        self._show_changes = show_changes
        self._guided = guided
        self._symbols = terminal.symbols
        self._shown_on: WatchScreen | None = None
        self._news: Timer | None = None

    def open(self) -> None:
        """Watch the marked targets, or the selected one, and show all watched targets."""
        watching = self._session.watching
        if (profile := self._panes.chosen) is not None:
            self.watch(self._session.marked or [profile])
        if watching.targets:
            from dcmecho.console.watch.screen import WatchScreen

            self._shown_on = WatchScreen(watching, self._symbols)
            self._screen.app.push_screen(self._shown_on, self._left)
        self._show()

    def watch(self, profiles: Sequence[Profile]) -> None:
        """Watch these profiles in addition to those already watched, if that is possible."""
        for profile in profiles:
            if (reason := _unwatchable(profile)) is not None:
                self._panes.say(f"{profile.name} is not watched: {reason}.", Mark.WARNING)
        targets = {
            profile_key(profile): profile.target
            for profile in profiles
            if profile.target is not None and not profile.target.do_not_probe
        }
        state = self._session.state
        found = {key: state[key].known(target) for key, target in targets.items()}
        known = {key: each for key, each in found.items() if each is not None}
        self._session.watching.watch([*targets.items()], known)

    def told(self) -> None:
        """Show what the watch has reported, the next time the screen is updated."""
        if self._news is None:
            self._news = self._screen.set_timer(self._terminal.drain_interval_s, self._show)

    def _show(self) -> None:
        self._news = None
        self._show_changes(self._session.absorb_samples(self._guided()))
        if told := self._session.told_unwatched():
            self._panes.say(f"No longer watched: {told}.", Mark.WARNING)
        self._panes.heading.show_watch(tally(self._session.watching.state))
        if self._shown_on is not None and is_usable(self._shown_on):
            if self._session.watching.targets:
                self._shown_on.update()
            else:
                self._shown_on.dismiss(None)

    def _left(self, key: str | None) -> None:
        self._shown_on = None
        self._show()
        if key is not None:
            self._panes.open_diagnosis(key)


def _unwatchable(profile: Profile) -> str | None:
    if profile.target is None:
        return "it has values that cannot work"
    forbidden = profile.target.shown_do_not_probe
    return f"it must not be probed ({forbidden})" if forbidden else None
