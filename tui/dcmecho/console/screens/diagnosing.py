"""A screen on which diagnoses are started and ended: of one target, of many, and experiments."""

from __future__ import annotations

from dcmecho.console.commands import Pane
from dcmecho.console.round import Round
from dcmecho.console.round_words import choose, result_of
from dcmecho.console.screens.editing import EditingScreen
from dcmecho.console.symbols import Mark
from dcmecho.console.widgets.diagnosis import DiagnosisPane
from dcmecho.console.widgets.heading import Heading
from dcmecho.console.widgets.notice import Notice
from dcmecho.console.widgets.targets import TargetList
from dcmecho.console.words import count, problem_text
from dcmecho.diagnosis.sanitize import printable
from dcmecho.profiles.model import Profile


class DiagnosingScreen(EditingScreen):
    """Starts what the keys ask for. A subclass shows it."""

    _chosen_at_round: Profile | None = None
    _left_out_of_round = ""

    def action_diagnose(self) -> None:
        """Start a run of the selected target."""
        profile = self.chosen
        if profile is None:
            self.say(self.query_one(TargetList).empty_text.strip(), Mark.WARNING)
        elif profile.target is None:
            reason = f": {problem_text(profile.problems[0])}" if profile.problems else ""
            self.say(f"{printable(profile.name)} cannot run{reason}", Mark.FAILED)
        elif self.session.record(profile).running:
            self.say(f"{printable(profile.name)} is running: esc cancels it.", Mark.RUNNING)
        else:
            self.query_one(Notice).clear()
            self.query_one(DiagnosisPane).begin()
            self.start_run(profile)

    def action_diagnose_all(self) -> None:
        """Start a round through the marked or all shown targets, where they may be probed."""
        if self.session.round is not None:
            self.say(f"{self.session.round.words}: esc cancels.", Mark.RUNNING)
            return
        choice = choose(self.session.marked or self.query_one(TargetList).shown, self.session.state)
        if choice.profiles:
            self.query_one(TargetList).show_failing(())
            self._chosen_at_round = self.chosen
            self._left_out_of_round = f" Left out: {choice.left_out}." if choice.left_out else ""
            self.start_round(choice.profiles)
            targets = count(len(choice.profiles), "target")
            said = f"Checking {targets}: esc cancels.{self._left_out_of_round}"
            self.say(said, Mark.RUNNING)
        else:
            self.say(choice.left_out or self.query_one(TargetList).empty_text.strip(), Mark.WARNING)

    def show_round(self, current: Round) -> None:
        """Say in the heading how far it is; the failing ones go to the top of the list."""
        self.query_one(Heading).show_progress(current.words)
        self.query_one(TargetList).show_failing(current.failing)

    def show_round_end(self, finished: Round) -> None:
        """The tally comes back; one line says what it came to."""
        self.query_one(Heading).show_progress("")
        self.query_one(TargetList).show_failing(finished.failing)
        self._go_to_failing()
        self.refresh_keys()
        result = result_of(finished)
        self.say(f"{result.text}{self._left_out_of_round}", result.mark)

    def _go_to_failing(self) -> None:
        """Take who waited to the first failure; whoever does something else is left at it."""
        is_watching_it = self.app.screen is self and self.editor is None
        if is_watching_it and self.chosen == self._chosen_at_round:
            self.query_one(TargetList).select_failing()

    def action_cancel(self) -> None:
        """End the round, or the selected target's run; the screen says so at once."""
        if self.session.round is not None:
            self.session.round.cancel()
            self.show_round(self.session.round)
            return
        if (profile := self.chosen) is not None:
            self.cancel_run(profile)

    def action_experiment(self) -> None:
        """Make the experiment that the diagnosis announces; where it is not seen, show it first."""
        profile = self.chosen
        if profile is None or profile.target is None:
            return
        experiment = self.session.record(profile).next_experiment(profile.target)
        if experiment is None:
            return
        if self.query_one(DiagnosisPane).is_announcing(experiment):
            self.query_one(Notice).clear()
            self.start_experiment(profile, experiment)
        else:
            self.go_to(Pane.DIAGNOSIS)
            self.query_one(DiagnosisPane).announce()
