"""The preview of an import, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from textual.content import Content

from dcmecho.console.saving import SaveResult
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.wrapping import MARGIN, item, paragraph
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.sanitize import printable
from dcmecho.profiles.exchange.planning import Action, ImportPlan, PlannedRow
from dcmecho.profiles.exchange.preview import summary, warnings
from dcmecho.profiles.exchange.rows import Reading


def _mark(action: Action) -> Mark:
    match action:
        case Action.NEW:
            return Mark.OK
        case Action.CHANGED:
            return Mark.WARNING
        case Action.EQUAL:
            return Mark.SKIPPED
        case Action.REFUSED:
            return Mark.FAILED
        case _:
            assert_never(action)


_NAME_WIDTH = 24
_ACTION_WIDTH = max(map(len, Action))


def waiting_rows(width: int) -> Iterator[Content]:
    """What stands in the preview before anything was read."""
    text = (
        "enter reads what is given above and shows here what would be written. A second enter"
        " writes it; nothing is written before."
    )
    yield from paragraph(text, width, "$quiet")


def preview_rows(
    reading: Reading, planned: ImportPlan, width: int, symbols: Symbols
) -> Iterator[Content]:
    """What was read, the remarks about it, and what becomes of each row."""
    for remark in reading.remarks:
        yield from item(symbols.mark(Mark.WARNING), printable(str(remark)), width)
    if not planned.rows:
        yield from paragraph(f"{reading.format.label} without any peer.", width)
    names = max((len(row.name) for row in planned.rows), default=0)
    for row in planned.rows:
        yield from _row(row, width, min(names, _NAME_WIDTH), symbols)


def result_of(planned: ImportPlan) -> SaveResult:
    """What to tell about a plan that was written."""
    new, changed, refused = (
        len(planned.of(action)) for action in (Action.NEW, Action.CHANGED, Action.REFUSED)
    )
    done = f"Imported {new} new and {changed} changed targets."
    if refused:
        rows = count(refused, "row")
        return SaveResult(f"{done} {rows} refused: correct and import again.", Mark.WARNING)
    return SaveResult(f"{done} u takes that back.", Mark.OK)


def _row(row: PlannedRow, width: int, name_width: int, symbols: Symbols) -> Iterator[Content]:
    """One line where there is room for it, else what becomes of the row below its name."""
    mark = _mark(row.action)
    sign = f"{symbols.mark(mark)} {row.action:{_ACTION_WIDTH}}"
    place = f"line {row.line:<4}" if row.line else ""
    name = f"{printable(row.name):{name_width}}"
    head = (MARGIN, (sign, mark.style), "  ", (place, "$quiet"), "  ", (name, "bold"))
    text, lead = summary(row), " " * len(sign)
    line = Content.assemble(*head, "  ", text)
    if line.cell_length <= width - len(MARGIN):
        yield line
    else:
        yield Content.assemble(*head)
        yield from item(lead, text, width)
    for warning in warnings(row):
        yield from item(lead, f"look at {warning}", width, Mark.WARNING.style)
