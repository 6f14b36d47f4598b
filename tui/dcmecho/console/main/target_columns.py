"""What a wide target list shows beside the names, and what a narrow one cuts. No I/O."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from dcmecho.diagnosis.conclusion.clock import time_or_day
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.target.target import Target

STATE_WIDTH = 12
"""Cells that most states need."""

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

    @classmethod
    def of(cls, names: Iterable[str], targets: Iterable[Target]) -> Columns:
        """Return the columns that show these targets in full."""
        shown = list(targets)
        if not shown:
            return cls(max(map(len, names), default=0))
        return cls(
            max(map(len, names), default=0),
            min(_MOST_ADDRESS, max(len(address(each)) for each in shown)),
            max(len(each.called_ae) for each in shown),
            len("00:00"),
        )

    @property
    def width(self) -> int:
        """The cells of all columns and of the gaps between them."""
        return self.name + sum(_GAP + width for width in self[1:] if width)

    def within(self, room: int) -> Columns:
        """Return the first columns that fit into ``room`` cells; the name always stays."""
        shown = Columns(self.name)
        for column in ("address", "called_ae", "last"):
            wider = shown._replace(**{column: getattr(self, column)})
            if wider.width > room:
                break
            shown = wider
        return shown


def address(target: Target) -> str:
    """Return host and port as the list shows them."""
    return f"{target.host}:{target.port}"


def cells(columns: Columns, target: Target | None, report: Report | None, now: datetime) -> str:
    """Return the columns after the name, as one text."""
    last = time_or_day(report.started, now) if report else ""
    texts = (address(target), target.called_ae) if target else ("", "")
    every = zip((*texts, last), columns[1:], strict=True)
    return "".join(" " * _GAP + _fitted(text, width) for text, width in every if width)


def shortened(state: str, room: int) -> str:
    """Return as much of a state as there is room for after the whole name."""
    if len(state) <= room:
        return state
    return f"{state[: room - 1]}…" if room >= _LEAST_STATE else ""


def _fitted(text: str, width: int) -> str:
    return text.ljust(width) if len(text) <= width else f"{text[: width - 1]}…"
