"""The rows of a target's history: a row for each state it was in, the newest first. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from textual.content import Content

from dcmecho.console.symbols import Symbols, verdict_mark
from dcmecho.diagnosis.conclusion.clock import day_in_words, time_or_day_and_time
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.journal.listing import Kept
from dcmecho.report.json.reading import report_of

_WIDE = 100
"""Cells from which on there is room for a day in words."""
_MARGIN = 2
"""Cells of the cursor, at the left of each row."""


class State(NamedTuple):
    """Equal checks, one after the other: the newest, the oldest, and how many there were."""

    newest: Kept
    oldest: Kept
    checks: int
    report: Report

    def words(self, room: int) -> str:
        """What was found, in a few words; with the stage, if that fits into ``room`` cells."""
        verdict, causes = self.report.verdict, self.report.causes
        if not verdict.status.is_failing:
            return verdict.title
        first = causes[0].title if causes else verdict.title
        whole = f"{verdict.stage.row.label}: {first}"
        return whole if len(whole) <= room else first


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
    day = day_in_words if width >= _WIDE else time_or_day_and_time
    times = [day(each.oldest.began, now) for each in shown]
    longest = max(map(len, times), default=0)
    counted = max((len(count(each.checks, "check")) for each in shown), default=0)
    all_room = width - _MARGIN - longest - symbols.width - counted - 7
    for number, (each, when) in enumerate(zip(shown, times, strict=True)):
        mark = verdict_mark(VerdictStatus(each.newest.status))
        echo = each.newest.echo_ms
        took = "" if echo is None else f"  {echo:.1f} ms"
        room = max(10, all_room - len(took))
        yield Content.assemble(
            ("*" if number == marked else " ", "$accent"),
            " ",
            (f"{when:{longest}}", "$foreground"),
            "  ",
            (symbols.mark(mark), mark.style),
            " ",
            Content(each.words(room)).truncate(room, pad=True, ellipsis=True),
            (took, "$quiet"),
            "  ",
            (f"{count(each.checks, 'check'):>{counted}}", "$quiet"),
        )
