"""The rows of a target's history: a row for each state it was in, the newest first. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from textual.content import Content

from dcmecho.console.symbols import Mark, Symbols, verdict_mark
from dcmecho.diagnosis.conclusion.clock import day_in_words, time_or_day_and_time
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.listen.verdict import Grade
from dcmecho.diagnosis.report import Report
from dcmecho.journal.kinds import Kind
from dcmecho.journal.listing import Kept
from dcmecho.report.json.reading import report_of

_WIDE = 100
"""Cells from which on there is room for a day in words."""
_MARGIN = 2
"""Cells of the cursor, at the left of each row."""


_GRADES = {Grade.REACHED.value: Mark.OK, Grade.ODD.value: Mark.WARNING}


class State(NamedTuple):
    """Equal checks, one after the other: the newest, the oldest, and how many there were."""

    newest: Kept
    oldest: Kept
    checks: int
    report: Report | None
    """``None`` for calls that the listener heard."""

    @property
    def mark(self) -> Mark:
        """How it was."""
        if self.report is None:
            return _GRADES.get(self.newest.cause, Mark.FAILED)
        return verdict_mark(self.report.verdict.status)

    @property
    def counted(self) -> str:
        """How many checks or calls it were."""
        return count(self.checks, "call" if self.report is None else "check")

    def words(self, room: int) -> str:
        """What was found, in a few words; with the stage, if that fits into ``room`` cells."""
        if self.report is None:
            return str(self.newest.body["verdict"]["title"])
        verdict, causes = self.report.verdict, self.report.causes
        if not verdict.status.is_failing:
            return verdict.title
        first = causes[0].title if causes else verdict.title
        whole = f"{verdict.stage.row.label}: {first}"
        return whole if len(whole) <= room else first


def states(runs: Sequence[Kept]) -> list[State]:
    """Return the states of runs, the newest first."""
    found = []
    for _, alike in groupby(runs, key=_alike):
        members = list(alike)
        is_call = members[0].kind is Kind.CALL
        checks = len(members) if is_call else sum(each.runs for each in members)
        report = None if is_call else report_of(members[0].body)
        found.append(State(members[0], members[-1], checks, report))
    return found


def _alike(each: Kept) -> object:
    return each.body["verdict"]["title"] if each.kind is Kind.CALL else each.report


def state_rows(
    shown: Sequence[State], marked: int | None, width: int, now: datetime, symbols: Symbols
) -> Iterator[Content]:
    """Yield a row for each state: since when, how it was, how often it was checked."""
    day = day_in_words if width >= _WIDE else time_or_day_and_time
    times = [day(each.oldest.began, now) for each in shown]
    longest = max(map(len, times), default=0)
    counted = max((len(each.counted) for each in shown), default=0)
    all_room = width - _MARGIN - longest - symbols.width - counted - 7
    for number, (each, when) in enumerate(zip(shown, times, strict=True)):
        mark = each.mark
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
            (f"{each.counted:>{counted}}", "$quiet"),
        )
