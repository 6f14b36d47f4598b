"""The parts of a page, which both the plain report and the console can show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from dcmecho.diagnosis.cause import Cause, Confidence


class Tone(Enum):
    """The role of a text. The console turns it into a style; plain text ignores it."""

    PLAIN = auto()
    STRONG = auto()
    QUIET = auto()
    HEADING = auto()
    ACTIVE = auto()
    GOOD = auto()
    WARNING = auto()
    BAD = auto()


class StepState(Enum):
    """The state of a step, with its sign in plain text."""

    PASSED = "ok"
    FAILED = "FAIL"
    RUNNING = ".."
    UNKNOWN = "?"
    NOT_REACHED = "--"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: one line above other parts."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Item:
    """A paragraph with a hanging indent beside a short ``lead``."""

    lead: str
    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Bullet:
    """One sentence of a list."""

    text: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The meaning of an answer.

    ``state`` is ``None`` for an answer that is neither good nor bad. The console omits the summary
    of a running request because it shows elsewhere what is running.
    """

    text: str
    state: StepState | None = None
    elapsed_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of several, and its result."""

    state: StepState
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class SentRequest:
    """One request of a series."""

    text: str


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures that support a summary."""

    text: str


@dataclass(frozen=True, slots=True)
class Explained:
    """A cause with its explanation and actions; if not ``whole``, only the first action."""

    cause: Cause[StrEnum]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Lines to show unchanged."""

    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """An empty line."""


Said = Summary | Step | SentRequest | Measured | Explained
"""The parts that report an answer."""

Part = Heading | Text | Item | Bullet | Verbatim | Gap | Said


BEHIND = "What can be behind it:"


def causes_heading(causes: Sequence[Cause[StrEnum]]) -> str:
    """Return the heading of a list of causes: it says if what is proven is only a symptom."""
    first = causes[0]
    if first.confidence is not Confidence.PROVEN:
        return "Possible causes"
    return "Symptom, and what can be behind it" if first.is_symptom else "Cause"


def bullets(title: str, sentences: Iterable[str]) -> Iterator[Part]:
    """Yield an empty line, a heading and its sentences; nothing if there are no sentences."""
    for number, sentence in enumerate(sentences):
        if number == 0:
            yield Gap()
            yield Heading(title)
        yield Bullet(sentence)
