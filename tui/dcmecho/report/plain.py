"""The parts of a page as plain text for a terminal, mail or ticket, 78 columns at most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import assert_never

from dcmecho.diagnosis.cause import Cause
from dcmecho.diagnosis.sanitize import PARAGRAPH, printable
from dcmecho.report.page import (
    BEHIND,
    Bullet,
    Explained,
    Gap,
    Heading,
    Item,
    Measured,
    Part,
    SentRequest,
    Step,
    Summary,
    Text,
    Verbatim,
)
from dcmecho.report.wrapping import wrap

_STEP_WIDTH = 12
_CAUSE_INDENT = 12


def plain_lines(parts: Iterable[Part]) -> Iterator[str]:
    """Yield the lines of a page."""
    for part in parts:
        yield from _lines(part)


def _lines(part: Part) -> Iterable[str]:
    match part:
        case Heading(text):
            return (printable(text),)
        case Text(text) | Summary(text):
            return _hanging("  ", text, 2)
        case Item(lead, text):
            return _hanging(f"    {lead} ", text)
        case Bullet(text):
            return _hanging("  - ", text)
        case Step(state, name, text):
            return _hanging(f"  {state.value:<4}  {name:<{_STEP_WIDTH}}  ", text)
        case SentRequest(text):
            return _hanging("  ", text, 8)
        case Measured(text):
            return _hanging("    ", text, 6)
        case Explained(cause, whole):
            return _cause(cause, whole=whole)
        case Verbatim(text):
            return (printable(line, PARAGRAPH) for line in text.splitlines())
        case Gap():
            return ("",)
        case _:
            assert_never(part)


def _hanging(lead: str, text: str, indent: int | None = None) -> list[str]:
    others = len(lead) if indent is None else indent
    return wrap(printable(text, PARAGRAPH), lead, " " * others)


def _cause(cause: Cause[StrEnum], *, whole: bool) -> Iterator[str]:
    lead = " " * _CAUSE_INDENT
    who = "" if whole and cause.is_symptom else f"  ({cause.who.words})"
    yield from _hanging("  ", f"{cause.confidence:8}  {cause.title}{who}", _CAUSE_INDENT)
    if whole and cause.is_symptom:
        yield f"{lead}{BEHIND}"
        for each in cause.behind:
            yield from _hanging(f"{lead}  - ", f"{each.text}  ({each.who.words})")
    if whole:
        yield from _hanging(lead, cause.explanation)
    for action in cause.actions if whole else cause.actions[:1]:
        yield from _hanging(" " * (_CAUSE_INDENT - 2) + "- ", action)
    if whole:
        for hint in cause.where:
            yield from _hanging(lead, str(hint), _CAUSE_INDENT + 2)
        yield from _hanging(lead, f"[{cause.reference}]")
