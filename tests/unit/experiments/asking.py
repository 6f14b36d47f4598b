"""Plays whole investigations of the simulated peers: by choice, and in the order of the plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.causes.reasoning import suspects
from dcmecho.diagnosis.causes.tls_reasoning import Suspects
from dcmecho.diagnosis.experiments.answers import answer_of
from dcmecho.diagnosis.experiments.choosing import Situation
from dcmecho.diagnosis.experiments.differential import confirmation, weigh
from dcmecho.diagnosis.experiments.plans import (
    Attempt,
    Experiment,
    OperatorSetup,
    possible_experiments,
)
from tests.unit.experiments.peer_matrix import AWAY, UNSEEN, Family, attempt
from tests.unit.experiments.scenarios import SIGHTED, Scenario, scenarios

SETUPS: Mapping[str, OperatorSetup] = {
    "no other title or address": OperatorSetup("NOSUCH01"),
    "one of each": OperatorSetup("NOSUCH01", own_titles=("OTHER_STATION",), addresses=(AWAY,)),
    "three titles, two addresses": OperatorSetup(
        "NOSUCH01",
        own_titles=("CT_ROOM", "OTHER_STATION", "MR_ROOM"),
        addresses=("127.0.0.8", AWAY),
    ),
}
"""What an operator can have for experiments: with the command line, and with small files."""

CHOSEN_FOR = SIGHTED
"""The families that the rules, orders and weights were chosen with."""
HELD_OUT = UNSEEN

Next = Callable[[Suspects, Sequence[Attempt], Sequence[Experiment]], Experiment | None]
"""Chooses one of the possible experiments, after the first suspects and the attempts so far."""


def in_order(
    _first: Suspects, _made: Sequence[Attempt], possible: Sequence[Experiment]
) -> Experiment | None:
    """Ask everything that was planned, in that order."""
    return next(iter(possible), None)


def by_choice(
    first: Suspects, made: Sequence[Attempt], possible: Sequence[Experiment]
) -> Experiment | None:
    """Ask as an investigation does."""
    situation = Situation(first, made)
    useful = situation.worthwhile(situation.most_telling_first(possible))
    return next(iter(useful), None)


@dataclass(frozen=True)
class Asked:
    """How an investigation of ``scenario`` ended."""

    scenario: Scenario
    associations: int
    left: Suspects

    @property
    def proven(self) -> frozenset[CauseId]:
        return frozenset(cause for cause, sure in self.left if sure is Confidence.PROVEN)

    @property
    def listed(self) -> frozenset[CauseId]:
        return frozenset(cause for cause, _ in self.left)

    @property
    def is_true_first(self) -> bool:
        """Whether something that is wrong stands first."""
        return self.left[0][0] in self.scenario.causes

    @property
    def is_minded_first(self) -> bool:
        """Whether it is what the peer minds first, and so what has to be mended first."""
        return self.left[0][0] in self.scenario.minded_first


def ask(scenario: Scenario, setup: OperatorSetup, choose: Next) -> Asked:
    """Ask until a cause is proven, one is left, or ``choose`` wants nothing more."""
    first = suspects(scenario.first.stages[0], scenario.target)
    made = [scenario.first]
    while (experiment := _next(first, made, scenario, setup, choose)) is not None:
        made.append(attempt(scenario.family, scenario.site, scenario.target, experiment))
    return Asked(scenario, len(made), weigh(first, made))


def _next(
    first: Suspects,
    made: Sequence[Attempt],
    scenario: Scenario,
    setup: OperatorSetup,
    choose: Next,
) -> Experiment | None:
    repeat = confirmation(made, scenario.target, setup)
    left = weigh(first, made)
    if repeat is not None or len(left) < 2 or left[0][1] is Confidence.PROVEN:
        return repeat
    return choose(first, made, possible_experiments(made, scenario.target, setup))


def unlike_each_other(
    setup: OperatorSetup, families: Sequence[Family]
) -> list[tuple[Scenario, int]]:
    """Return one scenario for all that answer alike, and how many there are."""
    counted: dict[object, tuple[Scenario, int]] = {}
    for family in families:
        for scenario in scenarios(family):
            first = scenario.first
            planned = possible_experiments([first], scenario.target, setup)
            played = (
                attempt(scenario.family, scenario.site, scenario.target, each) for each in planned
            )
            answers = tuple(answer_of(each.stages) for each in (first, *played))
            key = (scenario.target.called_ae, scenario.causes, answers)
            counted[key] = (scenario, counted.get(key, (scenario, 0))[1] + 1)
    return list(counted.values())
