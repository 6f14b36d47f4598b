"""Runs whole investigations: a first run, then every experiment that is worth it."""

from __future__ import annotations

from dcmecho.diagnosis.experiments.plans import OperatorSetup
from dcmecho.diagnosis.investigation import Investigation
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.runs.workers import start_experiment
from tests.network.diagnose.diagnosing import diagnose

NONSENSE = "NOSUCHTITLE"
_DEADLINE_S = 45.0


def investigate(
    target: Target, own_titles: tuple[str, ...] = (), addresses: tuple[str, ...] = ()
) -> Investigation:
    """Return the investigation after a cause is proven or no experiment is worth an association."""
    operator_setup = OperatorSetup(NONSENSE, own_titles=own_titles, addresses=addresses)
    investigation = Investigation.of(diagnose(target), operator_setup)
    while not investigation.settled and (experiment := investigation.next) is not None:
        report = start_experiment(investigation, experiment, lambda _event: None).join(_DEADLINE_S)
        assert report is not None, f"{experiment.id} still goes on"
        investigation = investigation.with_result(experiment, report)
    return investigation
