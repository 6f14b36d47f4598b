"""The checks and experiments that the keys start: of one target, or of many."""

from __future__ import annotations

from collections.abc import Callable

from textual.screen import Screen

from dcmecho.console.command import Pane
from dcmecho.console.main.panes import Panes
from dcmecho.console.runs.check import CheckSession
from dcmecho.console.runs.check_words import CheckSelection, choose, result_of
from dcmecho.console.runs.runs import Runs
from dcmecho.console.runs.session import Session
from dcmecho.console.symbols import Mark
from dcmecho.console.words import problem_text
from dcmecho.diagnosis.counting import count
from dcmecho.profiles.book.model import Profile

ASKED_ABOVE = 50
"""The number of targets that are checked at once without a question."""


class Diagnosing:
    """Starts and cancels checks. ``is_waiting`` tells whether the user only watches the list."""

    def __init__(
        self,
        screen: Screen[None],
        session: Session,
        panes: Panes,
        runs: Runs,
        is_waiting: Callable[[], bool],
    ) -> None:
        self._screen = screen
        self._session = session
        self._panes = panes
        self._runs = runs
        self._is_waiting = is_waiting
        self._chosen_at_round: Profile | None = None
        self._left_out_of_check = ""

    def diagnose(self) -> None:
        """Check the selected target."""
        profile = self._panes.chosen
        if profile is None:
            self._panes.say(self._panes.targets.empty_text.strip(), Mark.WARNING)
        elif profile.target is None:
            reason = f": {problem_text(profile.problems[0])}" if profile.problems else ""
            self._panes.say(f"{profile.name} cannot be checked{reason}", Mark.FAILED)
        elif self._session.record(profile).running:
            self._panes.say(f"{profile.name} is being checked. Press esc to cancel.", Mark.RUNNING)
        else:
            self._panes.notice.clear()
            self._panes.diagnosis.begin()
            self._runs.start_run(profile)

    def diagnose_all(self) -> None:
        """Check the marked or all shown targets, except those that must not be probed.

        Ask first if they are many: each peer logs an association.
        """
        if self._session.running_check is not None:
            self._panes.say(
                f"{self._words(self._session.running_check)}. Press esc to cancel.", Mark.RUNNING
            )
            return
        choice = self._choice
        if not choice.profiles:
            self._panes.say(choice.left_out or self._panes.targets.empty_text.strip(), Mark.WARNING)
        elif len(choice.profiles) <= ASKED_ABOVE:
            self._check(choice)
        else:
            from dcmecho.console.screens.confirm import ConfirmScreen

            question = ConfirmScreen(
                f"Check {count(len(choice.profiles), 'target')}?",
                "Opens one association to each and sends one C-ECHO. The peers log it."
                " To check fewer, filter the list with / or mark targets with space.",
                "check",
                "cancel",
            )
            self._screen.app.push_screen(question, self._check_if)

    def _check_if(self, answer: bool | None) -> None:
        if answer:
            self._check(self._choice)

    @property
    def _choice(self) -> CheckSelection:
        return choose(self._session.marked or self._panes.targets.shown, self._session.state)

    def _check(self, choice: CheckSelection) -> None:
        self._panes.targets.show_failing(())
        self._chosen_at_round = self._panes.chosen
        self._left_out_of_check = f" Left out: {choice.left_out}." if choice.left_out else ""
        self._runs.start_check(choice.profiles)
        targets = count(len(choice.profiles), "target")
        said = f"Checking {targets}. Press esc to cancel.{self._left_out_of_check}"
        self._panes.say(said, Mark.RUNNING)

    def show_check(self, current: CheckSession) -> None:
        """Show the progress in the heading; move the failing targets to the top of the list."""
        self._panes.heading.show_progress(self._words(current))
        self._panes.targets.show_failing(current.failing)

    def _words(self, current: CheckSession) -> str:
        return current.words(self._session.longest_wait_s())

    def show_check_end(self, finished: CheckSession) -> None:
        """Show the tally again, and the result in one line."""
        self._panes.heading.show_progress("")
        self._panes.targets.show_failing(finished.failing)
        self._go_to_failing()
        self._panes.refresh_keys()
        result = result_of(finished)
        self._panes.say(f"{result.text}{self._left_out_of_check}", result.mark)

    def _go_to_failing(self) -> None:
        """Show the first failing targets, unless the user has moved on; the cursor stays."""
        if self._is_waiting() and self._panes.chosen == self._chosen_at_round:
            self._panes.targets.show_top()

    def cancel(self) -> None:
        """Cancel the check of many, or the selected target's run, and show that at once."""
        if self._session.running_check is not None:
            self._session.running_check.cancel()
            self.show_check(self._session.running_check)
            return
        if (profile := self._panes.chosen) is not None:
            self._runs.cancel_run(profile)

    def experiment(self) -> None:
        """Run the experiment that the diagnosis proposes; if it is not visible, show it first."""
        profile = self._panes.chosen
        if profile is None or profile.target is None:
            return
        experiment = self._session.record(profile).next_experiment(profile.target)
        if experiment is None:
            return
        if self._panes.diagnosis.is_announcing(experiment):
            self._panes.notice.clear()
            self._panes.diagnosis.begin()
            self._runs.start_experiment(profile, experiment)
        else:
            self._panes.go_to(Pane.DIAGNOSIS)
            self._panes.diagnosis.announce()
