"""A page of parts: made once for a feature, for a plain report and for the console."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from dcmecho.diagnosis.cause import Cause


class Tone(Enum):
    """What a text is to the reader. Plain text leaves it out; the console makes a style of it."""

    PLAIN = auto()
    STRONG = auto()
    QUIET = auto()
    HEADING = auto()
    ACTIVE = auto()
    GOOD = auto()
    WARNING = auto()
    BAD = auto()


class StepState(Enum):
    """How far a step came, with its sign in plain text."""

    PASSED = "ok"
    FAILED = "FAIL"
    RUNNING = ".."
    UNKNOWN = "?"
    NOT_REACHED = "--"


@dataclass(frozen=True, slots=True)
class Heading:
    """A line above other parts."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Item:
    """A paragraph that hangs beside a lead."""

    lead: str
    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Bullet:
    """One of several sentences."""

    text: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What an answer means.

    ``state`` is ``None`` for an answer that is neither good nor bad. While it is running, the
    console leaves the summary out: it shows what is running anyway.
    """

    text: str
    state: StepState | None = None
    elapsed_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of several, and what was seen of it."""

    state: StepState
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a series."""

    text: str


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures that support a summary."""

    text: str


@dataclass(frozen=True, slots=True)
class Explained:
    """A cause, with its explanation and what to do; not ``whole``: only what to do first."""

    cause: Cause[StrEnum]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Lines to be shown as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """An empty line."""


Said = Summary | Step | Request | Measured | Explained
"""What is said of an answer."""

Part = Heading | Text | Item | Bullet | Verbatim | Gap | Said


def bullets(title: str, sentences: Iterable[str]) -> Iterator[Part]:
    """An empty line, a heading and its sentences; nothing without a sentence."""
    for number, sentence in enumerate(sentences):
        if number == 0:
            yield Gap()
            yield Heading(title)
        yield Bullet(sentence)
