"""The text that a command prints, piece by piece, as events and reports arrive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum, auto

from dcmecho.diagnosis.events import Event
from dcmecho.diagnosis.report import Report
from dcmecho.exit_codes import ExitCode, exit_code


class OutputEnd(Enum):
    """The end of the command, apart from the results in its reports."""

    COMPLETE = auto()
    INTERRUPTED = auto()
    FAULT = auto()
    """dcmecho failed to make a report."""


class Output:
    """The output of one command in one format. The caller prints each returned text at once.

    This base class prints nothing and only keeps the exit code.
    """

    prints_events = False
    """True if :meth:`event` prints anything, including log lines; otherwise a run makes none."""

    shows_history = False
    """True if the text of a report that worked has its history too."""

    shows_recovery = False
    """True if below a report that worked is printed what made it work again."""

    tells_beginnings = False
    """True if the text at the end says which failures began together."""

    def __init__(self) -> None:
        self._worst = ExitCode.OK

    def event(self, event: Event) -> str:
        """Return the text of an event, as it happens."""
        return ""

    def take(self, report: Report) -> str:
        """Return the text of a complete report. Reports arrive in the order of the targets."""
        self._worst = max(self._worst, exit_code(report))
        return self._text(report)

    def take_beginnings(self, failing_since: Sequence[datetime | None]) -> None:
        """Take in since when the target of each report fails, before :meth:`end`; empty if unknown.

        Only what :attr:`tells_beginnings` asks for it.
        """

    def end(self, unchecked: int = 0, complaints: Sequence[str] = ()) -> str:
        """Return the text after the last report. ``unchecked`` targets have no report.

        ``complaints`` say why further targets could not be checked.
        """
        return ""

    def close(self) -> str:
        """Return the text that completes the output, after :meth:`end` or after an error."""
        return ""

    def code(self, ending: OutputEnd) -> int:
        """Return the exit code of the command, after :meth:`end`."""
        match ending:
            case OutputEnd.FAULT:
                return ExitCode.INTERNAL
            case OutputEnd.INTERRUPTED:
                return ExitCode.INTERRUPTED
            case OutputEnd.COMPLETE:
                return self._worst

    def _text(self, report: Report) -> str:
        return ""
