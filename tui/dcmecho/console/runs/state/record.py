"""What is known of one target: its run, its stages so far, its report and its log."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from time import monotonic
from typing import TYPE_CHECKING

from dcmecho.console.runs.log_buffer import LogBuffer
from dcmecho.console.symbols import Mark, verdict_mark
from dcmecho.diagnosis.conclusion.course import UNKNOWN, Course
from dcmecho.diagnosis.events import (
    Event,
    RunFinished,
    RunStarted,
    ServicesFinished,
    ServicesProgressed,
    StageFinished,
    StageStarted,
)
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId, StageResult
from dcmecho.diagnosis.target.fields import values_checked
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus

if TYPE_CHECKING:
    from dcmecho.console.runs.guide_progress import GuideProgress
    from dcmecho.console.runs.past import Past
    from dcmecho.diagnosis.experiments.plans import Experiment, OperatorSetup
    from dcmecho.diagnosis.history.history import History
    from dcmecho.diagnosis.investigation import Investigation
    from dcmecho.diagnosis.services.model import ServicesResult
    from dcmecho.diagnosis.services.service import Service
    from dcmecho.diagnosis.survey.survey import SurveyRequest
    from dcmecho.diagnosis.watch.sample import Known


_SLOW_S = 1.0
"""A stage that takes longer than this probably ends with its timeout."""


class Phase(Enum):
    """The phase of a target's latest run."""

    NOT_RUN = auto()
    WAITING = auto()
    """Part of a check of many; the former result is shown until its turn."""
    RUNNING = auto()
    CANCELLING = auto()
    FINISHED = auto()


@dataclass(slots=True)
class RunningExperiment:
    """An experiment under way. ``run_id`` is empty during the pause before it."""

    experiment: Experiment
    run_id: str = ""


@dataclass(slots=True)
class Record:
    """One target's latest run, the experiments after it, its log and its guide.

    ``started`` is a reading of the monotonic clock, s. ``lines_from`` is when the run or experiment
    began whose log lines are arriving now.
    """

    log: LogBuffer = field(default_factory=LogBuffer)
    phase: Phase = Phase.NOT_RUN
    run_id: str = ""
    started: float = 0.0
    started_at: datetime | None = None
    lines_from: datetime | None = None
    stages: dict[StageId, StageResult] = field(default_factory=dict)
    current: StageId | None = None
    investigation: Investigation | None = None
    trial: RunningExperiment | None = None
    services: ServicesResult | None = None
    surveyed: Target | None = None
    """The target that ``services`` is about, with its values at that time."""
    asked: SurveyRequest | None = None
    """What the newest survey of services has asked for."""
    doing: str = ""
    """The request that a survey of services is sending; empty if none is running."""
    guide_progress: GuideProgress | None = None
    past: Past | None = None
    """The last diagnosis before the console was opened."""
    course: Course = UNKNOWN
    """How the last checks went."""
    history: History | None = None
    """What was known of the target before this run; ``None`` until it has been looked up."""
    _with_history: tuple[Report, Report] | None = None
    _services_before: ServicesResult | None = None
    _surroundings: OperatorSetup | None = None

    @property
    def report(self) -> Report | None:
        """What to show: the new report, or else that of the past."""
        return self.past.report if self.past and self.is_past else self.new_report

    @property
    def is_past(self) -> bool:
        """True while only the past is known."""
        is_new = self.investigation is not None or self.phase not in (Phase.NOT_RUN, Phase.WAITING)
        return self.past is not None and not is_new

    @property
    def new_report(self) -> Report | None:
        """What is known now of the run and the experiments after it."""
        report = self.investigation.report if self.investigation else None
        if report is None or self.history is None:
            return report
        if self._with_history is None or self._with_history[0] is not report:
            from dcmecho.diagnosis.conclusion.informed import with_history

            self._with_history = report, with_history(report, self.history)
        return self._with_history[1]

    @property
    def checked_at(self) -> datetime | None:
        """When the check was made whose result is shown; ``None`` if there is none."""
        if self.past and self.is_past:
            return self.past.at
        return self.new_report.started if self.new_report else None

    @property
    def ladder(self) -> dict[StageId, StageResult]:
        """The results of the stages to show."""
        return self.past.stages if self.past and self.is_past else self.stages

    @property
    def running(self) -> bool:
        """True from the key that starts a run or an experiment to its report."""
        return self.phase in (Phase.WAITING, Phase.RUNNING, Phase.CANCELLING)

    @property
    def elapsed_s(self) -> float:
        """Seconds since the run or the experiment began."""
        return monotonic() - self.started

    def longest_wait_s(self, target: Target) -> float:
        """Return how long a stage that has not been answered within 1 s can still take."""
        if self.phase is not Phase.RUNNING or self.elapsed_s < _SLOW_S:
            return 0.0
        match self.current:
            case StageId.CONNECT | StageId.TLS:
                timeout_s = target.connect_timeout_s
            case StageId.ASSOCIATE:
                timeout_s = target.acse_timeout_s
            case StageId.ECHO:
                timeout_s = target.dimse_timeout_s
            case _:
                timeout_s = 0.0
        return max(0.0, timeout_s - self.elapsed_s)

    @property
    def mark(self) -> Mark:
        """The one state that the target list shows."""
        if self.phase is Phase.WAITING:
            return Mark.WAITING
        if self.running:
            return Mark.RUNNING
        if self.forbidden:
            return Mark.SKIPPED
        return Mark.NOT_RUN if self.status is None else verdict_mark(self.status)

    @property
    def failing_service(self) -> Service | None:
        """The service that failed although the peer answers a C-ECHO."""
        if self.services is None or self.doing:
            return None
        report = self.new_report
        is_ok = report is None or report.verdict.status is VerdictStatus.OK
        return self.services.failing if is_ok else None

    @property
    def status(self) -> VerdictStatus | None:
        """How the newest check ended, a warning if a service failed; ``None`` before the first."""
        if self.failing_service is not None:
            return VerdictStatus.WARNING
        if self.past and self.is_past:
            return self.past.status
        return self.new_report.verdict.status if self.new_report else None

    @property
    def forbidden(self) -> bool:
        """True if the file forbade the run: the peer did nothing wrong."""
        return self.new_report is not None and self.new_report.verdict.is_forbidden

    def is_about(self, target: Target) -> bool:
        """Return whether the report was made with the current values of ``target``."""
        if self.past and self.is_past:
            return self.past.is_about(target)
        report = self.new_report
        return report is None or _are_equal(report.target, target)

    def is_outdated(self, target: Target | None) -> bool:
        """Return whether the newest check was made with other values than those of ``target``.

        A result of the past is shown with its age and counts nowhere.
        """
        if target is None or self.running or self.is_past or self.status is None:
            return False
        if self.failing_service is not None and self.services_of(target) is None:
            return True
        return not self.is_about(target)

    def known(self, target: Target) -> Known | None:
        """Return what a watch of ``target`` begins with; ``None`` if nothing is known of it."""
        from dcmecho.diagnosis.watch.sample import Known

        report, at = self.report, self.checked_at
        if report is None or at is None or not self.is_about(target):
            return None
        return Known.of(report, at, self.course.recent)

    def next_experiment(self, target: Target) -> Experiment | None:
        """Return the experiment that could be run now; none if the target's values have changed."""
        if self.running or self.investigation is None or not self.is_about(target):
            return None
        return self.investigation.next

    def begin(self, operator_setup: OperatorSetup | None) -> None:
        """Begin a run: clear the former stages, keep the log."""
        self._start()
        self.run_id = ""
        self.started_at = None
        self.stages = {}
        self.investigation = None
        self.history, self._with_history = None, None
        self._surroundings = operator_setup

    def wait(self, operator_setup: OperatorSetup) -> None:
        """Wait for a turn in a check of many."""
        self.phase = Phase.WAITING
        self.started = monotonic()
        self.trial = None
        self.guide_progress = None
        self._surroundings = operator_setup

    def begin_experiment(self, experiment: Experiment) -> None:
        """Begin an experiment: keep the results of the run."""
        self._start()
        self.trial = RunningExperiment(experiment)

    def begin_survey(self, target: Target, asked: SurveyRequest) -> None:
        """Begin a survey of services: keep the results of the run."""
        self._start()
        self.services = self.services_of(target)
        self._services_before = self.services
        self.surveyed = target
        self.asked = asked
        self.doing = "waiting 1 s, as between any two associations"

    def services_of(self, target: Target) -> ServicesResult | None:
        """Return the results about the services of a target, if its values are still the same."""
        if self.surveyed is None or not _are_equal(self.surveyed, target):
            return None
        return self.services

    def _start(self) -> None:
        self.phase = Phase.RUNNING
        self.started = monotonic()
        self.current = None
        self.trial = None

    def stop(self) -> None:
        """Note that the run could not start."""
        self.phase = Phase.NOT_RUN if self.investigation is None else Phase.FINISHED
        self.trial = None
        self.doing = ""

    def take_history(self, run_id: str, history: History) -> bool:
        """Take in what was known before a run; return whether that is the run shown now."""
        if run_id != self.run_id or self.investigation is None:
            return False
        self.history, self._with_history = history, None
        return True

    def take_recalled(self, found: Past | Course) -> None:
        """Take in how the target was, or how its checks went, before the console was opened."""
        if isinstance(found, Course):
            if self.new_report is None:
                self.course = found
            elif self.course == UNKNOWN.after(self.new_report):
                self.course = found.after(self.new_report)
        else:
            self.past = found

    def take(self, event: Event) -> None:
        """Apply a stage or run event of this run (log lines go to ``log``)."""
        if isinstance(event, ServicesProgressed | ServicesFinished):
            self._take_of_survey(event)
            return
        if self.trial is not None:
            self._take_of_trial(event, self.trial)
            return
        if not isinstance(event, RunStarted) and event.run_id != self.run_id:
            return
        match event:
            case RunStarted():
                if self.phase is Phase.WAITING:
                    self.begin(self._surroundings)
                self.run_id = event.run_id
                self.started_at = event.at
            case StageStarted():
                self.current = event.stage
            case StageFinished():
                self.stages[event.result.id] = event.result
                self.current = None
            case RunFinished():
                self.phase, self.current = Phase.FINISHED, None
                self.stages = {result.id: result for result in event.report.stages}
                self.investigation = _investigation(event.report, self._surroundings)
                self.course = self.course.after(event.report)
                if self.guide_progress is not None:
                    self.guide_progress.run_finished(self.investigation)

    def take_watched(self, report: Report, operator_setup: OperatorSetup) -> bool:
        """Take in a check of the watch; return whether it is shown now.

        A check that the user has started goes first. What experiments and the guide have shown
        stays as long as the answer is the same.
        """
        self.course = self.course.after(report)
        known = self.new_report
        same = known is not None and known.verdict == report.verdict
        if self.running or (same and (self.guide_progress or self.report_has_experiments)):
            return False
        self.phase, self.current, self.guide_progress = Phase.FINISHED, None, None
        self.history, self._with_history = None, None
        self.run_id, self.started_at = report.run_id, report.started
        self.stages = {result.id: result for result in report.stages}
        self._surroundings = operator_setup
        self.investigation = _investigation(report, operator_setup)
        return True

    @property
    def report_has_experiments(self) -> bool:
        """True if experiments were made after the run."""
        return self.new_report is not None and bool(self.new_report.experiments)

    def _take_of_survey(self, event: ServicesProgressed | ServicesFinished) -> None:
        self.services = event.result.with_former(self._services_before)
        if isinstance(event, ServicesProgressed):
            self.doing = event.doing
        else:
            self.stop()

    def _take_of_trial(self, event: Event, trial: RunningExperiment) -> None:
        match event:
            case RunStarted():
                trial.run_id = event.run_id
                self.started = monotonic()
            case RunFinished() if self.investigation is not None:
                self.phase, self.trial = Phase.FINISHED, None
                self.investigation = self.investigation.with_result(trial.experiment, event.report)
                if self.guide_progress is not None:
                    self.guide_progress.experiment_finished(self.investigation)
            case _:
                pass


def _are_equal(one: Target, other: Target) -> bool:
    """Return whether a check of both is the same. There can be thousands: most are one object."""
    return one is other or values_checked(one) == values_checked(other)


def _investigation(report: Report, operator_setup: OperatorSetup | None) -> Investigation:
    # Imported only here: no run has ended when the first screen is shown.
    from dcmecho.diagnosis.experiments.plans import OperatorSetup
    from dcmecho.diagnosis.investigation import Investigation

    return Investigation.of(report, operator_setup or OperatorSetup(""))
