"""The guide when a person chooses, acts or does not know the answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcmecho.diagnosis.cause import CauseId, Who
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.experiments.plans import Experiment, ExperimentId, OperatorSetup
from dcmecho.diagnosis.guide.walk import (
    Act,
    Ask,
    HandOver,
    Propose,
    RunAgain,
    Step,
    Walk,
    alternatives,
    next_step,
)
from dcmecho.diagnosis.guide.words import experiment_title
from dcmecho.diagnosis.investigation import Investigation
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from tests.unit.report.reports import TARGET, ended, green, rejected_called_title

SURROUNDINGS = OperatorSetup("NOSUCH123", own_titles=("OTHER_WS", "THIRD_WS"))


def walk_of(report: Report) -> Walk:
    return Walk(Investigation.of(report, SURROUNDINGS))


def without_experiments(walk: Walk) -> Walk:
    while isinstance(step := next_step(walk), Propose):
        walk = walk.declining(step.experiment)
    return walk


def tls_files_invalid() -> Report:
    data = {"field": "tls.ca_file", "cause": CauseId.TLS_FILE_INVALID.value}
    return ended(StageId.PROFILE, EvidenceKind.PROFILE_INVALID, dict(data))


def congested() -> Report:
    return ended(
        StageId.ASSOCIATE,
        EvidenceKind.ASSOCIATION_REJECTED,
        {"result": 2, "source": 3, "reason": 1},
    )


def proposed(step: Step) -> Propose:
    assert isinstance(step, Propose)
    return step


def own_titles(walk: Walk) -> list[Experiment]:
    possible = walk.investigation.possible()
    return [each for each in possible if each.id is ExperimentId.OWN_CALLING]


def test_the_user_can_choose_among_experiments_of_the_proposed_kind() -> None:
    walk = walk_of(rejected_called_title())
    first, other = alternatives(walk)
    assert first == proposed(next_step(walk)).experiment
    written = [(each.target.called_ae, each.target.calling_ae) for each in (first, other)]
    assert written == [("target_pacs", "MY_WORKSTATION"), ("TARGET_PACS", "my_workstation")]
    assert alternatives(walk.declining(first)) == (other,)


def test_a_question_without_an_answer_goes_to_the_peers_administrator() -> None:
    walk = without_experiments(walk_of(rejected_called_title()))
    asked = []
    while isinstance(step := next_step(walk), Ask):
        asked.append(step.cause.id)
        walk = walk.leaving_open(step.cause.id)
    assert isinstance(step, HandOver)
    assert step.who is Who.PEER
    assert set(asked) <= {cause.id for cause in step.causes}
    assert walk.struck_out() == (), "not knowing rules nothing out"


def test_asks_for_a_value_only_once() -> None:
    walk = without_experiments(walk_of(rejected_called_title()))
    step = next_step(walk)
    assert isinstance(step, Ask)
    assert step.cause.id is CauseId.AE_CALLED_UNKNOWN
    assert isinstance(next_step(walk.confirming(step.cause.id)), HandOver)


def test_a_cause_on_this_side_without_a_value_gives_a_task() -> None:
    step = next_step(walk_of(tls_files_invalid()))
    assert isinstance(step, Act)
    assert step.cause.id is CauseId.TLS_FILE_INVALID
    assert step.cause.actions


def test_a_confirmed_value_rules_out_its_cause() -> None:
    walk = walk_of(tls_files_invalid()).confirming(CauseId.TLS_FILE_INVALID)
    assert isinstance(next_step(walk), HandOver)
    (struck,) = walk.struck_out()
    assert "you checked it" in struck.why


def test_a_cause_that_an_experiment_rules_out_has_a_reason() -> None:
    walk = walk_of(rejected_called_title())
    own, _ = own_titles(walk)
    walk = walk.after(walk.investigation.with_result(own, green(own.target)))
    (struck,) = walk.struck_out()
    assert struck.cause.id is CauseId.AE_CALLED_UNKNOWN
    assert struck.why == walk.report.experiments[0].split


def test_a_later_experiment_keeps_the_first_reason() -> None:
    walk = walk_of(rejected_called_title())
    own, other = own_titles(walk)
    for experiment, outcome in (
        (own, green(own.target)),
        (other, rejected_called_title(other.target)),
    ):
        walk = walk.after(walk.investigation.with_result(experiment, outcome))
    (struck,) = walk.struck_out()
    assert struck.why == walk.report.experiments[0].split


class TestRejectedForNow:
    """A rejection for now is worth another try, however certain its cause."""

    def test_the_request_is_repeated_a_little_later(self) -> None:
        walk = walk_of(congested())
        assert walk.investigation.settled
        assert proposed(next_step(walk)).experiment.id is ExperimentId.RETRY_LATER
        assert walk.investigation.next == proposed(next_step(walk)).experiment

    def test_it_is_repeated_only_once(self) -> None:
        walk = walk_of(congested())
        later = proposed(next_step(walk)).experiment
        walk = walk.after(walk.investigation.with_result(later, congested()))
        assert isinstance(next_step(walk), HandOver)
        assert walk.investigation.next is None

    def test_a_success_leads_to_another_check(self) -> None:
        walk = walk_of(congested())
        later = proposed(next_step(walk)).experiment
        walk = walk.after(walk.investigation.with_result(later, green()))
        assert isinstance(next_step(walk), RunAgain)


class TestNext:
    def test_a_clear_failure_needs_no_experiment(self) -> None:
        assert Investigation.of(tls_files_invalid(), SURROUNDINGS).next is None

    def test_a_success_has_its_control_experiments(self) -> None:
        following = Investigation.of(green(), SURROUNDINGS).next
        assert following is not None
        assert following.id is ExperimentId.CONTROL_CALLING

    def test_no_experiments_means_none(self) -> None:
        report = rejected_called_title(replace(TARGET, no_experiments="clinical hours"))
        assert Investigation.of(report, SURROUNDINGS).next is None


@pytest.mark.parametrize("experiment", ExperimentId)
def test_every_experiment_has_a_title_in_plain_words(experiment: ExperimentId) -> None:
    assert experiment_title(experiment).isascii()
    assert experiment.value not in experiment_title(experiment)
