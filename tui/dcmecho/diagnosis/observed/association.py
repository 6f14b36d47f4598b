"""One association that we did not make: what a text or a capture tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from dcmecho.diagnosis.cause import Cause, CauseId
from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.events import LogLine
from dcmecho.diagnosis.report import Report

UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""``Report.started`` of an association whose time is not known; never to be shown."""

UNKNOWN_PORT = 0
"""``Target.port`` where it is not known; never to be shown. Unknown hosts and titles are empty."""

C_ECHO = "C-ECHO"

ObservedCause = Cause[CauseId] | Cause[FindingId]
"""A cause at any command: those of commands other than C-ECHO have ids of findings."""


class EndedBy(StrEnum):
    """Who sent the first rejection, abort, release request, alert, FIN or RST."""

    CLIENT = "client"
    SERVER = "server"
    NETWORK = "network"
    UNKNOWN = "unknown"


class NextKind(StrEnum):
    """Where what is left open can be settled."""

    COMMAND = "command"
    """A command to run here."""
    OTHER_LOG = "other-log"
    """A line to look for in the log of the other side."""
    PASTE = "paste"
    """More of the text: what to paste."""


class NextStep(NamedTuple):
    """The one thing that splits what is left."""

    kind: NextKind
    text: str
    """In words, printable; of a command why to run it."""
    command: str = ""
    """The command line with its values filled in, printable; empty unless there is one."""


class Alike(NamedTuple):
    """How many associations failed alike, this one among them."""

    times: int = 1
    since: datetime | None = None
    """When the first of them was, aware; ``None`` if that is not known."""
    until: datetime | None = None
    callers: tuple[str, ...] = ()
    """The calling titles of all of them, printable, without repeating one; bounded."""


ALONE = Alike()


@dataclass(frozen=True, slots=True)
class ObservedAssociation:
    """A report on an association that others made, and what only an observer can say of it.

    Its stage is ``StageId.SERVICE`` for a command other than C-ECHO; ``service`` tells which.
    ``report.not_proven`` has what the text, or the capture at its place, cannot tell.
    """

    report: Report
    """Its ``causes`` are the ones with a ``CauseId``, in their order; ``causes`` has all."""
    causes: tuple[ObservedCause, ...] = ()
    service: str = C_ECHO
    """The command: ``C-ECHO``, ``C-STORE``, ``C-FIND``, ``C-MOVE``, ``C-GET`` ...; or empty."""
    client: str = ""
    """``address:port`` of who opened the connection, printable; or empty."""
    server: str = ""
    """``address:port`` of the other side, printable; or empty."""
    ended_by: EndedBy = EndedBy.UNKNOWN
    alike: Alike = ALONE
    next_step: NextStep | None = None
    sub_of: int | None = None
    """Of the sub-association of a C-MOVE in a capture: the place of that C-MOVE in the list."""

    same_as: int | None = None
    """Of an association that a capture has twice, the place of the first in the list."""
    log: tuple[LogLine, ...] = ()
    """What passed, of a capture that was read with its log; ``SENT`` is what the client sent."""

    @property
    def is_time_known(self) -> bool:
        """Report whether ``report.started`` is a time."""
        return self.report.started != UNKNOWN_TIME
