"""Markdown for a ticket."""

from __future__ import annotations

from collections.abc import Sequence

from dcmecho.cli.formats.output import Output
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.report import Report


class MarkdownPage(Output):
    """The report on one target."""

    shows_history = True

    def _text(self, report: Report) -> str:
        return _page(report)


class MarkdownPages(Output):
    """The reports on several targets, one after the other, and how many there are."""

    shows_history = True

    def __init__(self) -> None:
        super().__init__()
        self._checked = 0

    def _text(self, report: Report) -> str:
        self._checked += 1
        return _page(report) + "\n"

    def end(self, unchecked: int = 0, complaints: Sequence[str] = ()) -> str:
        """Return the number of targets."""
        rest = f", {unchecked} not checked" if unchecked else ""
        return f"{count(self._checked, 'target')} checked{rest}.\n"


def _page(report: Report) -> str:
    from dcmecho.report.handover import markdown

    return markdown.render(report)
