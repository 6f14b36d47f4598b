"""Product families, recognized by their answer to a made-up application context."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.causes.reasoning import suspects
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.experiments.answers import AnswerKind
from dcmecho.diagnosis.experiments.choosing import Situation
from dcmecho.diagnosis.experiments.differential import refuses_the_space, weigh
from dcmecho.diagnosis.experiments.families import family_of
from dcmecho.diagnosis.experiments.plans import (
    Attempt,
    Experiment,
    ExperimentId,
    OperatorSetup,
    possible_experiments,
)
from dcmecho.diagnosis.stage import StageId, Status
from dcmecho.diagnosis.target.target import Target
from tests.unit.experiments.answered import EXAMPLES, Answered, rejected
from tests.unit.experiments.peer_matrix import CTN, DCMQRSCP, DCMRECV, ORTHANC
from tests.unit.experiments.scenarios import SPACED, TARGET

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


class TestALeadingSpace:
    """In the called title: software that never accepts one, whatever else is wrong."""

    @pytest.mark.parametrize("answers", [DCMQRSCP, ORTHANC])
    def test_comes_first_at_software_that_refuses_it(self, answers: Answered) -> None:
        made = asked_with_a_space(answers)
        assert next(iter(weigh(FIRST, made))) == (CauseId.AE_SPACES, Confidence.LIKELY)
        assert telling(made) == set()

    @pytest.mark.parametrize("answers", [CTN, DCMRECV, EXAMPLES[AnswerKind.REJECTED_CALLED]])
    def test_stays_doubted_at_other_software(self, answers: Answered) -> None:
        """PixelMed and pynetdicom take it, dcm4che answers as CTN does, dcmrecv asks for none."""
        made = asked_with_a_space(answers)
        assert dict(weigh(FIRST, made))[CauseId.AE_SPACES] is Confidence.POSSIBLE
        assert telling(made)

    def test_is_no_matter_where_a_title_with_one_was_accepted(self) -> None:
        away = replace(planned(ExperimentId.OWN_CALLING), target=SPACED)
        accepted = Attempt(away, EXAMPLES[AnswerKind.SUCCESS].stages)
        left = weigh(FIRST, [*asked_with_a_space(DCMQRSCP), accepted])
        assert left[0][0] is CauseId.AE_CALLING_UNKNOWN

    def test_of_a_title_without_one_nothing_is_said(self) -> None:
        made = [
            REJECTED_CALLED,
            Attempt(planned(ExperimentId.FINGERPRINT, TARGET), DCMQRSCP.stages),
        ]
        assert not refuses_the_space(made)


REJECTED_CALLED = Attempt(None, EXAMPLES[AnswerKind.REJECTED_CALLED].stages)
FIRST = suspects(REJECTED_CALLED.stages[0], SPACED)
SETUP = OperatorSetup("NOSUCH01", own_titles=("OTHER_STATION",))


def planned(wanted: ExperimentId, target: Target = SPACED) -> Experiment:
    plan = possible_experiments([REJECTED_CALLED], target, SETUP)
    return next(each for each in plan if each.id is wanted)


def asked_with_a_space(answers: Answered) -> list[Attempt]:
    """Rejected without the space too; then a made-up application context gets this answer."""
    without = Attempt(planned(ExperimentId.VARIANT_SPACES), REJECTED_CALLED.stages)
    return [REJECTED_CALLED, without, Attempt(planned(ExperimentId.FINGERPRINT), answers.stages)]


def telling(made: Sequence[Attempt]) -> set[ExperimentId]:
    """Return the experiments that are worth an association."""
    left = possible_experiments(made, SPACED, SETUP)
    return {each.id for each in Situation(FIRST, made).worthwhile(left)}
