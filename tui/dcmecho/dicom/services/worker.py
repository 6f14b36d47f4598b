"""Surveys of services on daemon threads: start, cancel, join with a deadline."""

from __future__ import annotations

import threading

from dcmecho.diagnosis.causes.findings import FINDINGS
from dcmecho.diagnosis.events import Emit
from dcmecho.diagnosis.services.catalogue import catalogue
from dcmecho.diagnosis.services.model import ServicesResult
from dcmecho.diagnosis.survey.survey import SurveyRequest, SurveyTools, survey
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.pdu.uid_names import uid_name
from dcmecho.dicom.runs.budget import Budget
from dcmecho.dicom.runs.loading import load_for_many
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.dicom.runs.threaded_run import ThreadedRun
from dcmecho.dicom.runs.turn import Applicant
from dcmecho.dicom.services.link import WireServiceLink
from dcmecho.dicom.services.move import THIS_MACHINE


class SurveyRun(ThreadedRun[ServicesResult]):
    """One survey on its own daemon thread. Made by :func:`start_survey`."""

    def __init__(
        self,
        target: Target,
        emit: Emit,
        asked: SurveyRequest,
        used: int,
        slots: PeerSlots,
        budget: Budget,
    ) -> None:
        super().__init__("survey")
        self.target = target
        self._emit = emit
        self._asked = asked
        self._used = used
        self._slots = slots
        self._budget = budget
        self._changing = threading.Lock()
        self._link: WireServiceLink | None = None
        self._cancelled = False

    def cancel(self) -> None:
        """Cancel, see :meth:`ThreadedRun.cancel`."""
        with self._changing:
            self._cancelled = True
            if self._link is not None:
                self._link.cancel()

    def _work(self) -> ServicesResult:
        means = SurveyTools(self._new_link, THIS_MACHINE, uid_name)
        return survey(self.run_id, self.target, self._asked, self._used, means, self._emit)

    def _new_link(self) -> WireServiceLink:
        with self._changing:
            who = f"a survey of {self.target.name or self.target}"
            target = self.target
            applicant = Applicant(who, self._emit, self._budget, target.called_ae, target.vantage)
            self._link = WireServiceLink(self.run_id, self._emit, self._slots, applicant)
            if self._cancelled:
                self._link.cancel()
            return self._link


def start_survey(
    target: Target,
    emit: Emit,
    asked: SurveyRequest,
    used: int,
    slots: PeerSlots | None = None,
    budget: Budget | None = None,
) -> SurveyRun:
    """Ask ``target`` on a new daemon thread. The diagnosis already opened ``used`` associations.

    ``slots`` as for :func:`dcmecho.dicom.runs.workers.start`, ``budget`` as for
    :func:`dcmecho.dicom.runs.workers.start_experiment`.
    """
    load_for_many([target])
    _ = FINDINGS.texts, catalogue()
    run = SurveyRun(target, emit, asked, used, slots or PeerSlots(), budget or Budget(used))
    run.start()
    return run
