"""Any format, of redacted reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dcmecho.cli.formats.output import Output, OutputEnd
from dcmecho.diagnosis.events import Event, RunFinished, RunStarted
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.target.target import Target
from dcmecho.report.redaction.redaction import Redaction


class RedactingOutput(Output):
    """Gives another output redacted events and reports."""

    def __init__(self, inner: Output, redaction: Redaction) -> None:
        super().__init__()
        self._inner = inner
        self._redaction = redaction
        self._targets: dict[str, Target] = {}
        self.prints_events = inner.prints_events
        self.tells_beginnings = inner.tells_beginnings
        # What made it work again is a text of its own otherwise, with plain values.
        self.shows_history = inner.shows_history or inner.shows_recovery

    def event(self, event: Event) -> str:
        """Return the text of a redacted event. Called on any thread."""
        if not self.prints_events:
            return ""
        if isinstance(event, RunStarted):
            self._targets[event.run_id] = event.target
        if isinstance(event, RunFinished):
            report = self._redaction.report(event.report)
            return self._inner.event(event._replace(report=report))
        return self._inner.event(self._redaction.event(event, self._target_of(event.run_id)))

    def _target_of(self, run_id: str) -> Target | None:
        """Return the target of a run; services have a run of their own, at the only target."""
        only = next(iter(self._targets.values())) if len(self._targets) == 1 else None
        return self._targets.get(run_id, only)

    def take(self, report: Report) -> str:
        """Return the text of a redacted report."""
        return self._inner.take(self._redaction.report(report))

    def take_beginnings(self, failing_since: Sequence[datetime | None]) -> None:
        """Pass on since when each target fails."""
        self._inner.take_beginnings(failing_since)

    def end(self, unchecked: int = 0, complaints: Sequence[str] = ()) -> str:
        """Return the text after the last report."""
        return self._inner.end(unchecked, complaints)

    def close(self) -> str:
        """Return the text that completes the output."""
        return self._inner.close()

    def code(self, ending: OutputEnd) -> int:
        """Return the exit code of the command."""
        return self._inner.code(ending)
