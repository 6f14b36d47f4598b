"""The parts of a page as lines of a pane."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import assert_never

from textual.content import Content

from dcmecho.console.symbols import Mark, Symbols, style_of
from dcmecho.console.words import confidence_style
from dcmecho.console.wrapping import MARGIN, item, paragraph
from dcmecho.diagnosis.cause import Cause
from dcmecho.diagnosis.duration import duration
from dcmecho.diagnosis.sanitize import PARAGRAPH, printable
from dcmecho.report.page import (
    Bullet,
    Explained,
    Gap,
    Heading,
    Item,
    Measured,
    Part,
    SentRequest,
    Step,
    StepState,
    Summary,
    Text,
    Tone,
    Verbatim,
)


def rows_of(parts: Iterable[Part], width: int, symbols: Symbols) -> Iterator[Content]:
    """Yield the lines of a page, ``width`` cells wide."""
    for part in parts:
        yield from _rows(part, width, symbols)


def _rows(part: Part, width: int, symbols: Symbols) -> Iterable[Content]:
    match part:
        case Heading(text):
            return (Content.styled(f"{MARGIN}{printable(text)}", style_of(Tone.HEADING)),)
        case Text(text, tone):
            return paragraph(text, width, style_of(tone))
        case Item(lead, text, tone):
            return item(lead, text, width, style_of(tone))
        case Bullet(text):
            return item(symbols.bullet, text, width, style_of(Tone.PLAIN))
        case Summary():
            return _summary(part, width, symbols)
        case Step(state, name, text):
            mark = _mark(state)
            style = style_of(Tone.PLAIN)
            return item(symbols.mark(mark), f"{name}: {text}", width, style, mark.style)
        case SentRequest(text) | Measured(text):
            return paragraph(text.strip(), width, style_of(Tone.QUIET))
        case Explained(cause):
            return _cause(cause, width)
        case Verbatim(text):
            return (Content(f" {printable(line, PARAGRAPH)}") for line in text.splitlines())
        case Gap():
            return (Content(),)
        case _:
            assert_never(part)


def _summary(part: Summary, width: int, symbols: Symbols) -> Iterable[Content]:
    if part.state is StepState.RUNNING:
        return ()
    if part.state is None:
        took = "" if part.elapsed_ms is None else f" ({duration(part.elapsed_ms)})"
        return paragraph(part.text + took, width, style_of(Tone.PLAIN))
    mark = _mark(part.state)
    text = f"{mark.word}: {part.text}"
    return item(symbols.mark(mark), text, width, style_of(Tone.STRONG), mark.style)


def _mark(state: StepState) -> Mark:
    match state:
        case StepState.PASSED:
            return Mark.OK
        case StepState.FAILED:
            return Mark.FAILED
        case StepState.RUNNING:
            return Mark.RUNNING
        case StepState.UNKNOWN:
            return Mark.NOT_RUN
        case StepState.NOT_REACHED:
            return Mark.NOT_REACHED
        case _:
            assert_never(state)


def _cause(cause: Cause[StrEnum], width: int) -> Iterator[Content]:
    title = f"{cause.title}  ({cause.who.short})"
    style = confidence_style(cause.confidence)
    yield from item(cause.confidence.value, title, width, style_of(Tone.STRONG), style)
    yield from paragraph(cause.explanation, width, style_of(Tone.PLAIN))
    for number, action in enumerate(cause.actions, start=1):
        yield from item(str(number), action, width, style_of(Tone.PLAIN))
    for hint in cause.where:
        yield from item(hint.product.label, hint.text, width, style_of(Tone.PLAIN))
