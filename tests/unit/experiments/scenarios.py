"""Every misconfiguration of every measured family: a site, and the values it is checked with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.causes.reasoning import suspects
from dcmecho.diagnosis.causes.tls_reasoning import Suspects
from dcmecho.diagnosis.experiments.answers import AnswerKind, answer_of
from dcmecho.diagnosis.experiments.differential import weigh
from dcmecho.diagnosis.experiments.plans import (
    Attempt,
    Experiment,
    OperatorSetup,
    possible_experiments,
)
from dcmecho.diagnosis.target.target import Target
from tests.unit.experiments.answered import Stages
from tests.unit.experiments.peer_matrix import (
    AWAY,
    ELSEWHERE,
    FAMILIES,
    HERE,
    Family,
    Site,
    attempt,
    called_with_a_space,
    what_is_minded_first,
    what_is_wrong,
)
from tests.unit.experiments.repeating import asked_again

TARGET = Target("pacs", 104, called_ae="MAIN_PACS", calling_ae="MY_WORKSTATION")
SPACED = called_with_a_space(TARGET)

SURROUNDINGS = OperatorSetup(nonsense="NOSUCH01", own_titles=("OTHER_STATION",), addresses=(AWAY,))

SITES = tuple(
    Site(called, (*ours, *other))
    for called, ours, other in product(
        ("MAIN_PACS", "main_pacs", "OTHER_PACS"),
        (
            (("MY_WORKSTATION", HERE),),
            (("MY_WORKSTATION", AWAY),),
            # With a different reverse name, dcmqrscp refuses even what is right, everywhere.
            (("MY_WORKSTATION", ELSEWHERE),),
            (("my_workstation", HERE),),
            (),
        ),
        ((("OTHER_STATION", HERE),), (("OTHER_STATION", ELSEWHERE),), ()),
    )
)


@dataclass(frozen=True)
class Scenario:
    """A family with its settings, checked with ``target``."""

    family: Family
    site: Site
    target: Target

    @property
    def first(self) -> Attempt:
        return attempt(self.family, self.site, self.target)

    @property
    def experiments(self) -> list[Attempt]:
        """Every possible experiment, with its answer."""
        planned = possible_experiments([self.first], self.target, SURROUNDINGS)
        return [attempt(self.family, self.site, self.target, each) for each in planned]

    @property
    def wrong(self) -> tuple[frozenset[CauseId], ...]:
        return what_is_wrong(self.family, self.site, self.target)

    @property
    def causes(self) -> frozenset[CauseId]:
        return frozenset().union(*self.wrong)

    @property
    def minded_first(self) -> frozenset[CauseId]:
        return what_is_minded_first(self.family, self.site, self.target)

    def left(self, after: Sequence[Attempt]) -> Suspects:
        seen = suspects(self.first.stages[0], self.target)
        made = [self.first, *after]
        return weigh(seen, asked_again(made, self.target, self._answers))

    def _answers(self, again: Experiment) -> Stages:
        return attempt(self.family, self.site, self.target, again).stages


def scenarios(family: Family) -> Iterator[Scenario]:
    """Every scenario of a family in which the first attempt fails."""
    for site, target in product(SITES, (TARGET, SPACED)):
        scenario = Scenario(family, site, target)
        if answer_of(scenario.first.stages) is not AnswerKind.SUCCESS:
            yield scenario


def told_apart(made: Sequence[Attempt]) -> list[Attempt]:
    """Keep one attempt of those with the same experiment and the same answer."""
    return list(
        {
            (each.experiment and each.experiment.id, answer_of(each.stages)): each for each in made
        }.values()
    )


SIGHTED = tuple(family for family in FAMILIES if any(scenarios(family)))
"""The families that check something."""
