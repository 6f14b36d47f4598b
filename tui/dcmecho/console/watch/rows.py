"""The rows of the watch: one per target with its figures, and one per change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from textual.content import Content

from dcmecho.console.symbols import Mark, Symbols, verdict_mark
from dcmecho.console.wrapping import item, paragraph
from dcmecho.diagnosis.conclusion.clock import day_and_time, time_of_day
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.diagnosis.watch.changes import Change, ChangeKind
from dcmecho.diagnosis.watch.record import StageTimes
from dcmecho.diagnosis.watch.sample import Sample
from dcmecho.diagnosis.watch.watch import Changed, Watched, WatchState

WIDE = 100
"""Cells from which on a table has room for long sparklines."""

_MARGIN = 2
"""Cells of the cursor, at the left of each row."""
_WORD_WIDTH = max(len(stage.row.failure) for stage in StageId) + 1
_NUMBER_WIDTH = 7
_LOSS_WIDTH = 6
_NEXT_WIDTH = 9
_LEAST_NAME_WIDTH = 8
_ASSOCIATION = "assoc"
"""The column of the last time of the association."""
_NUMBERS = ("last", "min", "med", "p95", "jit", _ASSOCIATION)
_NARROW_NUMBERS = ("last", "med", "p95")
"""The figures of a narrow table."""
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Columns:
    """The widths of name, sparkline, each figure and time of the next check, in cells.

    A narrow table has fewer figures. The next check of the chosen target is shown below it.
    """

    name: int
    spark: int
    number: int
    numbers: tuple[str, ...]
    next: int

    @classmethod
    def of(cls, width: int, symbols: Symbols) -> Columns:
        """Return the columns of a table of ``width`` cells."""
        is_wide = width >= WIDE
        spark, number = (24, _NUMBER_WIDTH) if is_wide else (8, _NUMBER_WIDTH - 1)
        if not symbols.sparks:
            spark = 0
        numbers, upcoming = (_NUMBERS, _NEXT_WIDTH) if is_wide else (_NARROW_NUMBERS, 0)
        fixed = _MARGIN + symbols.width + 1 + _WORD_WIDTH + spark + 1
        fixed += len(numbers) * number + _LOSS_WIDTH + upcoming + 1
        return cls(max(_LEAST_NAME_WIDTH, width - fixed), spark, number, numbers, upcoming)


def head(width: int, symbols: Symbols) -> Content:
    """Return the line above the table."""
    columns = Columns.of(width, symbols)
    state = " " * _MARGIN + "state".ljust(symbols.width + 1 + _WORD_WIDTH)
    numbers = "".join(name.rjust(columns.number) for name in columns.numbers)
    times = ("C-ECHO ms" if columns.spark > len("C-ECHO ms") else "ms")[: columns.spark]
    text = (
        f"{state}{'name':{columns.name}} {times:>{columns.spark}} {numbers}{'loss':>{_LOSS_WIDTH}}"
    )
    text += "next".rjust(columns.next) if columns.next else ""
    return Content.styled(text, "$quiet")


def rows(watched: Sequence[Watched], width: int, symbols: Symbols) -> Iterator[Content]:
    """Yield one line per target for a table of ``width`` cells, without the cursor."""
    columns = Columns.of(width, symbols)
    for each in watched:
        yield _row(each, columns, symbols)


def _row(watched: Watched, columns: Columns, symbols: Symbols) -> Content:
    mark = mark_of(watched)
    figures = watched.figures
    loss = "" if figures.loss_percent is None else f"{figures.loss_percent:.0f} %"
    upcoming = _next(watched).rjust(columns.next) if columns.next else ""
    name, word = fitted(watched.target.name, columns.name), _word(watched.last or watched.known)
    return Content.assemble(
        (f"{symbols.mark(mark)} {word}", mark.style if watched.last else "$quiet"),
        " " * (_WORD_WIDTH - len(word)),
        f"{name} ",
        *_times(StageTimes(figures, watched.recent), columns, symbols, _association_ms(watched)),
        " " * (_LOSS_WIDTH - len(loss)),
        (loss, "$tone-warning" if figures.loss_percent else "$foreground"),
        (upcoming, "$quiet"),
    )


def _association_ms(watched: Watched) -> float | None:
    times = watched.before_echo.get(StageId.ASSOCIATE)
    return times.figures.last_ms if times else None


def _times(
    times: StageTimes, columns: Columns, symbols: Symbols, association_ms: float | None = None
) -> tuple[tuple[str, str], str]:
    """Return the sparkline and the figures of one stage."""
    figures = times.figures
    values = {
        "last": figures.last_ms,
        "min": figures.min_ms,
        "med": figures.median_ms,
        "p95": figures.p95_ms,
        "jit": figures.jitter_ms,
        _ASSOCIATION: association_ms,
    }
    shown = "".join(number(values[name]).rjust(columns.number) for name in columns.numbers)
    bars = symbols.spark(times.recent[-columns.spark :], columns.spark)
    return (bars, "$tone-active"), f" {shown}"


def times_before_echo(watched: Watched, width: int, symbols: Symbols) -> Content:
    """Return the times of TLS and association, a line each, in the columns of the table."""
    columns = Columns.of(width, symbols)
    columns = replace(columns, numbers=tuple(n for n in columns.numbers if n != _ASSOCIATION))
    indent = " " * (_MARGIN + symbols.width + 1 + _WORD_WIDTH)
    lines = (
        Content.assemble(
            (f"{indent}{stage.row.label:{columns.name}} ", "$quiet"),
            *_times(times, columns, symbols),
        )
        for stage, times in watched.before_echo.items()
    )
    return Content("\n").join(lines)


def verdict_row(watched: Watched, width: int, symbols: Symbols) -> Content:
    """Return the last result of a target in one line, and below a narrow table the next time."""
    name = (f" {watched.target.name}", "bold")
    lead = "  next " if watched.next_at else "  "
    upcoming = "" if Columns.of(width, symbols).next else f"{lead}{_next(watched)}"
    last = watched.last
    if last is None:
        known = _known(watched.known) if watched.known else ""
        return Content.assemble(name, (upcoming, "$quiet"), f"  not checked yet{known}")
    mark = mark_of(watched)
    place = "" if last.echo_ms is not None or last.is_forbidden else f"{last.stage.row.label}: "
    return Content.assemble(
        name,
        "  ",
        (f"{symbols.mark(mark)} {mark.word if last.is_forbidden else last.status}", mark.style),
        (upcoming, "$quiet"),
        f"  {place}{last.title}",
    )


def _known(known: Sample) -> str:
    place = "" if known.echo_ms is not None else f" at {known.stage.row.label}"
    return f"; it was {known.status}{place} when last checked, {day_and_time(known.at)}"


def _next(watched: Watched) -> str:
    return time_of_day(watched.next_at) if watched.next_at else "ended"


def mark_of(watched: Watched) -> Mark:
    """Return the mark of the last sample; before the first one that of what was known."""
    last = watched.last or watched.known
    if last is None:
        return Mark.NOT_RUN
    return Mark.SKIPPED if last.is_forbidden else verdict_mark(last.status)


def _word(last: Sample | None) -> str:
    if last is None:
        return "not yet"
    if last.is_forbidden:
        return Mark.SKIPPED.word
    if last.status is VerdictStatus.FAILED:
        return last.stage.row.failure
    return last.status.value


def fitted(text: str, width: int) -> str:
    """Return ``text`` cut or padded to ``width``."""
    return text.ljust(width) if len(text) <= width else text[: width - 1] + _CUT


def number(value_ms: float | None) -> str:
    """Return a time without its unit: ``0.9``, ``120``."""
    if value_ms is None:
        return "-"
    return f"{value_ms:.1f}" if value_ms < 100 else f"{value_ms:.0f}"


def change_rows(state: WatchState, width: int, symbols: Symbols) -> Iterator[Content]:
    """Yield the changes, newest first."""
    if not state.changes:
        yield from paragraph("No changes yet.", width, "$quiet")
    for changed in reversed(state.changes):
        yield from _change(changed, width, symbols)
    if state.dropped_changes:
        older = count(state.dropped_changes, "older change")
        text = f"{older} not kept. dcmecho watch --log keeps all."
        yield from paragraph(text, width, "$quiet")


def _change(changed: Changed, width: int, symbols: Symbols) -> Iterator[Content]:
    change = changed.change
    name = changed.target.name if changed.target else "this machine"
    mark = _mark_of_change(change)
    lead = f"{day_and_time(change.at)}  {symbols.mark(mark)} "
    return item(lead, f"{name}: {change.text}", width, lead_style=mark.style)


def _mark_of_change(change: Change) -> Mark:
    """Return the verdict's mark if the verdict changed; a peer can be slow and still OK."""
    if change.kind is ChangeKind.VERDICT and change.status is not None:
        return verdict_mark(change.status)
    return Mark.WARNING if change.kind is ChangeKind.LATENCY else Mark.NOT_RUN
