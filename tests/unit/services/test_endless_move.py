"""A peer that answers a C-MOVE with Pending and never ends: bounded, and told."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.move.model import (
    MoveAnswer,
    MoveEvidence,
    MoveOutcome,
    MoveRequest,
    MoveResult,
)
from dcmecho.diagnosis.move.verdict import judge
from dcmecho.diagnosis.network.association import ContextAnswer
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.survey import move as moving
from dcmecho.diagnosis.survey.move import Machine, RunningListener
from dcmecho.diagnosis.survey.survey import SurveyRequest, SurveyTools, survey
from dcmecho.standard.statuses import PENDING
from tests.unit.services.test_survey import ANSWERED, TARGET, PlayedServiceLink

_ENDS = (Address("192.0.2.20", 11112),)


@dataclass
class PendingForEver(PlayedServiceLink):
    """Answers each wait for a C-MOVE-RSP with Pending."""

    responses: int = 0

    def request_move(
        self, _context: ContextAnswer, _message_id: int, _study_uid: str, _destination: str
    ) -> None:
        self.asked.append("move")

    def wait_for_activity(self, _wait_s: float) -> bool:
        return True

    def next_move(self, _message_id: int, _timeout_s: float) -> MoveAnswer:
        self.responses += 1
        return MoveAnswer(ANSWERED, min(PENDING))


def moved(link: PendingForEver) -> MoveResult:
    machine = Machine(
        lambda _ends, _emit, _admit: RunningListener(_ENDS, lambda: None),
        lambda _ip: "192.0.2.20",
        lambda _host: frozenset({"192.0.2.1"}),
    )
    tools = SurveyTools(lambda: link, machine, lambda uid: uid)
    order = MoveRequest("1.2.3", _ENDS)
    result = survey("run1", TARGET, SurveyRequest(move=order), 1, tools, lambda _event: None)
    assert result.move is not None
    return result.move


def test_more_responses_than_sub_operations_can_be_are_malformed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(moving, "_MOST_PENDING", 300)
    link = PendingForEver()
    result = moved(link)
    assert link.responses == 301
    assert result.outcome is MoveOutcome.MALFORMED
    assert "more than 300 C-MOVE-RSP with status Pending" in result.summary
    (finding,) = result.findings
    assert (finding.id, finding.confidence) == (FindingId.MOVE_MALFORMED, Confidence.PROVEN)


def test_the_time_is_limited_however_much_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "LONGEST_S", 0.0)
    link = PendingForEver()
    result = moved(link)
    assert link.responses == 0
    assert result.outcome is MoveOutcome.NO_ANSWER


def test_pending_responses_are_not_each_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[MoveEvidence] = []

    def counted(seen: MoveEvidence) -> MoveResult:
        judged.append(seen)
        return judge(seen)

    monkeypatch.setattr(moving, "_MOST_PENDING", 300)
    monkeypatch.setattr(moving, "_TICK_S", 1000.0)

    monkeypatch.setattr(moving, "judge", counted)
    moved(PendingForEver())
    assert len(judged) < 10
