"""What one conversation said, noted while its bytes come; judged at its end."""

from __future__ import annotations

from typing import NamedTuple

from dcmecho.capture.conversation import Seen, Way
from dcmecho.diagnosis.network.association import Abort, Rejection
from dcmecho.dicom.pdu.commands import DimseCommand
from dcmecho.dicom.pdu.read import Associate
from dcmecho.standard.command_fields import RESPONSE

MOST_FOREIGN_BYTES = 512
_MOST_EARLY = 64
_MOST_OPEN = 64


class Partial(NamedTuple):
    """A PDU of which only the beginning is in the capture."""

    way: Way
    kind: int
    data: bytes
    seen: Seen
    claimed: int | None


class Asked(NamedTuple):
    """A command, and what was answered."""

    command: DimseCommand
    way: Way
    seen: Seen
    answer: DimseCommand | None = None
    answered: Seen | None = None
    answered_another: bool = False
    """An answer came, but to another message."""


class Noted(NamedTuple):
    """A PDU without content: a release request, or its answer."""

    way: Way
    seen: Seen


class Trace:
    """The facts of one conversation."""

    __slots__ = (
        "_early", "_open", "aborts", "acceptance", "accepted", "answers", "commands", "datasets",
        "failed",
        "foreign", "last", "malformed", "orphan", "partials", "pdus", "rejected", "rejection",
        "release_answer", "release_request", "request", "request_bytes", "requested",
    )  # fmt: skip

    def __init__(self) -> None:
        """Begin with nothing."""
        self.request: Associate | None = None
        self.requested: Seen | None = None
        self.request_bytes = 0
        """Of the whole request, which is the first that a client sends."""
        self.acceptance: Associate | None = None
        self.accepted: Seen | None = None
        self.rejection: Rejection | None = None
        self.rejected: Seen | None = None
        self.aborts: list[tuple[Noted, Abort | None]] = []
        self.release_request: Noted | None = None
        self.release_answer: Noted | None = None
        self.commands = 0
        self.answers = 0
        self.last: Asked | None = None
        self.failed: Asked | None = None
        """The first command that was answered with a failure."""
        self.orphan: DimseCommand | None = None
        """The last answer to a command that the capture does not have."""
        self._open: list[Asked] = []
        """Commands without a final answer, the oldest first."""
        self._early: list[tuple[Seen, DimseCommand]] = []
        self.datasets: dict[Way, bool] = {}
        """By direction whether its last dataset is whole."""
        self.partials: list[Partial] = []
        self.malformed: list[Noted] = []
        self.foreign: dict[Way, bytes] = {}
        """By direction the beginning of what is neither DICOM nor TLS."""
        self.pdus: dict[Way, int] = dict.fromkeys(Way, 0)

    def add_foreign(self, way: Way, data: bytes) -> None:
        """Note bytes that are not DICOM."""
        self.foreign[way] = (self.foreign.get(way, b"") + data)[:MOST_FOREIGN_BYTES]

    def add_command(self, way: Way, seen: Seen, command: DimseCommand) -> None:
        """Note a command or an answer."""
        if command.field is None or command.field & RESPONSE:
            self._answer(way, seen, command)
            return
        if command.field == _CANCEL:
            return
        self.commands += 1
        self.last = Asked(command, way, seen)
        self._open.append(self.last)
        del self._open[:-_MOST_OPEN]
        if command.has_dataset:
            self.datasets[way] = False
        for answered, answer in tuple(self._early):
            if answered.frame > seen.frame and answer.responds_to == command.message_id:
                self._match(self.last, answered, answer)

    def _answer(self, way: Way, seen: Seen, command: DimseCommand) -> None:
        self.answers += 1
        last = self.last
        for asked in reversed(self._open):
            if asked.way is not way and asked.command.message_id == command.responds_to:
                self._match(asked, seen, command)
                return
        # Of two directions with a hole in one, the answer can be there before its command.
        self._early.append((seen, command))
        del self._early[:-_MOST_EARLY]
        self.orphan = command
        if last is not None and not is_final(last.answer):
            self.last = last._replace(answered_another=True)

    def _match(self, asked: Asked, seen: Seen, answer: DimseCommand) -> None:
        matched = asked._replace(answer=answer, answered=seen)
        if is_final(answer):
            self._open = [each for each in self._open if each.command is not asked.command]
        # A C-GET has C-STOREs of the other side in it, and waits longer than they do.
        waiting = [each for each in self._open if each.way is not asked.way]
        self.last = waiting[-1] if waiting and is_final(answer) else matched
        if self.failed is None and is_failure(answer):
            self.failed = matched


_CANCEL = 0x0FFF
_PENDING = (0xFF00, 0xFF01)
_WARNINGS = range(0xB000, 0xC000)


def is_failure(answer: DimseCommand) -> bool:
    """Whether an answer says that the command failed: neither success, warning nor pending."""
    status = answer.status
    if status is None or status in _PENDING or status == 0:
        return False
    counts = answer.sub_operations
    if status in _WARNINGS:
        return bool(counts.failed)
    return status not in _HARMLESS


_HARMLESS = (0x0001, 0x0107, 0x0116, 0xFE00)


def is_final(answer: DimseCommand | None) -> bool:
    """Whether no other answer to the same command is to come."""
    return answer is not None and answer.status not in _PENDING
