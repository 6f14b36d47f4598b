"""Product families, recognized by their answer to a made-up application context."""

from __future__ import annotations

import pytest

from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.experiments.answers import AnswerKind
from dcmecho.diagnosis.experiments.families import family_of
from dcmecho.diagnosis.stage import StageId, Status
from tests.unit.experiments.answered import EXAMPLES, Answered, rejected

ACCEPTED = Answered(StageId.ASSOCIATE, EvidenceKind.ASSOCIATION_ACCEPTED, {}, Status.PASSED)


@pytest.mark.parametrize(
    ("seen", "named"),
    [
        (rejected(2, 1, 2, closed_after=True), "dcmqrscp or wlmscpfs"),
        (rejected(2, 1, 2, closed_after=False), "dcmrecv"),
        (rejected(1, 1, 2, closed_after=False), "Orthanc or DCMTK's storescp"),
        (rejected(1, 1, 2, closed_after=True), "CTN or dcm4che"),
        (rejected(1, 1, 7, closed_after=True), "as CTN does, or ignores it, as pynetdicom"),
        (rejected(1, 1, 3, closed_after=False), "as CTN does, or ignores it, as pynetdicom"),
        (ACCEPTED, "ignores the application context, as pynetdicom, PixelMed and dcmjs"),
        (rejected(1, 3, 7, closed_after=True), "no known software"),
        (rejected(1, 1, 1, closed_after=True), "--refuse"),
        (rejected(1, 1, 1, closed_after=False), "--refuse"),
        (rejected(2, 1, 1, closed_after=True), "no known software"),
        (rejected(2, 3, 2, closed_after=True), "no known software"),
        (EXAMPLES[AnswerKind.ABORTED], "no known software"),
        (EXAMPLES[AnswerKind.SILENT], "no known software"),
    ],
    ids=str,
)
def test_the_answer_gives_the_family(seen: Answered, named: str) -> None:
    assert named in family_of(seen.stages).words
