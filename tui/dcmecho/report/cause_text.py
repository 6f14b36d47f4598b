"""A cause as plain text: of a diagnosis, or of what was asked beyond it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from dcmecho.diagnosis.cause import Cause
from dcmecho.report.wrapping import wrap


def cause_lines(cause: Cause[StrEnum], *, whole: bool = True) -> Iterator[str]:
    """A cause in whole, or only its title and what to do first."""
    indent = " " * 12
    title = f"{cause.confidence:8}  {cause.title}  ({cause.who.words})"
    yield from wrap(title, "  ", indent)
    if whole:
        yield from wrap(cause.explanation, indent, indent)
    for action in cause.actions if whole else cause.actions[:1]:
        yield from wrap(action, " " * 10 + "- ", indent)
    if whole:
        for hint in cause.where:
            yield from wrap(str(hint), indent, indent + "  ")
        yield from wrap(f"[{cause.reference}]", indent, indent)
