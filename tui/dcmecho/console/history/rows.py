"""The rows of a target's history: a row for each state it was in, the newest first. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from textual.content import Content

from dcmecho.console.symbols import Symbols, verdict_mark
from dcmecho.diagnosis.conclusion.clock import day_in_words
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.journal.listing import Kept
from dcmecho.report.json.reading import report_of

_WHEN_WIDTH = len("2026-11-29 18:42")
_CHECKS_WIDTH = len("20000 checks")
_ECHO_WIDTH = len("1234.5 ms")
_MARGIN = 2
"""Cells of the cursor, at the left of each row."""


class State(NamedTuple):
    """Equal checks, one after the other: the newest, the oldest, and how many there were."""

    newest: Kept
    oldest: Kept
    checks: int
    report: Report

    @property
    def words(self) -> str:
        """What was found, in a few words."""
        verdict, causes = self.report.verdict, self.report.causes
        if not verdict.status.is_failing:
            return verdict.title
        first = causes[0].title if causes else verdict.title
        return f"{verdict.stage.row.label}: {first}"


def states(runs: Sequence[Kept]) -> list[State]:
    """Return the states of runs, the newest first."""
    found = []
    for _, alike in groupby(runs, key=lambda each: each.report):
        members = list(alike)
        checks = sum(each.runs for each in members)
        found.append(State(members[0], members[-1], checks, report_of(members[0].body)))
    return found


def state_rows(
    shown: Sequence[State], marked: int | None, width: int, now: datetime, symbols: Symbols
) -> Iterator[Content]:
    """Yield a row for each state: since when, how it was, how often it was checked."""
    room = width - _MARGIN - _WHEN_WIDTH - symbols.width - _CHECKS_WIDTH - _ECHO_WIDTH - 8
    for number, each in enumerate(shown):
        mark = verdict_mark(VerdictStatus(each.newest.status))
        echo = each.newest.echo_ms
        took = "" if echo is None else f"{echo:.1f} ms"
        when = day_in_words(each.oldest.began, now)
        yield Content.assemble(
            ("*" if number == marked else " ", "$accent"),
            " ",
            (f"{when:{_WHEN_WIDTH}}", "$foreground"),
            "  ",
            (symbols.mark(mark), mark.style),
            " ",
            Content(each.words).truncate(max(10, room), pad=True, ellipsis=True),
            "  ",
            (f"{took:>{_ECHO_WIDTH}}", "$quiet"),
            (f"{count(each.checks, 'check'):>{_CHECKS_WIDTH}}", "$quiet"),
        )
