"""Values that cannot work still give a report, and nothing is sent."""

from __future__ import annotations

import pytest

from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.exit_codes import ExitCode
from tests.scenarios.command_line import proven, run
from tests.scenarios.values import BAD_VALUES, BadValues


@pytest.mark.parametrize("values", BAD_VALUES, ids=lambda values: values.id)
def test_bad_values_end_at_stage_profile(values: BadValues) -> None:
    said = run(*values.arguments)

    assert (said.status, said.stage) == (VerdictStatus.FAILED, StageId.PROFILE)
    assert said.exit_code is ExitCode.PROFILE
    assert said.causes == tuple(proven(cause) for cause in values.causes)
    assert values.says in said.summary
    assert {stage["status"] for stage in said.report["stages"][1:]} == {"not-reached"}
    assert said.stderr == ""
