"""The schema ``dcmecho.report/1``, indented."""

from __future__ import annotations

from dcmecho.cli.formats.output import Output
from dcmecho.diagnosis.report import Report
from dcmecho.report.json.diagnose import render, report_data
from dcmecho.report.json.layout import IndentedArray


class JsonObject(Output):
    """One report."""

    shows_history = True

    def _text(self, report: Report) -> str:
        return render(report)


class JsonArray(Output):
    """Several reports, printed one by one and not kept."""

    shows_history = True

    def __init__(self) -> None:
        super().__init__()
        self._array = IndentedArray()

    def _text(self, report: Report) -> str:
        return self._array.element(report_data(report))

    def close(self) -> str:
        """End the array, so the JSON is valid even after an error."""
        return self._array.end()
