"""Families told by their answer to a nonsense application context, as measured."""

from __future__ import annotations

import pytest

from dcmecho.diagnosis.answers import AnswerKind
from dcmecho.diagnosis.families import Trust, family_of
from dcmecho.diagnosis.model import EvidenceKind, StageId, Status
from tests.unit.answered import EXAMPLES, Answered, rejected

ACCEPTED = Answered(StageId.ASSOCIATE, EvidenceKind.ASSOCIATION_ACCEPTED, {}, Status.PASSED)


@pytest.mark.parametrize(
    ("seen", "named", "trust"),
    [
        (rejected(2, 1, 2, closed_after=True), "dcmqrscp or wlmscpfs", Trust.AMBIGUOUS),
        (rejected(2, 1, 2, closed_after=False), "dcmrecv", Trust.NO_TITLES),
        (rejected(1, 1, 2, closed_after=False), "Orthanc or DCMTK's storescp", Trust.LITERAL),
        (rejected(1, 1, 2, closed_after=True), "CTN", Trust.LITERAL),
        (rejected(1, 1, 7, closed_after=True), "pynetdicom, PixelMed and dcmjs", Trust.LITERAL),
        (rejected(1, 1, 3, closed_after=False), "pynetdicom, PixelMed and dcmjs", Trust.LITERAL),
        (ACCEPTED, "pynetdicom, PixelMed and dcmjs", Trust.LITERAL),
        (rejected(1, 3, 7, closed_after=True), "no family", Trust.UNKNOWN),
        (rejected(1, 1, 1, closed_after=True), "no family", Trust.UNKNOWN),
        (rejected(2, 3, 2, closed_after=True), "no family", Trust.UNKNOWN),
        (EXAMPLES[AnswerKind.ABORTED], "no family", Trust.UNKNOWN),
        (EXAMPLES[AnswerKind.SILENT], "no family", Trust.UNKNOWN),
    ],
    ids=str,
)
def test_who_answers_like_that(seen: Answered, named: str, trust: Trust) -> None:
    family = family_of(seen.stages)
    assert named in family.words
    assert family.trust is trust
