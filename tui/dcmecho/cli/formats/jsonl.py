"""JSON lines, one for each event; the last event of a run is its report."""

from __future__ import annotations

from dcmecho.cli.formats.output import Output
from dcmecho.diagnosis.events import Event
from dcmecho.report.json.diagnose import render_event


class JsonLines(Output):
    """The events of one run or of many."""

    prints_events = True

    def event(self, event: Event) -> str:
        """Return the event as one line."""
        return render_event(event) + "\n"
