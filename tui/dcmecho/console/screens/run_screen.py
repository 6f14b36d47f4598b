"""A screen that has runs: it starts and ends them, and takes in what they tell."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message
from textual.reactive import Reactive
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

from dcmecho.console.engine import Engine
from dcmecho.console.round import Round
from dcmecho.console.saving import Kept
from dcmecho.console.session import Session, profile_key
from dcmecho.console.symbols import Mark
from dcmecho.console.terminal import Terminal
from dcmecho.diagnosis.sanitize import printable
from dcmecho.profiles.model import Profile

if TYPE_CHECKING:
    from dcmecho.diagnosis.experiments import Experiment
    from dcmecho.diagnosis.services.survey import Asked

_QUIT_TIMEOUT_S = 1.7


class RunScreen(Screen[None]):
    """Owns the session. A subclass shows what has changed."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """As in ``Screen``, but without drawing the whole screen whenever the focus moves."""

    class Wake(Message):
        """A run told something that the screen should show at once."""

    class WatchNews(Message):
        """The watch told something; it is shown at the next drain."""

    def __init__(self, profiles_path: Path, engine: Engine, terminal: Terminal) -> None:
        super().__init__()
        self.terminal = terminal
        self.session = Session(
            profiles_path,
            engine,
            lambda: self.post_message(self.Wake()),
            lambda: self.post_message(self.WatchNews()),
        )
        self._ticker: Timer | None = None

    @abstractmethod
    def show_changes(self, keys: Collection[str]) -> None:
        """Show the profiles with these keys as they are now."""

    @abstractmethod
    def show_file(self, select: str | None = None) -> None:
        """Show the profile file as it is now; the cursor goes to the profile with this key."""

    @abstractmethod
    def say(self, text: str, mark: Mark = Mark.OK) -> None:
        """Tell the user in one line what just happened."""

    @abstractmethod
    def show_round(self, current: Round) -> None:
        """Show how far a round is."""

    @abstractmethod
    def show_round_end(self, finished: Round) -> None:
        """Show what a round came to."""

    def not_written(self, lead: str, reason: str) -> None:
        """Tell why a change was not written; ``lead`` begins the sentence."""
        self.say(f"{lead} {reason}", Mark.FAILED)

    def say_kept(self, kept: Kept) -> None:
        """Tell the user where a text was saved, or why not."""
        self.say(kept.text, kept.mark)

    def action_quit(self) -> None:
        """End the runs, within 2 s, and quit."""
        deadline = monotonic() + _QUIT_TIMEOUT_S
        self.session.watching.cancel()
        self.session.bridge.shut_down()
        self.session.watching.join(deadline - monotonic())
        self.app.exit()

    def start_run(self, profile: Profile, *, guided: bool = False) -> None:
        """Start a run of a profile that can run; ``guided`` is one that its walk asks for."""
        self.session.diagnose(profile, guided=guided)
        self.follow(profile_key(profile))

    def start_experiment(self, profile: Profile, experiment: Experiment) -> None:
        """Start an experiment after the newest run of a profile."""
        self.session.experiment(profile, experiment)
        self.follow(profile_key(profile))

    def start_survey(self, profile: Profile, asked: Asked) -> None:
        """Start a survey of a profile's services."""
        self.session.survey(profile, asked)
        self.follow(profile_key(profile))

    def cancel_run(self, profile: Profile) -> None:
        """End what runs for a profile; the screen says so at once."""
        self.session.cancel(profile)
        self.show_changes({profile_key(profile)})

    def start_round(self, profiles: Sequence[Profile]) -> None:
        """Start the runs of many profiles that can run and do not run already."""
        self.session.diagnose_all(profiles)
        self.follow(*map(profile_key, profiles))

    def follow(self, *keys: str) -> None:
        """Show what the runs of these keys tell, from now to their end."""
        if self.terminal.patience_s:
            self.set_timer(self.terminal.patience_s, partial(self.show_changes, set(keys)))
        else:
            self.show_changes(set(keys))
        if self._ticker is None:
            self._ticker = self.set_interval(self.terminal.drain_interval_s, self._tick)

    @on(Wake)
    def _woken(self) -> None:
        changed = self.session.absorb_news()
        self._show_any(self._ended(changed) if self.terminal.patience_s else changed)
        self._stop_when_idle()

    def _ended(self, keys: Collection[str]) -> Collection[str]:
        return {key for key in keys if not self.session.state[key].running}

    def _tick(self) -> None:
        changed = self.session.absorb_news() | self.session.absorb_lines()
        self._show_any(changed | self.session.running_keys())
        if self.session.round is not None:
            self.show_round(self.session.round)
        if (finished := self.session.finished_round()) is not None:
            self.show_changes({profile_key(each) for each in self.session.book.profiles})
            self.show_round_end(finished)
        self._stop_when_idle()

    def _show_any(self, keys: Collection[str]) -> None:
        if keys:
            self.show_changes(keys)

    def _stop_when_idle(self) -> None:
        for key, reason in self.session.absorb_failures():
            self.say(
                f"The run of {printable(key)} could not begin: {printable(reason)}", Mark.ERROR
            )
            self.show_changes({key})
        if self._ticker is not None and not self.session.bridge.busy:
            self._ticker.stop()
            self._ticker = None
