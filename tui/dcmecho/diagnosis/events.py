"""What a running diagnosis tells, in the order it happens.

Console, log view, JSON lines and the saved report are all made from these: there is no second
truth. Each carries its run's id, so that a listener can drop what a superseded run still says.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, assert_never

from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.rows import WordsEnum
from dcmecho.diagnosis.stage import StageId, StageResult
from dcmecho.diagnosis.target.target import Target

if TYPE_CHECKING:
    from dcmecho.diagnosis.services.model import ServicesResult


class Layer(StrEnum):
    """The layer a log line speaks of; the log view filters by it."""

    RUN = "run"
    NAME = "name"
    TCP = "tcp"
    TLS = "tls"
    ACSE = "acse"
    """A-ASSOCIATE, A-RELEASE and A-ABORT PDUs (PS3.8 9.3)."""
    DIMSE = "dimse"
    """P-DATA-TF PDUs and the commands in them (PS3.7 9.3)."""


class Direction(WordsEnum):
    """Which way it went; ``LOCAL`` is a note of our own."""

    SENT = "sent", "sent by us"
    RECEIVED = "received", "received from the peer"
    LOCAL = "local", "a note of dcmecho"

    @property
    def arrow(self) -> str:
        """A sign of ASCII for it."""
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
    """One thing said or seen, for the log view.

    ``text`` is one printable line, ``details`` further printable lines, ``raw`` the bytes on the
    wire (empty for notes; capped at 64 KiB).
    """

    run_id: str
    stage: StageId
    at_ms: float
    layer: Layer
    direction: Direction
    text: str
    details: tuple[str, ...] = ()
    raw: bytes = b""


class RunFinished(NamedTuple):
    """The last event of a run."""

    run_id: str
    report: Report


class ServicesProgressed(NamedTuple):
    """A survey of services begins its next association. ``at`` is aware, UTC.

    ``doing`` says in words what is sent; ``result`` what is known until now.
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
"""Takes an event. Called on the run's thread: append and return."""
