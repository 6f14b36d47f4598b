"""A screen that has runs: it starts and ends them, and takes in what they tell."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection
from pathlib import Path

from textual import on
from textual.message import Message
from textual.reactive import Reactive
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

from dcmecho.console.engine import Engine
from dcmecho.console.saving import Kept
from dcmecho.console.session import Session, profile_key
from dcmecho.console.symbols import Mark
from dcmecho.diagnosis.experiments import Experiment
from dcmecho.diagnosis.sanitize import printable
from dcmecho.profiles.model import Profile

DRAIN_INTERVAL_S = 0.25
"""Log lines and running times reach the screen this often, and only while something runs."""


class RunScreen(Screen[None]):
    """Owns the session. A subclass shows what has changed."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """As in ``Screen``, but without drawing the whole screen whenever the focus moves."""

    class Wake(Message):
        """A run told something that the screen should show at once."""

    def __init__(self, profiles_path: Path, engine: Engine) -> None:
        super().__init__()
        self.session = Session(profiles_path, engine, lambda: self.post_message(self.Wake()))
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

    def say_kept(self, kept: Kept) -> None:
        """Tell the user where a text was saved, or why not."""
        self.say(kept.text, kept.mark)

    def action_quit(self) -> None:
        """End the runs, within 2 s, and quit."""
        self.session.bridge.shut_down()
        self.app.exit()

    def start_run(self, profile: Profile, *, guided: bool = False) -> None:
        """Start a run of a profile that can run; ``guided`` is one that its walk asks for."""
        self.session.diagnose(profile, guided=guided)
        self.follow(profile_key(profile))

    def start_experiment(self, profile: Profile, experiment: Experiment) -> None:
        """Start an experiment after the newest run of a profile."""
        self.session.experiment(profile, experiment)
        self.follow(profile_key(profile))

    def cancel_run(self, profile: Profile) -> None:
        """End what runs for a profile; the screen says so at once."""
        self.session.cancel(profile)
        self.show_changes({profile_key(profile)})

    def follow(self, key: str) -> None:
        """Show what the run of this key tells, from now to its end."""
        self.show_changes({key})
        if self._ticker is None:
            self._ticker = self.set_interval(DRAIN_INTERVAL_S, self._tick)

    @on(Wake)
    def _woken(self) -> None:
        self._show_any(self.session.absorb_news())
        self._stop_when_idle()

    def _tick(self) -> None:
        changed = self.session.absorb_news() | self.session.absorb_lines()
        self._show_any(changed | self.session.running_keys())
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
