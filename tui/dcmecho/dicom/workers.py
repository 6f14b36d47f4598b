"""Diagnoses on daemon threads: start, cancel, join with a deadline."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

from dcmecho.diagnosis.events import Emit
from dcmecho.diagnosis.ladder import climb
from dcmecho.diagnosis.model import Report, RunOptions, Target
from dcmecho.dicom.link import WireLink

if TYPE_CHECKING:
    from dcmecho.diagnosis.experiments import Experiment
    from dcmecho.diagnosis.investigation import Investigation

_SLICE_S = 0.2
"""How long a signal may wait until it is handled."""


class Run:
    """One diagnosis on its own daemon thread. Made by :func:`start`."""

    def __init__(
        self, target: Target, emit: Emit, options: RunOptions, pause_s: float = 0.0
    ) -> None:
        self.run_id = os.urandom(6).hex()
        self.target = target
        self._emit = emit
        self._options = options
        self._pause_s = pause_s
        self._link = WireLink(self.run_id, emit)
        self._report: Report | None = None
        self.fault: Exception | None = None
        """Why there is no report, where the run could not even make one."""
        self._ended = threading.Event()
        self._thread = threading.Thread(
            target=self._climb, name=f"dcmecho-run-{self.run_id}", daemon=True
        )

    def _climb(self) -> None:
        try:
            if self._pause_s:
                self._link.pause(self._pause_s)
            self._report = climb(self.run_id, self.target, self._link, self._emit, self._options)
        except Exception as error:
            self.fault = error
        finally:
            self._ended.set()

    def start(self) -> None:
        """Begin. Events go to the ``emit`` given to :func:`start`, on the run's thread."""
        self._thread.start()

    def cancel(self) -> None:
        """Ask the run to end: it aborts what is open and reports ``cancelled`` within 2 s.

        Safe from any thread, at any time, more than once. Does not wait.
        """
        self._link.cancel()

    def join(self, timeout_s: float | None = None) -> Report | None:
        """Wait for the end. ``None`` where ``timeout_s`` passed first.

        May be interrupted by a signal and called again.
        """
        # Not Thread.join: in Python 3.11 an interrupted one takes the thread for ended. And not one
        # long wait: a signal that comes just before it blocks is handled only after it.
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while not self._ended.wait(_slice_s(deadline)):
            if deadline is not None and time.monotonic() >= deadline:
                break
        return self._report

    @property
    def running(self) -> bool:
        """True until the last event was emitted."""
        return not self._ended.is_set()


def start(target: Target, emit: Emit, options: RunOptions | None = None) -> Run:
    """Diagnose ``target`` on a new daemon thread; every event goes to ``emit``."""
    run = Run(target, emit, options or RunOptions())
    run.start()
    return run


class ExperimentRefusedError(Exception):
    """The profile or the budget forbids the experiment; the text says which and why."""


def start_experiment(investigation: Investigation, experiment: Experiment, emit: Emit) -> Run:
    """Make ``experiment`` on a new daemon thread, after the pause that the budget asks for.

    Its report is for :meth:`Investigation.with_result`. Raises :class:`ExperimentRefusedError`.
    """
    from dcmecho.diagnosis.investigation import PAUSE_S

    if investigation.refusal:
        raise ExperimentRefusedError(investigation.refusal)
    pause_s = max(PAUSE_S, experiment.wait_s)
    run = Run(experiment.target, emit, experiment.options, pause_s)
    run.start()
    return run


def _slice_s(deadline: float | None) -> float:
    return _SLICE_S if deadline is None else min(_SLICE_S, max(deadline - time.monotonic(), 0.0))
