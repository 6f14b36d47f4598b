"""Repeats a difference until it counts, with answers that the test provides."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dcmecho.diagnosis.experiments.differential import confirmation
from dcmecho.diagnosis.experiments.plans import Attempt, Experiment, ExperimentId, OperatorSetup
from dcmecho.diagnosis.target.target import Target
from tests.unit.experiments.answered import Stages

Answers = Callable[[Experiment], Stages]


def asked_again(
    attempts: Sequence[Attempt], target: Target, answers: Answers | None = None
) -> list[Attempt]:
    """Return the attempts and all the repeats after them, answered as before unless told."""
    made = list(attempts)
    while (again := confirmation(made, target, OperatorSetup("NOSUCH01"))) is not None:
        made.append(Attempt(again, answers(again) if answers else _as_before(made, again)))
    return made


def _as_before(made: Sequence[Attempt], again: Experiment) -> Stages:
    if again.id is ExperimentId.CONTROL_REPEAT:
        return made[0].stages
    return next(
        each.stages
        for each in made[1:]
        if each.experiment is not None
        and (each.experiment.id, each.experiment.target) == (again.id, again.target)
    )
