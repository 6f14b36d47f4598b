"""The events of a running check, in the order they happen.

Console, log view, JSON lines and the saved report are all made from these events. Each event has
the id of its run, so a receiver can drop those of a run that was replaced.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import Enum, StrEnum, auto
from typing import TYPE_CHECKING, NamedTuple, assert_never

from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.rows import WordsEnum
from dcmecho.diagnosis.stage import StageId, StageResult
from dcmecho.diagnosis.target.target import Target

if TYPE_CHECKING:
    from dcmecho.diagnosis.services.model import ServicesResult


class LogLayer(StrEnum):
    """The layer that a log line is about; the log view filters by it."""

    RUN = "run"
    NAME = "name"
    TCP = "tcp"
    TLS = "tls"
    ACSE = "acse"
    """A-ASSOCIATE, A-RELEASE and A-ABORT PDUs (PS3.8 9.3)."""
    DIMSE = "dimse"
    """P-DATA-TF PDUs and the commands in them (PS3.7 9.3)."""


class Direction(WordsEnum):
    """The direction of a log line; ``LOCAL`` is a note by dcmecho."""

    SENT = "sent", "sent by dcmecho"
    RECEIVED = "received", "received from the peer"
    LOCAL = "local", "a note by dcmecho"

    @property
    def arrow(self) -> str:
        """Return an ASCII sign for it."""
        match self:
            case Direction.SENT:
                return ">"
            case Direction.RECEIVED:
                return "<"
            case Direction.LOCAL:
                return " "
            case _:
                assert_never(self)


class RunStarted(NamedTuple):
    """The first event of a run. ``at`` is aware, UTC."""

    run_id: str
    at: datetime
    target: Target


class StageStarted(NamedTuple):
    """A stage began. ``at_ms`` counts from the start of the run."""

    run_id: str
    stage: StageId
    at_ms: float


class StageFinished(NamedTuple):
    """A stage ended, or was marked as not reached."""

    run_id: str
    result: StageResult


class LogLine(NamedTuple):
    """One line of the log view.

    ``text`` is one printable line, ``details`` are more printable lines, ``raw`` is the bytes on
    the wire (empty for notes; at most 64 KiB).
    """

    run_id: str
    stage: StageId
    at_ms: float
    layer: LogLayer
    direction: Direction
    text: str
    details: tuple[str, ...] = ()
    raw: bytes = b""


class RunFinished(NamedTuple):
    """The last event of a run."""

    run_id: str
    report: Report


class ServicesProgressed(NamedTuple):
    """A survey of services began its next association. ``at`` is aware, UTC.

    ``doing`` describes what is sent; ``result`` is what is known so far.
    """

    run_id: str
    at: datetime
    doing: str
    result: ServicesResult


class ServicesFinished(NamedTuple):
    """The last event of a survey of services."""

    run_id: str
    result: ServicesResult


Event = (
    RunStarted
    | StageStarted
    | StageFinished
    | LogLine
    | RunFinished
    | ServicesProgressed
    | ServicesFinished
)

Emit = Callable[[Event], None]
"""Takes an event. Called on the run's thread, so it must return at once."""


class Detail(Enum):
    """The events that somebody wants of a run. The others are not made."""

    REPORT = auto()
    """The last event, with the report, and for whom the run waits."""
    STEPS = auto()
    """The stages too."""
    LOG = auto()
    """Every event."""
