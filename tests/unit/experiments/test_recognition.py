"""The product of a peer, from the implementation that it names, then from its family."""

from __future__ import annotations

import pytest

from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.experiments.answers import AnswerKind
from dcmecho.diagnosis.experiments.plans import Attempt, Experiment, ExperimentId
from dcmecho.diagnosis.experiments.recognition import recognized
from dcmecho.diagnosis.product import Product
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.stage import StageId, Status
from tests.unit.experiments.answered import EXAMPLES, Answered, rejected
from tests.unit.report.reports import TARGET

BUILT_ON_DCMTK = {Product.ORTHANC, Product.DCMTK}


def accepted(class_uid: str) -> Answered:
    """An acceptance that names its implementation."""
    return Answered(
        StageId.ASSOCIATE,
        EvidenceKind.ASSOCIATION_ACCEPTED,
        {"implementation_class_uid": class_uid},
        Status.PASSED,
    )


def tried(experiment: ExperimentId, answer: Answered) -> Attempt:
    made = Experiment(experiment, TARGET, "sends", "splits", RunOptions())
    return Attempt(made, answer.stages)


@pytest.mark.parametrize(
    ("class_uid", "products"),
    [
        ("1.2.276.0.7230010.3.0.3.6.7", BUILT_ON_DCMTK),
        ("1.2.40.0.13.1.3", {Product.DCM4CHEE_ARC}),
        ("1.2.826.0.1.3680043.9.3811.3.0.4", set()),
        ("", set()),
    ],
)
def test_an_acceptance_names_the_implementation(class_uid: str, products: set[Product]) -> None:
    assert recognized(accepted(class_uid).stages, ()) == products


def test_an_experiment_that_was_accepted_names_it_too() -> None:
    first = EXAMPLES[AnswerKind.REJECTED_CALLED].stages
    dcm4che = tried(ExperimentId.CONTROL_CALLED, accepted("1.2.40.0.13.1.3"))
    assert recognized(first, (Attempt(None, first), dcm4che)) == {Product.DCM4CHEE_ARC}


@pytest.mark.parametrize(
    ("answer", "products"),
    [
        (rejected(2, 1, 2, closed_after=True), {Product.DCMTK}),
        (rejected(2, 1, 2, closed_after=False), {Product.DCMTK}),
        (rejected(1, 1, 2, closed_after=False), BUILT_ON_DCMTK),
        (rejected(1, 1, 2, closed_after=True), {Product.DCM4CHEE_ARC}),
        (rejected(1, 1, 7, closed_after=True), set()),
    ],
)
def test_the_fingerprint_gives_the_product(answer: Answered, products: set[Product]) -> None:
    first = EXAMPLES[AnswerKind.REJECTED_CALLED].stages
    fingerprint = tried(ExperimentId.FINGERPRINT, answer)
    assert recognized(first, (Attempt(None, first), fingerprint)) == products


def test_the_same_rejection_in_a_check_is_not_a_fingerprint() -> None:
    first = rejected(1, 1, 2, closed_after=False).stages
    assert recognized(first, (Attempt(None, first),)) == set()
