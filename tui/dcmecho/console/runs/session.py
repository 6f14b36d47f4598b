"""One session of the console: the runs of the targets, and their events so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from dcmecho.console.file.edits import BookReading
from dcmecho.console.file.profile_keys import profile_key
from dcmecho.console.runs.check import CheckSession
from dcmecho.console.runs.file_session import FileSession
from dcmecho.console.runs.log_buffer import LogEntry
from dcmecho.console.runs.state.record import Phase, Record
from dcmecho.diagnosis.events import (
    Direction,
    Event,
    LogLayer,
    LogLine,
    RunFinished,
    RunStarted,
    ServicesFinished,
    ServicesProgressed,
)
from dcmecho.diagnosis.report import ExperimentResult
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.profiles.book.model import Profile

if TYPE_CHECKING:
    from dcmecho.console.runs.guide_progress import GuidedEdit, GuideProgress
    from dcmecho.diagnosis.experiments.plans import Experiment, OperatorSetup
    from dcmecho.diagnosis.listen.book import JudgedCall
    from dcmecho.diagnosis.services.model import ServicesResult
    from dcmecho.diagnosis.survey.survey import SurveyRequest

__all__ = ["TEST_KEY", "Session", "profile_key"]

TEST_KEY = "\0test"
"""The key of a run with values that are not in the file yet."""

_MOVING = (Phase.RUNNING, Phase.CANCELLING)

_LINES_OF_A_FAILURE = 200
"""Log lines kept of a target that failed in a check of many."""


class Session(FileSession):
    """The state and the requests of the screen, without any widget."""

    def diagnose(self, profile: Profile, *, guided: bool = False) -> None:
        """Start a run of a profile without errors. Unless ``guided``, it ends the guide."""
        if profile.target is None:
            return
        record = self.record(profile)
        if not guided:
            record.guide_progress = None
        record.begin(self._surroundings())
        launch = partial(self._engine.diagnose, profile.target)
        self.bridge.run(profile_key(profile), launch)

    def diagnose_all(self, profiles: Sequence[Profile]) -> None:
        """Start a check of many profiles that have no errors and are not running."""
        operator_setup = self._surroundings()
        for profile in profiles:
            self.record(profile).wait(operator_setup)
        targets = [profile.target for profile in profiles if profile.target is not None]
        launch = partial(self._engine.diagnose_all, targets)
        self.bridge.run_all([profile_key(each) for each in profiles], launch)

    @property
    def running_check(self) -> CheckSession | None:
        """The check of many under way."""
        return self.bridge.running_check

    def finished_check(self) -> CheckSession | None:
        """Return a check of many once, when it is over; targets it did not reach are as before."""
        done = self.bridge.finished_check()
        for key in done.waiting if done else ():
            self.state[key].stop()
        return done

    def experiment(self, profile: Profile, experiment: Experiment) -> None:
        """Start an experiment after the newest run of a profile."""
        record = self.record(profile)
        if record.investigation is None:
            return
        record.begin_experiment(experiment)
        launch = partial(self._engine.experiment, record.investigation, experiment)
        self.bridge.run(profile_key(profile), launch)

    def survey(self, profile: Profile, asked: SurveyRequest) -> None:
        """Start a survey of a profile's services."""
        target = profile.target
        if target is None:
            return
        record = self.record(profile)
        report = record.new_report
        used = 1 + len(report.experiments) if report else 0
        record.begin_survey(target, asked)
        launch = partial(self._engine.survey, target, asked, used)
        self.bridge.run(profile_key(profile), launch)

    def _surroundings(self) -> OperatorSetup:
        from dcmecho.diagnosis.experiments.plans import OperatorSetup

        titles = (target.calling_ae for target in self.book.targets)
        ours = str(self.book.inherited("")[Field.CALLING_AE])
        own = tuple(dict.fromkeys((*titles, ours))) if ours else tuple(dict.fromkeys(titles))
        engine = self._engine
        return OperatorSetup(engine.nonsense_title(), own_titles=own, addresses=engine.addresses())

    def guide(self, profile: Profile) -> GuideProgress:
        """Return the guide of a profile, new or resumed."""
        from dcmecho.console.runs.guide_progress import resumed

        record = self.record(profile)
        target = profile.target
        current = record.investigation
        if target is None or not record.is_about(target):
            current = None
        record.guide_progress = resumed(record.guide_progress, current, running=record.running)
        return record.guide_progress

    def cancel(self, profile: Profile) -> None:
        """Ask the run of a profile to end; a run in a check of many ends with that check."""
        if self.running_check is not None and profile_key(profile) in self.running_check.waiting:
            self.running_check.cancel()
            return
        self.record(profile).phase = Phase.CANCELLING
        self.bridge.cancel(profile_key(profile))

    def absorb_news(self) -> set[str]:
        """Take in the stage and run events. Return the keys of the profiles concerned.

        The log of a run is complete when its report is shown.
        """
        news = self.bridge.news()
        ends = RunFinished | ServicesFinished
        finished = [key for key, event in news if isinstance(event, ends)]
        tried = {key for key, event in news if self._ended_a_trial(key, event)}
        for key, event in news:
            self._take(key, event)
        changed = {key for key, _ in news}
        if finished:
            changed |= self.absorb_lines()
        for key in finished:
            self.bridge.end(key)
            self._count(key)
        for key, event in news:
            if isinstance(event, RunFinished):
                self._keep(key)
            elif isinstance(event, ServicesFinished):
                self._keep_survey(key, event.result)
        for key in tried:
            self._ask_again(key)
        return changed

    def absorb_memories(self) -> set[str]:
        """Take in what the journal knew of targets before their runs. Return their keys."""
        found = self.memory.news() if self.memory else ()
        told = ((each, self.state[each.key]) for each in found)
        return {each.key for each, record in told if record.take_history(each.run_id, each.history)}

    def absorb_past(self) -> set[str]:
        """Take in how targets were before the console was opened. Return their keys."""
        found = self.memory.recalled() if self.memory else ()
        for each in found:
            self.state[each.key].take_recalled(each.found)
        return {each.key for each in found}

    def _keep(self, key: str) -> None:
        """Keep what is known of a target now, and look up what was known before."""
        record = self.state[key]
        if self.memory is None or key == TEST_KEY or record.investigation is None:
            return
        report = record.investigation.report
        if record.services is not None and record.surveyed == report.target:
            report = replace(report, services=record.services)
        self.memory.remember(key, report, self.journal_book)

    def _keep_survey(self, key: str, result: ServicesResult) -> None:
        """Keep what a survey has found: with the check before it, if there is one."""
        record = self.state[key]
        if self.memory is None or record.surveyed is None:
            return
        report = record.investigation.report if record.investigation else None
        with_check = report is not None and report.target == record.surveyed
        if with_check and result.has_more_than_transfers:
            self._keep(key)
        self.memory.surveyed(result, record.surveyed, self.journal_book, with_check=with_check)

    def keep_call(self, name: str, judged: JudgedCall) -> None:
        """Keep a call that the listener heard while it expected the target of this name."""
        target = next((each for each in self.book.targets if each.name == name), None)
        if self.memory is not None and target is not None:
            self.memory.called(target, judged, self.journal_book)

    def _ended_a_trial(self, key: str, event: Event) -> bool:
        cancelled = VerdictStatus.CANCELLED
        made = isinstance(event, RunFinished) and event.report.verdict.status is not cancelled
        return made and self.state[key].trial is not None

    def _ask_again(self, key: str) -> None:
        """Start the repeats of the requested experiment, which were announced to the user."""
        record = self.state[key]
        again = record.investigation.confirmation if record.investigation else None
        profile = next((each for each in self.book.profiles if profile_key(each) == key), None)
        if again is None or profile is None or profile.target is None:
            return
        if record.is_about(profile.target):
            self.experiment(profile, again)

    def _count(self, key: str) -> None:
        """Count a report of a check of many, and shorten its log: there can be thousands."""
        record = self.state[key]
        if (
            self.running_check is None
            or key not in self.running_check.waiting
            or record.report is None
        ):
            return
        self.running_check.take(key, record.report)
        healthy = record.report.verdict.status is VerdictStatus.OK
        own = sum(entry.line.run_id == record.run_id for entry in record.log.entries)
        record.log.keep_newest(own if healthy else _LINES_OF_A_FAILURE)

    def _take(self, key: str, event: Event) -> None:
        record = self.state[key]
        trial, before = record.trial, record.report
        if trial is not None:
            # Its first line names the experiment, which the record forgets at its end.
            self.absorb_lines()
        record.take(event)
        if not isinstance(event, RunFinished) or record.report is None or record.lines_from is None:
            return
        if trial is not None and record.report is not before:
            outcome = _outcome(record.report.experiments[-1])
            note = _note(event.run_id, outcome, event.report.elapsed_ms)
            record.log.extend([_entry(note, record.lines_from)])

    def absorb_lines(self) -> set[str]:
        """Take in the log lines. Return the keys of the profiles concerned."""
        batches: dict[str, list[LogEntry]] = {}
        for key, told in self.bridge.lines():
            record = self.state[key]
            line = told if isinstance(told, LogLine) else _begin(told, record)
            if not isinstance(told, LogLine):
                record.lines_from = told.at
            if line is not None and record.lines_from is not None:
                batches.setdefault(key, []).append(_entry(line, record.lines_from))
        for key, entries in batches.items():
            self.state[key].log.extend(entries)
        return set(batches)

    def longest_wait_s(self) -> float:
        """Return how long the peers of a check of many that do not answer can still take."""
        waiting = self.running_check.waiting if self.running_check is not None else ()
        targets = {profile_key(each): each.target for each in self.book.profiles}
        waits = (
            self.state[key].longest_wait_s(target)
            for key in waiting
            if (target := targets.get(key)) is not None
        )
        return max(waits, default=0.0)

    def running_keys(self) -> set[str]:
        """The keys of everything that is running."""
        waiting = map(profile_key, self.book.profiles) if self.running_check is not None else ()
        return {key for key in (*self.bridge.keys, *waiting) if self.state[key].phase in _MOVING}

    def absorb_failures(self) -> list[tuple[str, str]]:
        """Take in the runs that could not start: the profile's key and why."""
        failures = self.bridge.failures()
        for key, _ in failures:
            self.state[key].stop()
        return failures

    def applied(self, key: str, change: GuidedEdit, reading: BookReading) -> None:
        """Continue after a correction by the guide was written to the file."""
        self.file.history.add(change.written)
        self.after_reading(reading)
        if (guide_progress := self.state[key].guide_progress) is not None:
            guide_progress.changed(change)

    def unapplied(self, key: str, change: GuidedEdit, reading: BookReading) -> None:
        """Continue after a correction by the guide was undone in the file."""
        self.file.history.remove(change.written)
        self.after_reading(reading)
        if (guide_progress := self.state[key].guide_progress) is not None:
            guide_progress.undone(change)

    def absorb_samples(self, guided: str | None) -> set[str]:
        """Take in what the watch has seen, but not of the target in the open guide.

        Return the keys of the profiles concerned.
        """
        operator_setup, changed = None, set()
        for sampled in self.watching.samples():
            operator_setup = operator_setup or self._surroundings()
            record = self.state[sampled.key]
            if self.memory is not None:
                self.memory.watched(sampled.key, sampled.target, sampled.report, self.journal_book)
            if sampled.key != guided and record.take_watched(sampled.report, operator_setup):
                changed.add(sampled.key)
        return changed

    def name_problem(self, host: str) -> str:
        """Return why a host name does not resolve, empty if it does. Blocks for some seconds."""
        return self._engine.name_problem(host)

    def test(self, target: Target) -> None:
        """Check a target with unsaved values; the record of :data:`TEST_KEY` shows the progress."""
        self.state[TEST_KEY].begin(self._surroundings())
        self.bridge.run(TEST_KEY, partial(self._engine.diagnose, target))

    @property
    def has_test(self) -> bool:
        """True from the start of a test until it is forgotten."""
        return TEST_KEY in self.state

    def is_running(self, key: str) -> bool:
        """Return whether something is running under this key."""
        return key in self.bridge.keys

    def end_test(self) -> None:
        """Forget the test; cancel it if it is still running."""
        self.bridge.cancel(TEST_KEY)
        self.bridge.end(TEST_KEY)
        self.state.forget(TEST_KEY)

    def adopt_test(self, key: str) -> None:
        """Use a finished test as the run of the target that was saved with its values."""
        profile, tested = self.find(key), self.state[TEST_KEY]
        target = profile.target if profile else None
        if target is not None and tested.report and tested.is_about(target):
            tested.course = self.state.course(key).after(tested.report)
            self.state.rename(TEST_KEY, key)
            self._keep(key)


def _entry(line: LogLine, began: datetime) -> LogEntry:
    return LogEntry(began + timedelta(milliseconds=line.at_ms), line)


def _begin(told: RunStarted | ServicesProgressed, record: Record) -> LogLine | None:
    """Add a log line that says what an association is for, unless it is a diagnosis."""
    if isinstance(told, ServicesProgressed):
        return _note(told.run_id, f"services: {told.doing}")
    if record.trial is None:
        return None
    experiment = record.trial.experiment
    return _note(told.run_id, f"experiment {experiment.id}: {experiment.sends}")


def _note(run_id: str, text: str, at_ms: float = 0.0) -> LogLine:
    return LogLine(run_id, StageId.PROFILE, at_ms, LogLayer.RUN, Direction.LOCAL, text)


def _outcome(result: ExperimentResult) -> str:
    return f"experiment {result.id}: {result.outcome}; {result.split}"
