"""The table of the watch: at every width a name that can be told from the next, and whole words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dcmecho.console.symbols import ASCII, UNICODE, Symbols
from dcmecho.console.terminal.terminal import Terminal
from dcmecho.console.watch.rows import head, rows, times_before_echo, verdict_row
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.diagnosis.watch.record import StageTimes
from dcmecho.diagnosis.watch.sample import Sample, SampleOutcome
from dcmecho.diagnosis.watch.times import Figures
from dcmecho.diagnosis.watch.watch import Watched

AT = datetime(2026, 11, 23, 10, 32, 5, tzinfo=UTC)
TARGET = Target("pacs.hospital.lan", 104, "PACS", "WS", name="Cath archive 2")
FAILED = Sample(AT, 1.0, VerdictStatus.FAILED, StageId.ASSOCIATE, "silent", SampleOutcome.LOST)
FIGURES = Figures(5, 1, 20.0, 120.4, 1.1, 2.2, 130.0, 9.9)


def watched(stage: StageId) -> Watched:
    last = replace(FAILED, stage=stage)
    return Watched("key", TARGET, last, FIGURES, (1.0, None, 120.4), AT, 0)


NO_BARS = Terminal(slow=True).symbols


@pytest.mark.parametrize("symbols", [UNICODE, ASCII, NO_BARS])
@pytest.mark.parametrize("width", [78, 118])
@pytest.mark.parametrize("stage", StageId)
def test_name_and_stage_are_whole_and_nothing_runs_over(
    stage: StageId, width: int, symbols: Symbols
) -> None:
    (row,) = rows([watched(stage)], width, symbols)
    assert row.plain.count("Cath archive 2 ") == 1
    assert row.cell_length <= width
    word = row.plain.split("Cath")[0]
    assert word.endswith(" ")


@pytest.mark.parametrize(("width", "names"), [(78, 3), (118, 5)])
def test_a_narrow_table_has_fewer_figures(width: int, names: int) -> None:
    shown = head(width, UNICODE).plain.split()
    assert sum(name in shown for name in ("last", "min", "med", "p95", "jit")) == names
    (row,) = rows([watched(StageId.ECHO)], width, UNICODE)
    assert ("9.9" in row.plain) is (names == 5)


LONG = "Ultrasound cart, ward 3 B"


def test_a_narrow_table_leaves_the_room_to_the_name_and_tells_the_next_sample_below() -> None:
    (row,) = rows([replace(watched(StageId.ECHO), target=replace(TARGET, name=LONG))], 78, UNICODE)
    assert f"{LONG} " in row.plain
    at = f"{AT.astimezone():%H:%M:%S}"
    assert at not in row.plain
    assert f"  next {at}  " in verdict_row(watched(StageId.ECHO), 78, UNICODE).plain
    (wide,) = rows([watched(StageId.ECHO)], 118, UNICODE)
    assert at in wide.plain
    assert "next" not in verdict_row(watched(StageId.ECHO), 118, UNICODE).plain


@pytest.mark.parametrize("width", [78, 118])
def test_without_bars_the_figures_stay_under_their_names(width: int) -> None:
    (row,) = rows([watched(StageId.ECHO)], width, NO_BARS)
    titles = head(width, NO_BARS).plain
    beside_cursor = f"  {row.plain}"
    assert beside_cursor.index("120") + len("120") == titles.index("last") + len("last")
    assert "C-ECHO ms" not in titles


ASSOCIATION = StageTimes(replace(FIGURES, last_ms=14811.4), (3.0, None, 14811.4))


def slow() -> Watched:
    return replace(watched(StageId.ECHO), before_echo={StageId.ASSOCIATE: ASSOCIATION})


@pytest.mark.parametrize("symbols", [UNICODE, ASCII, NO_BARS])
@pytest.mark.parametrize("width", [78, 118])
def test_the_time_of_the_association_stands_in_the_columns_of_the_table(
    width: int, symbols: Symbols
) -> None:
    line = times_before_echo(slow(), width, symbols)
    assert line.cell_length <= width
    assert "Association" in line.plain
    titles = head(width, symbols).plain
    assert line.plain.index("14811") + len("14811") == titles.index("last") + len("last")


def test_a_wide_table_has_the_last_time_of_each_association() -> None:
    (row,) = rows([slow()], 118, UNICODE)
    beside_cursor = f"  {row.plain}"
    titles = head(118, UNICODE).plain
    assert beside_cursor.index("14811") + len("14811") == titles.index("assoc") + len("assoc")
