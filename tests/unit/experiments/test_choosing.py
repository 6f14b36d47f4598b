"""The next experiment is chosen: fewer associations than in order, and no conclusion is lost.

The weights were chosen with the measured families; others, written afterwards, are held to the
same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.causes.reasoning import suspects
from dcmecho.diagnosis.experiments.answers import AnswerKind
from dcmecho.diagnosis.experiments.choosing import Situation
from dcmecho.diagnosis.experiments.differential import confirmation
from dcmecho.diagnosis.experiments.plans import (
    Attempt,
    Experiment,
    ExperimentId,
    OperatorSetup,
    possible_experiments,
)
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from tests.unit.experiments.answered import EXAMPLES
from tests.unit.experiments.asking import (
    CHOSEN_FOR,
    HELD_OUT,
    SETUPS,
    Asked,
    ask,
    by_choice,
    in_order,
    unlike_each_other,
)
from tests.unit.experiments.peer_matrix import HERE, Site
from tests.unit.experiments.scenarios import SPACED, Scenario

A, X = AnswerKind, ExperimentId


@dataclass(frozen=True)
class Pair:
    """One scenario asked in order and by choice; ``count`` scenarios are like it."""

    before: Asked
    now: Asked
    count: int

    @property
    def told(self) -> object:
        scenario = self.now.scenario
        return scenario.family.name, scenario.site, scenario.target.called_ae, self.now.left


@pytest.fixture(scope="module", params=[CHOSEN_FOR, HELD_OUT], ids=["chosen for", "held out"])
def pairs(request: pytest.FixtureRequest) -> dict[str, list[Pair]]:
    return {
        name: [
            Pair(ask(each, setup, in_order), ask(each, setup, by_choice), count)
            for each, count in unlike_each_other(setup, request.param)
        ]
        for name, setup in SETUPS.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", list(SETUPS))
def test_no_conclusion_is_lost(pairs: dict[str, list[Pair]], name: str) -> None:
    for pair in pairs[name]:
        causes = pair.now.scenario.causes
        assert pair.now.proven == pair.before.proven, pair.told
        assert pair.now.proven <= causes, pair.told
        assert pair.now.is_true_first or not pair.before.is_true_first, pair.told
        assert causes & pair.now.listed, pair.told
        assert causes & pair.before.listed <= pair.now.listed, pair.told


@pytest.mark.slow
@pytest.mark.parametrize("name", list(SETUPS))
def test_a_quarter_fewer_associations_at_least(pairs: dict[str, list[Pair]], name: str) -> None:
    before = sum(pair.before.associations * pair.count for pair in pairs[name])
    now = sum(pair.now.associations * pair.count for pair in pairs[name])
    assert now <= 0.75 * before
    assert max(p.now.associations for p in pairs[name]) < max(
        p.before.associations for p in pairs[name]
    )


TARGET = Target("pacs", 104, called_ae="MAIN_PACS", calling_ae="MY_WORKSTATION")
RICH = OperatorSetup("NOSUCH01", RunOptions(), own_titles=("CT_ROOM",), addresses=("127.0.0.9",))


def situation(first: AnswerKind, *after: tuple[Experiment, AnswerKind]) -> Situation:
    seen = EXAMPLES[first].stages
    made = [Attempt(each, EXAMPLES[answer].stages) for each, answer in after]
    return Situation(suspects(seen[0], TARGET), [Attempt(None, seen), *made])


def planned(first: AnswerKind, experiment: ExperimentId, title: Field | None = None) -> Experiment:
    return next(
        each for each in all_planned(first) if each.id is experiment and each.title is title
    )


def all_planned(first: AnswerKind) -> tuple[Experiment, ...]:
    return possible_experiments([Attempt(None, EXAMPLES[first].stages)], TARGET, RICH)


def worthwhile(
    first: AnswerKind, *after: tuple[Experiment, AnswerKind]
) -> list[tuple[ExperimentId, Field | None]]:
    made = [each for each, _ in after]
    left = [each for each in all_planned(first) if each not in made]
    return [(each.id, each.title) for each in situation(first, *after).worthwhile(left)]


def test_a_title_that_is_right_is_not_asked_about() -> None:
    """A made-up caller is rejected for another reason: what is wrong is the called title."""
    control = planned(A.REJECTED_CALLED, X.CONTROL_CALLING)
    left = worthwhile(A.REJECTED_CALLED, (control, A.REJECTED_CALLING))
    assert left == [(X.VARIANT_CASE, Field.CALLED_AE)]


def test_an_address_is_not_tried_if_the_address_is_allowed() -> None:
    variant = planned(A.REJECTED_CALLED, X.VARIANT_CASE, Field.CALLING_AE)
    left = worthwhile(A.REJECTED_CALLED, (variant, A.REJECTED_CALLING))
    assert (X.SOURCE_ADDRESS, None) not in left


def test_the_called_title_is_not_asked_about_if_the_calling_one_is_named() -> None:
    left = worthwhile(A.REJECTED_CALLING)
    assert (X.VARIANT_CASE, Field.CALLED_AE) not in left
    assert (X.VARIANT_CASE, Field.CALLING_AE) in left


def test_a_family_whose_reasons_can_be_trusted_saves_the_questions_about_the_caller() -> None:
    fingerprint = planned(A.REJECTED_CALLED, X.FINGERPRINT)
    trusted = worthwhile(A.REJECTED_CALLED, (fingerprint, A.REJECTED_APP_CONTEXT))
    ambiguous = worthwhile(A.REJECTED_CALLED, (fingerprint, A.REJECTED_APP_CONTEXT_FOR_NOW))
    about_the_caller = {(X.SOURCE_ADDRESS, None), (X.VARIANT_CASE, Field.CALLING_AE)}
    assert about_the_caller <= set(ambiguous)
    assert about_the_caller.isdisjoint(trusted)
    assert (X.VARIANT_CASE, Field.CALLED_AE) in trusted


@pytest.mark.parametrize(
    ("first", "ids"),
    [
        (A.REJECTED_CALLED, [X.SOURCE_ADDRESS, X.VARIANT_CASE, X.VARIANT_CASE, X.OWN_CALLING]),
        (A.REJECTED_CALLING, [X.VARIANT_CASE, X.SOURCE_ADDRESS, X.OWN_CALLING]),
        (A.ABORTED, [X.OWN_CALLING, X.SOURCE_ADDRESS, X.VARIANT_CASE]),
        (A.ABORTED_AT_ECHO, [X.CONTROL_CALLING]),
        (A.CLOSED_AT_ECHO, [X.CONTROL_CALLING, X.OWN_CALLING]),
        (A.REJECTED_UNEXPLAINED, [X.RETRY_LATER]),
        (A.REJECTED_APP_CONTEXT_FOR_NOW, [X.RETRY_LATER]),
        (A.REJECTED_NO_REASON, [X.ECHO_EXPLICIT, X.FINGERPRINT, X.RETRY_LATER]),
        (A.SILENT, [X.FLIP_TLS, X.RETRY_LATER]),
        (A.LONG_REQUEST_LOST, [X.SMALL_SEGMENTS]),
        (A.CLOSED, [X.FLIP_TLS, X.OWN_CALLING]),
    ],
)
def test_which_come_first(first: AnswerKind, ids: list[ExperimentId]) -> None:
    found = situation(first)
    ranked = found.worthwhile(found.most_telling_first(all_planned(first)))
    assert [each.id for each in ranked][: len(ids)] == ids


def test_every_cause_that_is_suspected_first_can_be_believed() -> None:
    for first in (A.REJECTED_CALLED, A.REJECTED_CALLING, A.ABORTED, A.SILENT, A.CLOSED):
        assert situation(first).telling(all_planned(first)), first


def test_answers_that_contradict_each_other_end_the_questions() -> None:
    own = planned(A.REJECTED_CALLED, X.OWN_CALLING)
    control = planned(A.REJECTED_CALLED, X.CONTROL_CALLING)
    after = ((own, A.SUCCESS), (control, A.REJECTED_CALLING))
    left = dict(situation(A.REJECTED_CALLED, *after).first)
    assert CauseId.AE_CALLED_UNKNOWN in left
    assert worthwhile(A.REJECTED_CALLED, *after) == []


class TestCaseAndSpace:
    """A called title with a space before it that is wrong in its case too, at CTN."""

    CTN = next(each for each in CHOSEN_FOR if each.name == "CTN")
    SITE = Site("main_pacs", (("MY_WORKSTATION", HERE),))
    SCENARIO = Scenario(CTN, SITE, SPACED)
    SETUP = OperatorSetup("NOSUCH01")

    def possible(self, made: Sequence[Attempt]) -> set[tuple[str, bool]]:
        """Return the called titles in another case, and whether the space is left out."""
        return {
            (each.target.called_ae, each.beside is not None)
            for each in possible_experiments(made, SPACED, self.SETUP)
            if each.title is Field.CALLED_AE
        }

    def without_the_space(self, answer: AnswerKind) -> Attempt:
        (spaces,) = (
            each
            for each in possible_experiments([self.SCENARIO.first], SPACED, self.SETUP)
            if each.id is X.VARIANT_SPACES
        )
        return Attempt(spaces, EXAMPLES[answer].stages)

    def test_is_proven(self) -> None:
        asked = ask(self.SCENARIO, self.SETUP, by_choice)
        assert asked.left == ((CauseId.AE_CASE, Confidence.PROVEN),)

    def test_is_asked_without_the_space_once_that_was_refused_too(self) -> None:
        first = self.SCENARIO.first
        assert self.possible([first]) == {(" main_pacs", False)}
        refused = self.without_the_space(A.REJECTED_CALLED)
        assert self.possible([first, refused]) == {("main_pacs", True)}

    def test_is_not_asked_where_the_space_was_all(self) -> None:
        first, accepted = self.SCENARIO.first, self.without_the_space(A.SUCCESS)
        assert self.possible([first, accepted]) == set()

    def test_the_request_without_the_space_is_repeated_not_the_first(self) -> None:
        """What is repeated differs in the case only."""
        made = [self.SCENARIO.first, self.without_the_space(A.REJECTED_CALLED)]
        variant = next(
            each for each in possible_experiments(made, SPACED, self.SETUP) if each.beside
        )
        repeat = confirmation(
            [*made, Attempt(variant, EXAMPLES[A.SUCCESS].stages)], SPACED, self.SETUP
        )
        assert repeat is not None
        assert (repeat.id, repeat.target) == (X.CONTROL_REPEAT, TARGET)

    def test_at_software_that_refuses_the_space_neither_is_the_only_cause(self) -> None:
        wlmscpfs = next(each for each in CHOSEN_FOR if each.name == "wlmscpfs")
        asked = ask(Scenario(wlmscpfs, self.SITE, SPACED), self.SETUP, in_order)
        assert asked.left[:2] == (
            (CauseId.AE_SPACES, Confidence.LIKELY),
            (CauseId.AE_CASE, Confidence.LIKELY),
        )
