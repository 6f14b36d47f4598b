"""Lines as programs print them, by family: the stage, and what may stand first."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.unit.texts.corpus import causes, proven, reports

FOLDER = Path(__file__).parents[2] / "corpora" / "lines"
MOST_CAUSES = 7


class Line(NamedTuple):
    """A line, or a few, with its truth."""

    family: str
    text: str
    stage: str
    first: frozenset[str]
    proves: frozenset[str]


def _lines(path: Path) -> list[Line]:
    rows: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["lines"]
    return [
        Line(
            path.stem,
            row["text"],
            row["stage"],
            frozenset(row.get("first", ())),
            frozenset(row.get("proves", ())),
        )
        for row in rows
    ]


LINES = [line for path in sorted(FOLDER.glob("*.toml")) for line in _lines(path)]
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
