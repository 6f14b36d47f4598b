"""Diagnoses on daemon threads: start, cancel, join with a deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcmecho.diagnosis.events import Detail, Emit
from dcmecho.diagnosis.ladder import climb
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.runs.link import WireLink
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.dicom.runs.threaded_run import ThreadedRun
from dcmecho.dicom.runs.turn import Applicant

if TYPE_CHECKING:
    from dcmecho.diagnosis.experiments.plans import Experiment
    from dcmecho.diagnosis.investigation import Investigation
    from dcmecho.dicom.runs.budget import Budget


class Run(ThreadedRun[Report]):
    """One diagnosis, on a daemon thread of its own (:func:`start`) or on the caller's."""

    def __init__(
        self,
        target: Target,
        emit: Emit,
        options: RunOptions,
        slots: PeerSlots,
        pause_s: float = 0.0,
        budget: Budget | None = None,
        *,
        detail: Detail = Detail.LOG,
    ) -> None:
        super().__init__("run")
        self.target = target
        self._emit = emit
        self._options = options
        self._pause_s = pause_s
        self._detail = detail
        log = emit if detail is Detail.LOG else None
        who = f"a check of {target.name or target}"
        applicant = Applicant(who, emit, budget, target.called_ae, target.vantage)
        self._link = WireLink(self.run_id, log, slots, applicant)

    def cancel(self) -> None:
        """As :meth:`ThreadedRun.cancel`."""
        self._link.cancel()

    @property
    def connecting_since(self) -> float | None:
        """Since when it waits for an answer to TCP, on the monotonic clock, if it does."""
        return self._link.connecting_since

    def _work(self) -> Report:
        if self._pause_s:
            self._link.pause(self._pause_s)
        link, emit, options = self._link, self._emit, self._options
        return climb(self.run_id, self.target, link, emit, options, None, self._detail)


def start(
    target: Target,
    emit: Emit,
    options: RunOptions | None = None,
    slots: PeerSlots | None = None,
    *,
    detail: Detail = Detail.LOG,
) -> Run:
    """Diagnose ``target`` on a new daemon thread; ``emit`` gets the events that ``detail`` names.

    ``slots`` is shared with all other runs of the process; without it the run is the only one.
    """
    run = Run(target, emit, options or RunOptions(), slots or PeerSlots(), detail=detail)
    run.start()
    return run


def start_again(
    target: Target, emit: Emit, options: RunOptions, slots: PeerSlots, budget: Budget
) -> Run:
    """Diagnose ``target`` once more, as :func:`start`, after a pause and within ``budget``."""
    from dcmecho.diagnosis.investigation import PAUSE_S

    run = Run(target, emit, options, slots, PAUSE_S, budget)
    run.start()
    return run


class ExperimentRefusedError(Exception):
    """The profile or the budget forbids the experiment; the text says which and why."""


def start_experiment(
    investigation: Investigation,
    experiment: Experiment,
    emit: Emit,
    slots: PeerSlots | None = None,
    budget: Budget | None = None,
) -> Run:
    """Make ``experiment`` on a new daemon thread, after the pause that the budget asks for.

    ``slots`` as for :func:`start`. Without ``budget`` the associations of the diagnosis count only
    while one is open. Its report is for :meth:`Investigation.with_result`. Raises
    :class:`ExperimentRefusedError`.
    """
    from dcmecho.diagnosis.investigation import PAUSE_S
    from dcmecho.dicom.runs.budget import Budget
    from dcmecho.dicom.runs.loading import load_for_many

    if investigation.refusal:
        raise ExperimentRefusedError(investigation.refusal)
    load_for_many([experiment.target])
    pause_s = max(PAUSE_S, experiment.wait_s)
    slots, budget = slots or PeerSlots(), budget or Budget(len(investigation.attempts))
    run = Run(experiment.target, emit, experiment.options, slots, pause_s, budget)
    run.start()
    return run
