"""A watch is summed up: equal checks of five minutes are one span, a change begins a new one."""

from __future__ import annotations

from dataclasses import replace

from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.journal.summaries import Summaries, Summary
from tests.unit.journal.journals import at, data_of, fails, works


def summed(*reports: Report) -> list[Summary]:
    summaries = Summaries()
    found = [
        each for report in reports for each in summaries.add("a", report.target, data_of(report))
    ]
    return [*found, *summaries.end()]


def with_echo(report: Report, elapsed_ms: float) -> Report:
    stages = (
        each._replace(elapsed_ms=elapsed_ms) if each.id is StageId.ECHO else each
        for each in report.stages
    )
    return replace(report, stages=tuple(stages))


def test_equal_checks_of_five_minutes_are_one_span() -> None:
    checks = [with_echo(works(number / 20), float(number)) for number in range(1, 21)]
    (summary,) = summed(*checks)
    span = summary.span
    assert (span.runs, span.ok) == (20, 20)
    assert (span.began, span.times.medians[-1], span.times.high[-1]) == (at(0.05), 11.0, 20.0)


def test_the_next_five_minutes_are_another_one() -> None:
    found = summed(works(0), works(1), works(4), works(5))
    assert [each.span.runs for each in found] == [2, 2]


def test_a_change_begins_a_new_one() -> None:
    found = summed(works(0), fails(0.1), fails(0.2), works(0.3))
    assert [(each.span.runs, each.span.ok) for each in found] == [(1, 1), (2, 0), (1, 1)]


def test_all_targets_end_together() -> None:
    summaries = Summaries()
    for key in "abc":
        assert list(summaries.add(key, works(0).target, data_of(works(0)))) == []
    assert len(list(summaries.add("a", works(9).target, data_of(works(9))))) == 3
