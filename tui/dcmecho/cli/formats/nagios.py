"""One line for a monitor."""

from __future__ import annotations

from collections.abc import Sequence

from dcmecho.cli.formats.output import Output, OutputEnd
from dcmecho.diagnosis.report import Report
from dcmecho.report import nagios


class MonitorLine(Output):
    """One target or several, with the exit code of a monitoring plugin."""

    def __init__(self) -> None:
        super().__init__()
        self._reports: list[Report] = []
        self._gaps: Sequence[str] = ()

    def _text(self, report: Report) -> str:
        self._reports.append(report)
        return ""

    def end(self, unchecked: int = 0, complaints: Sequence[str] = ()) -> str:
        """Return the line: UNKNOWN if a target was not checked, even if all others pass."""
        self._gaps = (*complaints, f"{unchecked} not checked") if unchecked else complaints
        return nagios.render(self._reports, self._gaps)

    def code(self, ending: OutputEnd) -> int:
        """Return the exit code of the line, whatever ``ending`` is."""
        return nagios.code_of(self._reports, self._gaps)
