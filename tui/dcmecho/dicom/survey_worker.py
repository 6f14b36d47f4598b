"""Surveys of services on daemon threads: start, cancel, join with a deadline."""

from __future__ import annotations

import os
import threading
import time

from dcmecho.diagnosis.events import Emit
from dcmecho.diagnosis.model import Target
from dcmecho.diagnosis.services.model import ServicesResult
from dcmecho.diagnosis.services.survey import Asked, survey
from dcmecho.dicom import words
from dcmecho.dicom.peer_slots import PeerSlots
from dcmecho.dicom.service_link import ServiceLink
from dcmecho.dicom.this_machine import ThisMachine

_SLICE_S = 0.2
"""How long a signal may wait until it is handled."""


class SurveyRun:
    """One survey on its own daemon thread. Made by :func:`start_survey`."""

    def __init__(
        self, target: Target, emit: Emit, asked: Asked, used: int, slots: PeerSlots
    ) -> None:
        self.run_id = os.urandom(6).hex()
        self.target = target
        self._emit = emit
        self._asked = asked
        self._used = used
        self._slots = slots
        self._changing = threading.Lock()
        self._link: ServiceLink | None = None
        self._cancelled = False
        self._result: ServicesResult | None = None
        self.fault: Exception | None = None
        """Why there is no result, where the survey could not make one."""
        self._ended = threading.Event()
        self._thread = threading.Thread(
            target=self._survey, name=f"dcmecho-survey-{self.run_id}", daemon=True
        )

    def start(self) -> None:
        """Begin. Events go to ``emit``, on the survey's thread."""
        self._thread.start()

    def cancel(self) -> None:
        """Ask the survey to end: it aborts what is open and reports within 2 s.

        Safe from any thread, at any time, more than once. Does not wait.
        """
        with self._changing:
            self._cancelled = True
            if self._link is not None:
                self._link.cancel()

    def join(self, timeout_s: float | None = None) -> ServicesResult | None:
        """Wait for the end. ``None`` where ``timeout_s`` passed first.

        May be interrupted by a signal and called again.
        """
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while not self._ended.wait(_SLICE_S):
            if deadline is not None and time.monotonic() >= deadline:
                break
        return self._result

    def _survey(self) -> None:
        try:
            self._result = survey(
                self.run_id,
                self.target,
                self._new_link,
                self._emit,
                self._asked,
                words.uid_name,
                self._used,
                ThisMachine(),
            )
        except Exception as error:
            self.fault = error
        finally:
            self._ended.set()

    def _new_link(self) -> ServiceLink:
        with self._changing:
            self._link = ServiceLink(self.run_id, self._emit, self._slots)
            if self._cancelled:
                self._link.cancel()
            return self._link


def start_survey(
    target: Target, emit: Emit, asked: Asked, used: int, slots: PeerSlots | None = None
) -> SurveyRun:
    """Ask ``asked`` of ``target`` on a new daemon thread; ``used`` associations came before.

    ``slots`` as for :func:`dcmecho.dicom.workers.start`.
    """
    run = SurveyRun(target, emit, asked, used, slots or PeerSlots())
    run.start()
    return run
