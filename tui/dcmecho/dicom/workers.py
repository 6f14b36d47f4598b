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
from dcmecho.dicom.peer_slots import PeerSlots

if TYPE_CHECKING:
    from dcmecho.diagnosis.experiments import Experiment
    from dcmecho.diagnosis.investigation import Investigation

_SLICE_S = 0.2
"""How long a signal may wait until it is handled."""


class Run:
    """One diagnosis, on a daemon thread of its own (:func:`start`) or on the caller's."""

    def __init__(
        self,
        target: Target,
        emit: Emit,
        options: RunOptions,
        slots: PeerSlots,
        pause_s: float = 0.0,
    ) -> None:
        self.run_id = os.urandom(6).hex()
        self.target = target
        self._emit = emit
        self._options = options
        self._pause_s = pause_s
        self._link = WireLink(self.run_id, emit, slots)
        self._report: Report | None = None
        self.fault: Exception | None = None
        """Why there is no report, where the run could not even make one."""
        self._ended = threading.Event()

    def make(self) -> None:
        """Diagnose on the calling thread, to the end. Raises nothing."""
        try:
            if self._pause_s:
                self._link.pause(self._pause_s)
            self._report = climb(self.run_id, self.target, self._link, self._emit, self._options)
        except Exception as error:
            self.fault = error
        finally:
            self._ended.set()

    def start(self) -> None:
        """Begin on a daemon thread of its own, where all events are emitted."""
        name = f"dcmecho-run-{self.run_id}"
        threading.Thread(target=self.make, name=name, daemon=True).start()

    def cancel(self) -> None:
        """Ask the run to end: it aborts what is open and reports ``cancelled`` within 2 s.

        Safe from any thread, at any time, more than once. Does not wait.
        """
        self._link.cancel()

    def join(self, timeout_s: float | None = None) -> Report | None:
        """Wait for the end. ``None`` where ``timeout_s`` passed first.

        May be interrupted by a signal and called again.
        """
        wait_for(self._ended, timeout_s)
        return self._report

    @property
    def running(self) -> bool:
        """True until the last event was emitted."""
        return not self._ended.is_set()


def start(
    target: Target,
    emit: Emit,
    options: RunOptions | None = None,
    slots: PeerSlots | None = None,
) -> Run:
    """Diagnose ``target`` on a new daemon thread; every event goes to ``emit``.

    ``slots`` is shared with all other runs of the process; without it the run is the only one.
    """
    run = Run(target, emit, options or RunOptions(), slots or PeerSlots())
    run.start()
    return run


class ExperimentRefusedError(Exception):
    """The profile or the budget forbids the experiment; the text says which and why."""


def start_experiment(
    investigation: Investigation,
    experiment: Experiment,
    emit: Emit,
    slots: PeerSlots | None = None,
) -> Run:
    """Make ``experiment`` on a new daemon thread, after the pause that the budget asks for.

    ``slots`` as for :func:`start`. Its report is for :meth:`Investigation.with_result`. Raises
    :class:`ExperimentRefusedError`.
    """
    from dcmecho.diagnosis.investigation import PAUSE_S

    if investigation.refusal:
        raise ExperimentRefusedError(investigation.refusal)
    pause_s = max(PAUSE_S, experiment.wait_s)
    run = Run(experiment.target, emit, experiment.options, slots or PeerSlots(), pause_s)
    run.start()
    return run


def wait_for(ended: threading.Event, timeout_s: float | None) -> bool:
    """Wait for ``ended``, without holding up signals. False where ``timeout_s`` passed first."""
    # Not Thread.join: in Python 3.11 an interrupted one takes the thread for ended. And not one
    # long wait: a signal that comes just before it blocks is handled only after it.
    deadline = None if timeout_s is None else time.monotonic() + timeout_s
    while not ended.wait(_slice_s(deadline)):
        if deadline is not None and time.monotonic() >= deadline:
            return ended.is_set()
    return True


def _slice_s(deadline: float | None) -> float:
    return _SLICE_S if deadline is None else min(_SLICE_S, max(deadline - time.monotonic(), 0.0))
