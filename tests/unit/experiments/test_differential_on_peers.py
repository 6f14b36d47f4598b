"""No rule is contradicted by a real peer: every measured family, played in every misconfiguration.

Each scenario is a family with what it was told; from each come all the answers that experiments can
get, in every combination. So a claim that another family would refute is found here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import pytest

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.experiments.answers import AnswerKind, answer_of
from dcmecho.diagnosis.experiments.families import family_of
from dcmecho.diagnosis.experiments.plans import Attempt, ExperimentId
from dcmecho.diagnosis.target.target import Target
from tests.unit.experiments.peer_matrix import FAMILIES, Family
from tests.unit.experiments.scenarios import (
    SIGHTED,
    SPACED,
    TARGET,
    Scenario,
    scenarios,
    told_apart,
)

A, X = AnswerKind, ExperimentId
PROVEN = Confidence.PROVEN


def subsets(made: Sequence[Attempt]) -> Iterator[tuple[Attempt, ...]]:
    for count in range(len(made) + 1):
        yield from combinations(made, count)


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
