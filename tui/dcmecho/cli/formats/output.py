"""What a command prints of its events and reports, piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from dcmecho.diagnosis.events import Event
from dcmecho.diagnosis.report import Report
from dcmecho.exit_codes import ExitCode, exit_code


class Completion(Enum):
    """How the work as a whole ended, whatever the reports say."""

    COMPLETE = auto()
    INTERRUPTED = auto()
    FAULT = auto()
    """dcmecho could not even make a report."""


class Output:
    """The text of one command in one format. What a method returns is printed at once.

    This one prints nothing and keeps the exit code; a format says what it prints.
    """

    prints_events = False
    """True where :meth:`event` prints anything, be it lines of the log: for others none is made."""

    def __init__(self) -> None:
        self._worst = ExitCode.OK

    def event(self, event: Event) -> str:
        """The text of an event, as it happens."""
        return ""

    def take(self, report: Report) -> str:
        """The text of a report that is complete. They come in the order of the targets."""
        self._worst = max(self._worst, exit_code(report))
        return self._text(report)

    def end(self, unchecked: int = 0, complaints: Sequence[str] = ()) -> str:
        """The text after the last report. ``unchecked`` targets have none.

        ``complaints`` are the faults that kept further targets from being checked.
        """
        return ""

    def close(self) -> str:
        """What makes the text whole where it was broken off, and behind :meth:`end`."""
        return ""

    def code(self, ending: Completion) -> int:
        """The exit code of the command, when all was taken and ended."""
        match ending:
            case Completion.FAULT:
                return ExitCode.INTERNAL
            case Completion.INTERRUPTED:
                return ExitCode.INTERRUPTED
            case Completion.COMPLETE:
                return self._worst

    def _text(self, report: Report) -> str:
        return ""
