"""One page of the guide, and a choice on it."""

from __future__ import annotations

from dataclasses import dataclass

from dcmecho.console.guide.decisions import Decision
from dcmecho.console.symbols import Mark
from dcmecho.diagnosis.guide.walk import Ask
from dcmecho.report.page import Part


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice. ``key`` is the key that does the same, if there is one besides enter."""

    label: str
    decision: Decision
    key: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page. ``question`` asks for a value to be typed; ``handover`` is the message to send."""

    title: str
    parts: tuple[Part, ...]
    choices: tuple[Choice, ...]
    mark: Mark | None = None
    question: Ask | None = None
    handover: str = ""
