"""The preview of an import, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from textual.content import Content

from dcmecho.console.saving import SaveResult
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.wrapping import MARGIN, item, paragraph
from dcmecho.diagnosis.counting import count
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
_SHOWN_ROWS = 1000
_ACTION_WIDTH = max(map(len, Action))


def waiting_rows(width: int) -> Iterator[Content]:
    """Yield the text of the preview before anything was read."""
    text = (
        "Press enter to read the source above. This preview then shows what would be written."
        " Press enter again to write it. Until then, nothing is written."
    )
    yield from paragraph(text, width, "$quiet")


def preview_rows(
    reading: Reading, planned: ImportPlan, width: int, symbols: Symbols
) -> Iterator[Content]:
    """Yield the remarks about what was read, and what will happen to each row."""
    for remark in reading.remarks:
        yield from item(symbols.mark(Mark.WARNING), str(remark), width)
    if not planned.rows:
        yield from paragraph(f"{reading.format.label}: no peers found.", width)
    names = max((len(row.name) for row in planned.rows), default=0)
    for row in planned.rows[:_SHOWN_ROWS]:
        yield from _row(row, width, min(names, _NAME_WIDTH), symbols)
    if (hidden := len(planned.rows) - _SHOWN_ROWS) > 0:
        text = f"and {count(hidden, 'more row')} (dcmecho import --dry-run shows all)"
        yield from paragraph(text, width, "$quiet")


def result_of(planned: ImportPlan) -> SaveResult:
    """Return what to say after a plan was written."""
    new, changed, refused = (
        len(planned.of(action)) for action in (Action.NEW, Action.CHANGED, Action.REFUSED)
    )
    done = f"Imported targets: {new} new, {changed} changed."
    if refused:
        rows = count(refused, "row")
        return SaveResult(f"{done} {rows} refused. Correct and import again.", Mark.WARNING)
    return SaveResult(f"{done} Press u to undo.", Mark.OK)


def _row(row: PlannedRow, width: int, name_width: int, symbols: Symbols) -> Iterator[Content]:
    """Yield one line, or two if the name and the action do not fit side by side."""
    mark = _mark(row.action)
    sign = f"{symbols.mark(mark)} {row.action:{_ACTION_WIDTH}}"
    place = f"line {row.line:<4}" if row.line else ""
    name = f"{row.name:{name_width}}"
    head = (MARGIN, (sign, mark.style), "  ", (place, "$quiet"), "  ", (name, "bold"))
    text, lead = summary(row), " " * len(sign)
    line = Content.assemble(*head, "  ", text)
    if line.cell_length <= width - len(MARGIN):
        yield line
    else:
        yield Content.assemble(*head)
        yield from item(lead, text, width)
    for warning in warnings(row):
        yield from item(lead, f"check {warning}", width, Mark.WARNING.style)
