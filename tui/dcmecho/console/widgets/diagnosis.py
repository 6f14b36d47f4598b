"""The diagnosis pane: one target's ladder, what is wrong, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message

from dcmecho.console.commands import Pane, bindings
from dcmecho.console.diagnosis_rows import (
    CauseStop,
    DiagnosisRow,
    DiagnosisView,
    StageStop,
    Stop,
    VerdictStop,
    first_stop,
    title_parts,
)
from dcmecho.console.state import Record
from dcmecho.console.symbols import Symbols
from dcmecho.console.widgets.row_view import RowView
from dcmecho.diagnosis.model import StageId, Target
from dcmecho.diagnosis.sanitize import printable

BRIEF_BELOW = 19
"""Rows under which the stages not reached share one line."""


class DiagnosisPane(RowView):
    """Stages, verdict and causes, with a cursor that picks what is explained."""

    BINDINGS = bindings(Pane.DIAGNOSIS)

    class StageSelected(Message):
        """The user moved the cursor to a stage."""

        def __init__(self, stage: StageId) -> None:
            self.stage = stage
            super().__init__()

    def __init__(self, symbols: Symbols) -> None:
        super().__init__(id="diagnosis")
        self._symbols = symbols
        self._target: Target | None = None
        self._record: Record | None = None
        self._rows: Sequence[DiagnosisRow] = ()
        self._stop: Stop = VerdictStop()
        self._moved = False
        self.border_title = "Diagnosis"

    @property
    def row_count(self) -> int:
        """Lines of text."""
        return len(self._rows)

    def row(self, index: int) -> Content:
        """One line."""
        return self._rows[index].content

    def is_stop(self, index: int) -> bool:
        """Stages, the verdict and causes."""
        return self._rows[index].stop is not None

    @property
    def selected(self) -> Stop:
        """What the cursor stands on."""
        return self._stop

    def show(self, target: Target, record: Record) -> None:
        """Show a target; its verdict first."""
        self._target, self._record = target, record
        self._moved = False
        self.scroll_to(y=0, animate=False, force=True)
        self.update()

    def show_text(self, title: str, lines: Sequence[tuple[str, str]]) -> None:
        """Show text with its styles in place of a target: the problems of the file, say."""
        self._target = self._record = None
        self.border_title = Content(printable(title))
        width = max(20, self.row_width - 4)
        self._rows = [
            DiagnosisRow(Content.assemble("  ", part.stylize(style)))
            for text, style in lines
            for part in (Content(text).wrap(width) or [Content()])
        ]
        self.cursor = -1
        self.scroll_to(y=0, animate=False, force=True)
        self.rows_changed()

    def update(self) -> None:
        """The record has changed."""
        if self._target is None or self._record is None:
            return
        self._title(self._target, self._record)
        if not self._moved or self._is_gone(self._stop):
            self._stop = first_stop(self._record)
        finished = self._record.report is not None
        self._arrange()
        if finished and not self._moved:
            self._show_verdict()

    def _is_gone(self, stop: Stop) -> bool:
        report = self._record.report if self._record else None
        if isinstance(stop, CauseStop):
            return report is None or stop.index >= len(report.causes)
        return isinstance(stop, VerdictStop) and report is None

    def _arrange(self) -> None:
        if self._target is None or self._record is None:
            return
        brief = self.size.height < BRIEF_BELOW
        view = DiagnosisView(self._symbols, max(30, self.row_width), brief)
        self._rows = view.rows(self._target, self._record, self._stop)
        self.cursor = next(
            (index for index, row in enumerate(self._rows) if row.stop == self._stop), -1
        )
        self.rows_changed()

    def _show_verdict(self) -> None:
        """Scroll so that the failed stage is the first line, where not all of it fits."""
        record = self._record
        if record is None or record.report is None or self.row_count <= self.size.height:
            return
        anchor = StageStop(record.report.verdict.stage)
        for index, row in enumerate(self._rows):
            if row.stop == anchor:
                self.scroll_to(y=index, animate=False, force=True)
                return

    def cursor_moved(self) -> None:
        """Explain what the cursor stands on now."""
        stop = self._rows[self.cursor].stop
        if stop is None:
            return
        self._stop, self._moved = stop, True
        self._arrange()
        if isinstance(stop, StageStop):
            self.post_message(self.StageSelected(stop.stage))

    def _title(self, target: Target, record: Record) -> None:
        name, connection, when = title_parts(target, record)
        self.border_title = Content.assemble((name, "bold"), "  ", (connection, "not bold"))
        self.border_subtitle = Content(when)

    def on_resize(self, event: events.Resize) -> None:
        """Wrap to the new width."""
        if self._target is not None:
            self.update()
