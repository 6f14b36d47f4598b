"""The text about an experiment before, while and after it runs. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dcmecho.console.runs.state.record import Phase, Record, RunningExperiment
from dcmecho.diagnosis.report import ExperimentResult
from dcmecho.diagnosis.target.target import Target

if TYPE_CHECKING:
    from dcmecho.diagnosis.experiments.plans import Experiment


@dataclass(frozen=True, slots=True)
class Announcement:
    """One line of the diagnosis pane. ``experiment`` is the one that the key would run now."""

    lead: str
    text: str
    style: str
    experiment: Experiment | None = None


def announced(target: Target, record: Record) -> Announcement | None:
    """Return the next experiment, the running one, or why none is allowed; ``None`` for nothing."""
    if record.trial is not None:
        text = f"{_sends(record.trial.experiment)} ({progress(record, record.trial)})"
        return Announcement("Running", text, "$tone-active")
    experiment = record.next_experiment(target)
    if experiment is not None:
        text = f"{_sends(experiment)} ({footprint(experiment)})"
        return Announcement("Next: x", text, "$foreground", experiment)
    investigation = record.investigation
    if investigation and investigation.refusal and not target.do_not_probe:
        return Announcement("Next", investigation.refusal, "$tone-warning")
    return None


def progress(record: Record, trial: RunningExperiment) -> str:
    """Return how far a running experiment is."""
    if record.phase is Phase.CANCELLING:
        return "cancelling"
    if not trial.run_id:
        return f"waiting first, to spare the peer: {record.elapsed_s:.1f} s"
    return f"running {record.elapsed_s:.1f} s"


def footprint(experiment: Experiment) -> str:
    """Return what the peer will notice of an experiment."""
    from dcmecho.diagnosis.experiments.confirming import REPEATS
    from dcmecho.diagnosis.experiments.differential import is_repeated

    more = f", up to {REPEATS} more if the answers differ" if is_repeated(experiment) else ""
    return f"1 association{more}, might be logged" if experiment.logged else f"1 association{more}"


def sent_words(result: ExperimentResult) -> str:
    """Return what an experiment sent, and the answer."""
    return f"{result.sent}: {result.outcome}"


def outcome_words(result: ExperimentResult) -> str:
    """Return what an experiment showed."""
    return result.split


def _sends(experiment: Experiment) -> str:
    return f"sends {experiment.sends}, to see {experiment.splits}"
