"""The rows of a target's history: a row for each state it was in, the newest first. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple, assert_never

from textual.content import Content

from dcmecho.console.symbols import Mark, Symbols, verdict_mark
from dcmecho.diagnosis.conclusion.clock import day_in_words, time_or_day_and_time
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.listen.verdict import Grade
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.services.model import ServicesResult
from dcmecho.diagnosis.services.service import Service
from dcmecho.journal.kinds import CHECKS, Kind
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
    def kind(self) -> Kind:
        """What was done."""
        return self.newest.kind

    @property
    def mark(self) -> Mark:
        """How it was."""
        if self.report is None:
            return _GRADES.get(self.newest.cause, Mark.FAILED)
        if self._failing is None or self.report.verdict.status.is_failing:
            return verdict_mark(self.report.verdict.status)
        return Mark.WARNING if self.kind is Kind.SURVEY else Mark.FAILED

    @property
    def _failing(self) -> Service | None:
        """What failed of that which is no check."""
        if self.kind in CHECKS or self.report is None or self.report.services is None:
            return None
        return self.report.services.failing

    @property
    def counted(self) -> str:
        """How many checks, calls or transfers it were."""
        return count(self.checks, _noun(self.kind))

    def words(self, room: int) -> str:
        """What was found, in a few words; with the stage, if that fits into ``room`` cells."""
        if self.report is None:
            return str(self.newest.body["verdict"]["title"])
        if self.kind not in CHECKS and self.report.services is not None:
            return _asked_words(self.report.services)
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
        kind = members[0].kind
        checks = sum(each.runs for each in members) if kind in CHECKS else len(members)
        report = None if kind is Kind.CALL else report_of(members[0].body)
        found.append(State(members[0], members[-1], checks, report))
    return found


def _alike(each: Kept) -> object:
    match each.kind:
        case Kind.DIAGNOSIS | Kind.FURTHER:
            return each.report
        case Kind.CALL:
            return each.body["verdict"]["title"]
        case Kind.SURVEY | Kind.MOVE | Kind.STORE:
            return each.kind, each.cause or each.report
        case _:
            assert_never(each.kind)


def _noun(kind: Kind) -> str:
    match kind:
        case Kind.DIAGNOSIS | Kind.FURTHER:
            return "check"
        case Kind.SURVEY:
            return "survey"
        case Kind.MOVE:
            return "C-MOVE"
        case Kind.STORE:
            return "C-STORE"
        case Kind.CALL:
            return "call"
        case _:
            assert_never(kind)


def _asked_words(services: ServicesResult) -> str:
    """Return how a C-MOVE or a test image ended, or which services were asked for."""
    if services.move is not None:
        return f"C-MOVE: {services.move.summary}"
    if services.store is not None:
        return f"C-STORE: {services.store.summary}"
    asked = [each.row.title for each in Service if services.answer(each)]
    if (failing := services.failing) is not None:
        return f"Services: failed at {failing.row.title}"
    return f"Services: {', '.join(asked)}"


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
