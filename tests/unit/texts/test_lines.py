"""Lines as programs print them, by family: the stage, and what may stand first."""

from __future__ import annotations

import pytest

from tests.unit.texts.corpus import causes, proven, reports
from tests.unit.texts.lines import LINES, Line

MOST_CAUSES = 7
FAILED = [line for line in LINES if line.stage != "none"]


def name(line: Line) -> str:
    return f"{line.family}-{line.text[:60]}"


@pytest.mark.parametrize("line", FAILED, ids=name)
def test_a_line_is_known_with_its_stage_and_its_first_cause(line: Line) -> None:
    found = reports(f"{line.text}\n")
    assert line.stage in {each["verdict"]["stage"] for each in found}
    assert any(one[0] in line.first for one in causes(found))
    assert max(map(len, causes(found))) <= MOST_CAUSES
    assert proven(found) <= line.proves


@pytest.mark.parametrize("line", [line for line in LINES if line.stage == "none"], ids=name)
def test_a_line_that_tells_of_no_failure_is_no_failure(line: Line) -> None:
    assert reports(f"{line.text}\n") == []
