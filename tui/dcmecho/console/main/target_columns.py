"""What a wide target list shows beside the names, and what a narrow one cuts. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from dcmecho.console.runs.state.record import Record
from dcmecho.console.symbols import Symbols
from dcmecho.diagnosis.conclusion.clock import time_or_day
from dcmecho.diagnosis.conclusion.course import MOST_RECENT
from dcmecho.diagnosis.duration import duration
from dcmecho.diagnosis.target.target import Target

STATE_WIDTH = 12
"""Cells that most states need."""

ROOMY_STATE_WIDTH = len("Verification 8 h")
"""Cells that most states need with their age."""

_GAP = 2
_LEAST_STATE = 4
"""With fewer cells than this, the state is left out: its sign remains."""
_MOST_ADDRESS = 40


class Columns(NamedTuple):
    """The cells of each column; a column of 0 cells is not shown."""

    name: int
    address: int = 0
    called_ae: int = 0
    last: int = 0
    last_ok: int = 0
    echo: int = 0
    trend: int = 0

    @classmethod
    def of(cls, names: Iterable[str], targets: Iterable[Target]) -> Columns:
        """Return the columns that show these targets in full."""
        shown = list(targets)
        name = max(map(len, names), default=0)
        if not shown:
            return cls(name)
        return cls(
            name,
            min(_MOST_ADDRESS, max(len(address(each)) for each in shown)),
            max(len("AE title"), *(len(each.called_ae) for each in shown)),
            last=len("00:00"),
            last_ok=len(LABELS.last_ok),
            echo=len("1234 ms"),
            trend=MOST_RECENT,
        )

    @property
    def width(self) -> int:
        """The cells of all columns and of the gaps between them."""
        return self.name + sum(_GAP + width for width in self[1:] if width)

    def within(self, room: int) -> Columns:
        """Return the first columns that fit into ``room`` cells; the name always stays."""
        shown = Columns(self.name)
        for column in self._fields[1:]:
            wider = shown._replace(**{column: getattr(self, column)})
            if wider.width > room:
                break
            shown = wider
        return shown


class Cells(NamedTuple):
    """The texts of a row in the columns after the name."""

    address: str = ""
    called_ae: str = ""
    last: str = ""
    last_ok: str = ""
    echo: str = ""
    trend: str = ""

    def within(self, columns: Columns) -> Iterator[str]:
        """Yield the text of each column, with the gap before it."""
        for text, width in zip(self, columns[1:], strict=True):
            yield " " * _GAP + _fitted(text, width) if width else ""


LABELS = Cells("address", "AE title", "last", "last ok", "C-ECHO", "trend")
"""The head of the columns."""


def address(target: Target) -> str:
    """Return host and port as the list shows them."""
    return f"{target.host}:{target.port}"


def cells(target: Target | None, record: Record, now: datetime, symbols: Symbols) -> Cells:
    """Return what is known of a target, for the columns after its name."""
    at, course = record.checked_at, record.course
    took = next((each for each in reversed(course.recent) if each is not None), None)
    return Cells(
        address(target) if target else "",
        target.called_ae if target else "",
        time_or_day(at, now) if at else "",
        time_or_day(course.last_ok, now) if course.last_ok else "",
        duration(took) if took else "",
        symbols.spark(course.recent, MOST_RECENT),
    )


def shortened(state: str, room: int) -> str:
    """Return as much of a state as there is room for after the whole name."""
    if len(state) <= room:
        return state
    return f"{state[: room - 1]}…" if room >= _LEAST_STATE else ""


def _fitted(text: str, width: int) -> str:
    return text.ljust(width) if len(text) <= width else f"{text[: width - 1]}…"
