"""Text for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dcmecho.cli.formats.output import Output
from dcmecho.diagnosis.report import Report


class TextPage(Output):
    """The full report on one target."""

    shows_recovery = True

    def _text(self, report: Report) -> str:
        from dcmecho.report import diagnose as diagnose_text

        return diagnose_text.render(report)


class TextSummary(Output):
    """The summary of several targets: failures first, by cause."""

    tells_beginnings = True

    def __init__(self) -> None:
        super().__init__()
        self._reports: list[Report] = []
        self._failing_since: Sequence[datetime | None] = ()

    def _text(self, report: Report) -> str:
        self._reports.append(report)
        return ""

    def take_beginnings(self, failing_since: Sequence[datetime | None]) -> None:
        """Keep since when each target fails."""
        self._failing_since = failing_since

    def end(self, unchecked: int = 0, complaints: Sequence[str] = ()) -> str:
        """Return the summary."""
        from dcmecho.report import check as check_text

        return check_text.render(self._reports, unchecked, self._failing_since)
