"""Recognizes the product of a peer by the implementation it names and its family. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.experiments.families import family_of
from dcmecho.diagnosis.experiments.plans import Attempt, ExperimentId
from dcmecho.diagnosis.product import Product
from dcmecho.diagnosis.stage import StageResult

_BY_CLASS_UID: tuple[tuple[str, frozenset[Product]], ...] = (
    ("1.2.276.0.7230010.3.", frozenset({Product.ORTHANC, Product.DCMTK})),
    ("1.2.40.0.13.1.", frozenset({Product.DCM4CHEE_ARC})),
)
"""By the beginning of the implementation class UID. Orthanc is built on DCMTK and has its UID."""


def recognized(stages: Sequence[StageResult], attempts: Sequence[Attempt]) -> frozenset[Product]:
    """Return the products that the peer can be; empty if nothing shows it.

    ``stages`` are those of the check, ``attempts`` those of its experiments.
    """
    for evidence in _acceptances([stages, *(each.stages for each in attempts)]):
        if found := products_of(str(evidence.data.get("implementation_class_uid", ""))):
            return found
    for each in attempts:
        if each.experiment is not None and each.experiment.id is ExperimentId.FINGERPRINT:
            return family_of(each.stages).products
    return frozenset()


def products_of(class_uid: str) -> frozenset[Product]:
    """Return the products with such an implementation class UID; empty if it is not known."""
    known = (products for beginning, products in _BY_CLASS_UID if class_uid.startswith(beginning))
    return next(known, frozenset())


def _acceptances(runs: Sequence[Sequence[StageResult]]) -> Iterator[Evidence]:
    for result in (result for stages in runs for result in stages):
        for evidence in result.evidence:
            if evidence.kind is EvidenceKind.ASSOCIATION_ACCEPTED:
                yield evidence
