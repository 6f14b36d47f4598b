"""Every conclusion that an answer allows is drawn: what no simulated peer can mean is ruled out.

Each answer to each experiment is compared with every world in which it is given: every family in
every misconfiguration. What is still listed although no world has it stands in ``LEFT_OPEN``, with
the reason why it stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import pytest

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.experiments.answers import AnswerKind, answer_of
from dcmecho.diagnosis.experiments.plans import Attempt, ExperimentId
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from tests.unit.experiments.scenarios import SIGHTED, SPACED, TARGET, Scenario, scenarios

A, X = AnswerKind, ExperimentId
CALLED, CALLING = Field.CALLED_AE, Field.CALLING_AE
HOST, CASE, SPACES = CauseId.AE_HOST_NOT_ALLOWED, CauseId.AE_CASE, CauseId.AE_SPACES


class Given(NamedTuple):
    """The first answer, an experiment with the title that it spells differently, its answer."""

    first: AnswerKind
    experiment: ExperimentId
    title: Field | None
    then: AnswerKind


@dataclass
class Worlds:
    """The scenarios with one answer: the causes of any of them, and one to weigh."""

    causes: set[CauseId] = field(default_factory=set)
    example: tuple[Scenario, Attempt] | None = None


NO_KNOWN_ONE_CHECKS_BOTH = "that no known peer of this kind checks addresses proves nothing"
STRIPS_SPACES = "the only known peer that answers so ignores spaces; another need not"
IGNORES_CASE = "Orthanc ignores case; dcm4che answers the same, and does not"

LEFT_OPEN: Mapping[tuple[Given, CauseId], str] = {
    (Given(A.REJECTED_CALLED, X.FINGERPRINT, None, A.REJECTED_CALLED), HOST): (
        NO_KNOWN_ONE_CHECKS_BOTH
    ),
    (Given(A.REJECTED_CALLED, X.VARIANT_CASE, CALLED, A.REJECTED_CALLING), HOST): (
        NO_KNOWN_ONE_CHECKS_BOTH
    ),
    (Given(A.REJECTED_CALLING, X.CONTROL_CALLED, None, A.REJECTED_CALLING), HOST): (
        NO_KNOWN_ONE_CHECKS_BOTH
    ),
    (Given(A.REJECTED_CALLING, X.FINGERPRINT, None, A.REJECTED_CALLING), HOST): (
        NO_KNOWN_ONE_CHECKS_BOTH
    ),
    (Given(A.REJECTED_CALLING, X.OWN_CALLING, None, A.REJECTED_CALLED), HOST): (
        NO_KNOWN_ONE_CHECKS_BOTH
    ),
    (Given(A.REJECTED_CALLING, X.VARIANT_CASE, CALLED, A.REJECTED_CALLED), HOST): (
        NO_KNOWN_ONE_CHECKS_BOTH
    ),
    (Given(A.REJECTED_CALLED, X.FINGERPRINT, None, A.REJECTED_APP_CONTEXT), CASE): IGNORES_CASE,
    (Given(A.REJECTED_CALLING, X.FINGERPRINT, None, A.REJECTED_APP_CONTEXT), CASE): IGNORES_CASE,
    (Given(A.REJECTED_CALLED, X.VARIANT_SPACES, None, A.REJECTED_CALLING), CASE): IGNORES_CASE,
    (Given(A.REJECTED_CALLED, X.CONTROL_CALLING, None, A.REJECTED_CALLING), SPACES): STRIPS_SPACES,
    (Given(A.REJECTED_CALLED, X.OWN_CALLING, None, A.REJECTED_CALLING), SPACES): STRIPS_SPACES,
    (Given(A.REJECTED_CALLED, X.VARIANT_CASE, CALLED, A.REJECTED_CALLING), SPACES): STRIPS_SPACES,
    (Given(A.REJECTED_CALLED, X.VARIANT_CASE, CALLING, A.REJECTED_CALLING), SPACES): STRIPS_SPACES,
}


@pytest.fixture(scope="module", params=[TARGET, SPACED], ids=["plain", "with a space"])
def worlds(request: pytest.FixtureRequest) -> Mapping[Given, Worlds]:
    return _worlds(request.param)


def _worlds(target: Target) -> Mapping[Given, Worlds]:
    found: dict[Given, Worlds] = defaultdict(Worlds)
    for scenario in (each for family in SIGHTED for each in scenarios(family)):
        if scenario.target is not target:
            continue
        for made in scenario.experiments:
            assert made.experiment is not None
            seen, then = answer_of(scenario.first.stages), answer_of(made.stages)
            one = found[Given(seen, made.experiment.id, made.experiment.title, then)]
            one.causes |= scenario.causes
            one.example = scenario, made
    return found


def _causes_after(first: AnswerKind, worlds: Mapping[Given, Worlds]) -> frozenset[CauseId]:
    return frozenset().union(*(each.causes for given, each in worlds.items() if given[0] is first))


def test_what_every_world_has_is_listed_and_likely(worlds: Mapping[Given, Worlds]) -> None:
    for given, found in worlds.items():
        if len(found.causes) == 1:
            assert found.example is not None
            scenario, made = found.example
            assert scenario.left([made])[0][0] in found.causes, given


def test_what_no_world_allows_is_ruled_out_unless_there_is_a_reason() -> None:
    undrawn = {
        (given, cause)
        for target in (TARGET, SPACED)
        for worlds in [_worlds(target)]
        for given, found in worlds.items()
        if found.example is not None
        for cause, _ in found.example[0].left([found.example[1]])
        if cause in _causes_after(given.first, worlds) - found.causes
    }
    assert undrawn == LEFT_OPEN.keys()
