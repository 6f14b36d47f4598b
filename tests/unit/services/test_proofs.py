"""What a report says is proven after a study arrived, and only then."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dcmecho.diagnosis.conclusion.proofs import return_connection
from dcmecho.diagnosis.move.model import MoveOutcome, MoveResult
from dcmecho.diagnosis.services.model import ServicesResult
from dcmecho.diagnosis.survey.proofs import with_services
from tests.unit.report.reports import green
from tests.unit.services.moved import NOTHING


@pytest.mark.parametrize("outcome", MoveOutcome)
def test_only_a_c_move_that_came_here_proves_the_way_back(outcome: MoveOutcome) -> None:
    report = green()
    open_before = return_connection(report.target)
    assert open_before in report.not_proven
    move = MoveResult(outcome, "in words", (), NOTHING)
    result = ServicesResult("run-s", datetime(2026, 11, 24, tzinfo=UTC), move=move)
    told = with_services(report, result)
    assert (open_before in told.not_proven) is not outcome.succeeded
    assert any("for a C-MOVE" in sentence for sentence in told.proven) is outcome.succeeded
