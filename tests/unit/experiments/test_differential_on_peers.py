"""No rule is contradicted by a real peer: every measured family, played in every misconfiguration.

Each scenario is a family with what it was told; from each come all the answers that experiments can
get, in every combination. So a claim that another family would refute is found here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import pytest

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.causes.reasoning import suspects
from dcmecho.diagnosis.causes.tls_reasoning import Suspects
from dcmecho.diagnosis.experiments.answers import AnswerKind, answer_of
from dcmecho.diagnosis.experiments.differential import weigh
from dcmecho.diagnosis.experiments.families import family_of
from dcmecho.diagnosis.experiments.plans import (
    Attempt,
    Experiment,
    ExperimentId,
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
    what_is_wrong,
)
from tests.unit.experiments.repeating import asked_again

A, X = AnswerKind, ExperimentId
PROVEN = Confidence.PROVEN

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
        if answer_of(scenario.first.stages) is not A.SUCCESS:
            yield scenario


def told_apart(made: Sequence[Attempt]) -> list[Attempt]:
    """Keep one attempt of those with the same experiment and the same answer."""
    return list(
        {
            (each.experiment and each.experiment.id, answer_of(each.stages)): each for each in made
        }.values()
    )


def subsets(made: Sequence[Attempt]) -> Iterator[tuple[Attempt, ...]]:
    for count in range(len(made) + 1):
        yield from combinations(made, count)


SIGHTED = [family for family in FAMILIES if any(scenarios(family))]


def test_every_family_that_checks_something_is_played() -> None:
    blind = {"storescp", "dcmrecv", "Orthanc", "pynetdicom"}
    assert {family.name for family in FAMILIES} - {family.name for family in SIGHTED} == blind


@pytest.mark.slow
@pytest.mark.parametrize("family", SIGHTED, ids=str)
def test_a_true_cause_is_listed_and_no_false_one_proven(family: Family) -> None:
    for scenario in scenarios(family):
        for made in subsets(told_apart(scenario.experiments)):
            left = dict(scenario.left(made))
            asked = [each.experiment.id for each in made if each.experiment]
            context = (scenario.site, scenario.target.called_ae, asked, left)
            assert scenario.causes & left.keys(), context
            proven = {cause for cause, sure in left.items() if sure is PROVEN}
            assert proven <= scenario.causes, context
            assert not proven or len(left) == 1, context


@pytest.mark.parametrize("family", SIGHTED, ids=str)
def test_the_order_of_experiments_does_not_matter(family: Family) -> None:
    for scenario in scenarios(family):
        made = scenario.experiments
        assert scenario.left(made) == scenario.left(made[::-1])


def by_what_is_seen(target: Target) -> Mapping[object, list[Scenario]]:
    """Group all scenarios of all families that no experiment can tell apart."""
    alike = defaultdict(list)
    for family in SIGHTED:
        for scenario in scenarios(family):
            if scenario.target is target:
                alike[seen_of(scenario)].append(scenario)
    return alike


def seen_of(scenario: Scenario) -> object:
    return (
        answer_of(scenario.first.stages),
        *(
            family_of(made.stages)
            if made.experiment and made.experiment.id is X.FINGERPRINT
            else answer_of(made.stages)
            for made in scenario.experiments
        ),
    )


@pytest.mark.parametrize("target", [TARGET, SPACED], ids=["plain", "with a space"])
def test_what_experiments_can_tell_comes_first_and_nothing_else_is_proven(target: Target) -> None:
    for alike in by_what_is_seen(target).values():
        common = frozenset.intersection(*(scenario.causes for scenario in alike))
        left = alike[0].left(alike[0].experiments)
        context = [(s.family.name, s.site, sorted(s.causes)) for s in alike], left
        assert {s.left(s.experiments) for s in alike} == {left}, context
        if any(len(scenario.wrong) == 1 for scenario in alike) and common:
            assert left[0][0] in common, context
        if not common:
            assert PROVEN not in dict(left).values(), context
