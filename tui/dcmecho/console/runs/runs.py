"""The runs of the main screen: start, follow and cancel them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.screen import Screen
from textual.timer import Timer

from dcmecho.console.runs.check import CheckSession
from dcmecho.console.runs.session import Session, profile_key
from dcmecho.console.symbols import Mark
from dcmecho.console.terminal.terminal import Terminal
from dcmecho.profiles.book.model import Profile

if TYPE_CHECKING:
    from dcmecho.diagnosis.experiments.plans import Experiment
    from dcmecho.diagnosis.survey.survey import SurveyRequest


class Runs:
    """Starts and cancels runs, and takes in their events.

    ``show_changes`` is called with the keys of the profiles that have changed, ``show_check`` with
    a check of many under way, ``show_check_end`` with one that is over.
    """

    def __init__(
        self,
        screen: Screen[None],
        session: Session,
        terminal: Terminal,
        *,
        show_changes: Callable[[Collection[str]], object],
        show_check: Callable[[CheckSession], object],
        show_check_end: Callable[[CheckSession], object],
        say: Callable[[str, Mark], object],
    ) -> None:
        self._screen = screen
        self._session = session
        self._terminal = terminal
        self._show_changes = show_changes
        self._show_check = show_check
        self._show_check_end = show_check_end
        self._say = say
        self._ticker: Timer | None = None

    def start_run(self, profile: Profile, *, guided: bool = False) -> None:
        """Start a run of a profile without errors; ``guided`` if its guide requests it."""
        self._session.diagnose(profile, guided=guided)
        self.follow(profile_key(profile))

    def start_experiment(self, profile: Profile, experiment: Experiment) -> None:
        """Start an experiment after the newest run of a profile."""
        self._session.experiment(profile, experiment)
        self.follow(profile_key(profile))

    def start_survey(self, profile: Profile, asked: SurveyRequest) -> None:
        """Start a survey of a profile's services."""
        self._session.survey(profile, asked)
        self.follow(profile_key(profile))

    def start_check(self, profiles: Sequence[Profile]) -> None:
        """Start a check of many profiles that have no errors and are not running."""
        self._session.diagnose_all(profiles)
        self.follow(*map(profile_key, profiles))

    def cancel_run(self, profile: Profile) -> None:
        """Cancel what is running for a profile, and show that at once."""
        self._session.cancel(profile)
        self._show_changes({profile_key(profile)})

    def follow(self, *keys: str) -> None:
        """Show the events of the runs with these keys, from now until they end."""
        if self._terminal.patience_s:
            show = partial(self._show_changes, set(keys))
            self._screen.set_timer(self._terminal.patience_s, show)
        else:
            self._show_changes(set(keys))
        if self._ticker is None:
            interval_s = self._terminal.drain_interval_s
            self._ticker = self._screen.set_interval(interval_s, self._tick)

    def woken(self) -> None:
        """Take in the events of a run at once."""
        changed = self._session.absorb_news() | self._session.absorb_memories()
        changed |= self._session.absorb_past()
        self._show_any(self._ended(changed) if self._terminal.patience_s else changed)
        for text in self._session.memory.trouble() if self._session.memory else ():
            self._say(text, Mark.WARNING)
        self._stop_when_idle()

    def _ended(self, keys: Collection[str]) -> Collection[str]:
        return {key for key in keys if not self._session.state[key].running}

    def _tick(self) -> None:
        changed = self._session.absorb_news() | self._session.absorb_lines()
        self._show_any(changed | self._session.running_keys())
        if self._session.running_check is not None:
            self._show_check(self._session.running_check)
        if (finished := self._session.finished_check()) is not None:
            self._show_changes({profile_key(each) for each in self._session.book.profiles})
            self._show_check_end(finished)
        self._stop_when_idle()

    def _show_any(self, keys: Collection[str]) -> None:
        if keys:
            self._show_changes(keys)

    def _stop_when_idle(self) -> None:
        for key, reason in self._session.absorb_failures():
            text = f"The check of {key} could not start: {reason}"
            self._say(text, Mark.ERROR)
            self._show_changes({key})
        if self._ticker is not None and not self._session.bridge.busy:
            self._ticker.stop()
            self._ticker = None
