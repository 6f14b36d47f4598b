"""The rows of a C-MOVE to ourselves and of a test object, beside the matrix. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from textual.content import Content

from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.wrapping import MARGIN, item, paragraph
from dcmecho.diagnosis.move.model import LegState, MoveOutcome, MoveResult
from dcmecho.diagnosis.sanitize import printable
from dcmecho.diagnosis.services.service import Service
from dcmecho.diagnosis.store.model import StoreOutcome, StoreResult
from dcmecho.report.move_and_store import asked_line, attempt_lines, residue_line

_LONGEST_TEXT = 2048


def _mark(state: LegState) -> Mark:
    match state:
        case LegState.PASSED:
            return Mark.OK
        case LegState.FAILED:
            return Mark.FAILED
        case LegState.RUNNING:
            return Mark.RUNNING
        case LegState.UNKNOWN:
            return Mark.NOT_RUN
        case LegState.NOT_REACHED:
            return Mark.NOT_REACHED
        case _:
            assert_never(state)


def move_rows(move: MoveResult, width: int, symbols: Symbols) -> Iterator[Content]:
    """What it comes to, what was asked, and each leg."""
    yield Content.styled(f"{MARGIN}{Service.MOVE.row.title}", "bold $accent")
    if move.outcome is not MoveOutcome.UNDER_WAY:
        mark = Mark.OK if move.outcome.succeeded else Mark.FAILED
        text = f"{mark.word}: {printable(move.summary, _LONGEST_TEXT)}"
        yield from item(symbols.mark(mark), text, width, "bold", mark.style)
    yield from paragraph(asked_line(move), width, "$quiet")
    for leg in move.legs:
        mark = _mark(leg.state)
        text = f"{leg.name}: {printable(leg.text, _LONGEST_TEXT)}"
        yield from item(symbols.mark(mark), text, width, "$foreground", mark.style)


def store_rows(store: StoreResult, width: int, symbols: Symbols) -> Iterator[Content]:
    """What it comes to, what the kernel saw, and what has to be removed."""
    yield Content.styled(f"{MARGIN}{Service.STORE.row.title}", "bold $accent")
    mark = Mark.OK if store.outcome is StoreOutcome.STORED else Mark.FAILED
    text = f"{mark.word}: {printable(store.summary, _LONGEST_TEXT)}"
    yield from item(symbols.mark(mark), text, width, "bold", mark.style)
    for line in attempt_lines(store):
        yield from paragraph(line, width, "$quiet")
    if residue := residue_line(store):
        yield from paragraph(printable(residue), width, "$text-warning")
