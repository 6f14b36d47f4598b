"""The signs of the console: what a state looks like, in each of three sets of signs.

Every state has a symbol *and* a word; color only repeats what both already say.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType
from typing import assert_never

from dcmecho.diagnosis.events import Direction
from dcmecho.diagnosis.stage import Status
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.profiles.book.settings import Signs
from dcmecho.report.page import Tone


def style_of(tone: Tone) -> str:
    """A tone in the colours of the theme."""
    match tone:
        case Tone.PLAIN:
            return "$foreground"
        case Tone.STRONG:
            return "bold"
        case Tone.QUIET:
            return "$quiet"
        case Tone.HEADING:
            return "bold $accent"
        case Tone.ACTIVE:
            return "$tone-active"
        case Tone.GOOD:
            return "$tone-good"
        case Tone.WARNING:
            return "$tone-warning"
        case Tone.BAD:
            return "$tone-bad"
        case _:
            assert_never(tone)


class Mark(Enum):
    """A state that a stage, a run or a target can be in: its word and its tone."""

    OK = ("ok", Tone.GOOD)
    WARNING = ("warning", Tone.WARNING)
    FAILED = ("failed", Tone.BAD)
    ERROR = ("internal error", Tone.BAD)
    CANCELLED = ("cancelled", Tone.WARNING)
    SKIPPED = ("skipped", Tone.QUIET)
    NOT_REACHED = ("not reached", Tone.QUIET)
    NOT_RUN = ("not checked", Tone.QUIET)
    RUNNING = ("running", Tone.ACTIVE)
    WAITING = ("waiting", Tone.QUIET)
    BROKEN = ("broken", Tone.BAD)
    RULED_OUT = ("ruled out", Tone.QUIET)

    def __init__(self, word: str, tone: Tone) -> None:
        self.word = word
        self.tone = tone
        self.style = style_of(tone)


@dataclass(frozen=True, slots=True)
class Symbols:
    """One set of signs. ``width`` is the cells that every mark takes."""

    marks: MappingProxyType[Mark, str]
    directions: MappingProxyType[Direction, str]
    width: int
    cursor: str
    rule: str
    bullet: str
    space: str
    folded: str
    unfolded: str
    sparks: str
    """Bars from the lowest to the highest; empty if bars are not drawn."""
    lost: str
    """A missing bar: no answer."""
    tick: str
    """The sign for "yes" in a table, one cell wide."""

    def mark(self, mark: Mark) -> str:
        """Return the sign of a state, padded to ``width``."""
        return self.marks[mark].ljust(self.width)

    def spark(self, times_ms: Sequence[float | None], width: int) -> str:
        """Return the last times as bars from zero to the longest; lost samples have a sign."""
        if not width or not self.sparks:
            return " " * width
        longest = max((value for value in times_ms if value is not None), default=0.0) or 1.0
        bars = "".join(
            self.lost if value is None else _bar(value / longest, self.sparks) for value in times_ms
        )
        return bars.rjust(width)


def _bar(part: float, bars: str) -> str:
    return bars[max(0, math.ceil(part * len(bars)) - 1)]


UNICODE = Symbols(
    marks=MappingProxyType(
        {
            Mark.OK: "✔",
            Mark.WARNING: "▲",
            Mark.FAILED: "✘",
            Mark.ERROR: "✘",
            Mark.CANCELLED: "■",
            Mark.SKIPPED: "–",
            Mark.NOT_REACHED: "·",
            Mark.NOT_RUN: "·",
            Mark.RUNNING: "…",
            Mark.WAITING: "·",
            Mark.BROKEN: "✘",
            Mark.RULED_OUT: "×",
        }
    ),
    directions=MappingProxyType(
        {Direction.SENT: "→", Direction.RECEIVED: "←", Direction.LOCAL: "·"}
    ),
    width=1,
    cursor="▌",
    rule="─",
    bullet="•",
    space="·",
    folded="▸",
    unfolded="▾",
    sparks="▁▂▃▄▅▆▇█",
    lost="×",
    tick="✔",
)

WGL4 = replace(
    UNICODE,
    marks=MappingProxyType(
        {
            **UNICODE.marks,
            Mark.OK: "√",
            Mark.FAILED: "×",
            Mark.ERROR: "×",
            Mark.BROKEN: "×",
            Mark.RULED_OUT: "○",
        }
    ),
    folded="►",
    unfolded="▼",
    sparks="_▄█",
    tick="√",
)

ASCII = Symbols(
    marks=MappingProxyType(
        {
            Mark.OK: "[ok]",
            Mark.WARNING: "[??]",
            Mark.FAILED: "[!!]",
            Mark.ERROR: "[!!]",
            Mark.CANCELLED: "[xx]",
            Mark.SKIPPED: "[--]",
            Mark.NOT_REACHED: "[--]",
            Mark.NOT_RUN: "[--]",
            Mark.RUNNING: "[..]",
            Mark.WAITING: "[--]",
            Mark.BROKEN: "[!!]",
            Mark.RULED_OUT: "[no]",
        }
    ),
    directions=MappingProxyType(
        {Direction.SENT: ">", Direction.RECEIVED: "<", Direction.LOCAL: "."}
    ),
    width=4,
    cursor=">",
    rule="-",
    bullet="*",
    space="~",
    # With a space: +02:10:20 and -02:10:20 would be other times.
    folded="+ ",
    unfolded="- ",
    sparks="_.-=+*#@",
    lost="x",
    tick="+",
)


def symbols_of(signs: Signs) -> Symbols:
    """Return the signs of a set."""
    match signs:
        case Signs.UNICODE:
            return UNICODE
        case Signs.WGL4:
            return WGL4
        case Signs.ASCII:
            return ASCII
        case _:
            assert_never(signs)


def status_mark(status: Status) -> Mark:
    """Return the mark of a stage's status."""
    match status:
        case Status.PASSED:
            return Mark.OK
        case Status.WARNING:
            return Mark.WARNING
        case Status.FAILED:
            return Mark.FAILED
        case Status.SKIPPED:
            return Mark.SKIPPED
        case Status.NOT_REACHED:
            return Mark.NOT_REACHED
        case _:
            assert_never(status)


def verdict_mark(status: VerdictStatus) -> Mark:
    """Return the mark of a finished run."""
    match status:
        case VerdictStatus.OK:
            return Mark.OK
        case VerdictStatus.WARNING:
            return Mark.WARNING
        case VerdictStatus.FAILED:
            return Mark.FAILED
        case VerdictStatus.ERROR:
            return Mark.ERROR
        case VerdictStatus.CANCELLED:
            return Mark.CANCELLED
        case VerdictStatus.UNKNOWN:
            return Mark.SKIPPED
        case _:
            assert_never(status)
