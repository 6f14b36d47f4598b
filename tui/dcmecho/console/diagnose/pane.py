"""The diagnosis pane: one target's stages, what is wrong, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message

from dcmecho.console.command import Pane
from dcmecho.console.commands import bindings
from dcmecho.console.diagnose.announcing import announced
from dcmecho.console.diagnose.file_message import FileMessage
from dcmecho.console.diagnose.rows import DiagnosisView, first_stop, last_run
from dcmecho.console.diagnose.stops import (
    CauseStop,
    Density,
    DiagnosisRow,
    NextStop,
    StageStop,
    Stop,
    VerdictStop,
)
from dcmecho.console.runs.state.record import Record
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.widgets.row_view import RowView
from dcmecho.console.words import problem_text
from dcmecho.console.wrapping import beside, item, paragraph
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target

if TYPE_CHECKING:
    from dcmecho.diagnosis.experiments.plans import Experiment

_TEST = "Test, not saved: "
"""Before the name of a target that is tested with unsaved values."""
_TITLE_FRAME = 6
"""Cells of the title's line that the border needs."""
SMALL_ROWS = 18
"""A pane with fewer rows than this has no empty row before the actions."""


class DiagnosisPane(RowView):
    """Stages, verdict and causes. The pane explains the one under the cursor."""

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
        self._written: dict[Density, Sequence[DiagnosisRow]] = {}
        """The rows as they are now, for the room there was until now."""
        self._stop: Stop = VerdictStop()
        self._is_test = False
        self._moved = False
        self._words = FileMessage("", "")

    @property
    def row_count(self) -> int:
        """Lines of text."""
        return len(self._rows)

    def row(self, index: int) -> Content:
        """One line."""
        return self._rows[index].content

    def is_stop(self, index: int) -> bool:
        """Return whether the cursor can stop here: on stages, the verdict and causes."""
        return self._rows[index].stop is not None

    @property
    def selected(self) -> Stop:
        """The item under the cursor."""
        return self._stop

    def show(self, target: Target, record: Record, *, is_test: bool = False) -> None:
        """Show a target, or one that is tested in an editor, with the cursor on its verdict."""
        self._target, self._record, self._is_test = target, record, is_test
        self._moved = False
        self.scroll_to(y=0, animate=False, force=True)
        self.update()

    def show_words(self, words: FileMessage) -> None:
        """Show the problems of the file or of a target, or how to begin."""
        self._target = self._record = None
        self._words = words
        self.border_title = Content.styled(words.title, "bold")
        self.border_subtitle = Content()
        self._arrange_text()
        self.scroll_to(y=0, animate=False, force=True)

    def begin(self) -> None:
        """Follow a new run of the shown target until the user moves the cursor."""
        self._moved = False
        self.scroll_to(y=0, animate=False, force=True)

    @property
    def target(self) -> Target | None:
        """The target shown, or ``None``."""
        return self._target

    def update(self) -> None:
        """Show the changes in the record."""
        if self._target is None or self._record is None:
            return
        self._title(self._target)
        if not self._moved or self._is_gone(self._stop):
            self._stop = first_stop(self._record)
        self._written.clear()
        self._fit(self._record)

    def _fit(self, record: Record) -> None:
        self._arrange()
        if record.report is not None and not self._moved:
            self._show_verdict()
        self._foot(record)

    def _foot(self, record: Record) -> None:
        is_more = not self.scrollbar_size_vertical and self.row_count > self.size.height
        more = "PgUp PgDn scroll  " if is_more else ""
        self.border_subtitle = Content(more + last_run(record))

    def is_announcing(self, experiment: Experiment) -> bool:
        """Return whether the user can see what ``experiment`` would send."""
        index = self._announcement(experiment)
        return index is not None and 0 <= index - self.scroll_offset.y < self.size.height

    def announce(self) -> None:
        """Put the cursor on the next experiment."""
        index = self._announcement(None)
        if index is not None:
            self.move_to(index)

    def _announcement(self, experiment: Experiment | None) -> int | None:
        for index, row in enumerate(self._rows):
            if row.announces is not None and experiment in (None, row.announces):
                return index
        return None

    def _is_gone(self, stop: Stop) -> bool:
        report = self._record.report if self._record else None
        if isinstance(stop, CauseStop):
            return report is None or stop.index >= len(report.causes)
        if isinstance(stop, NextStop):
            return (
                self._target is None
                or self._record is None
                or announced(self._target, self._record) is None
            )
        return isinstance(stop, VerdictStop) and report is None

    def _arrange(self) -> None:
        if self._target is None or self._record is None:
            return
        small = self.size.height < SMALL_ROWS
        for density in (Density.ROOMY, Density.DENSE if small else Density.BRIEF):
            if density not in self._written:
                width = max(30, self.row_width)
                view = DiagnosisView(self._symbols, width, density, self._is_test)
                self._written[density] = view.rows(self._target, self._record, self._stop)
            self._rows = self._written[density]
            if len(self._rows) <= self.size.height:
                break
        self.cursor = next(
            (index for index, row in enumerate(self._rows) if row.holds(self._stop)), -1
        )
        self.rows_changed()

    def _arrange_text(self) -> None:
        self._rows = list(map(DiagnosisRow, self._lines(max(24, self.row_width))))
        self.cursor = -1
        self.rows_changed()

    def _lines(self, width: int) -> Iterator[Content]:
        yield from paragraph(self._words.head, width)
        yield Content()
        sign = self._symbols.mark(Mark.BROKEN)
        for problem in self._words.problems:
            yield from item(sign, problem_text(problem), width, "", Mark.BROKEN.style)
        leads = max((len(hint.key) for hint in self._words.hints), default=0)
        for hint in self._words.hints:
            yield from item(hint.key.ljust(leads), hint.text, width, "", "bold $accent")

    def _show_verdict(self) -> None:
        """Scroll until the causes and the first action are visible, but not past the verdict."""
        verdict = next(i for i, row in enumerate(self._rows) if row.holds(VerdictStop()))
        last = max((i for i, row in enumerate(self._rows) if row.wanted), default=verdict)
        top = min(verdict, max(0, last + 1 - self.size.height))
        self.scroll_to(y=top, animate=False, force=True)

    def cursor_moved(self) -> None:
        """Explain what the cursor is on now."""
        stop = self._rows[self.cursor].stop
        if stop is None:
            return
        self._stop, self._moved = stop, True
        self._written.clear()
        self._arrange()
        if isinstance(stop, StageStop):
            self.post_message(self.StageSelected(stop.stage))

    def _title(self, target: Target) -> None:
        connection = str(target)
        remark = _TEST if self._is_test else ""
        room = self.outer_size.width - _TITLE_FRAME - len(remark)
        name = beside(target.name, connection, room)
        self.border_title = Content.assemble(
            (remark, "bold $accent"),
            (name, "bold"),
            "  ",
            (connection, "not bold"),
        )

    def resized(self) -> None:
        """Wrap to the new width, and show as much as fits."""
        if self.is_other_width:
            self._rows = ()
            self._written.clear()
        if self._target is None:
            self._arrange_text()
        elif self._record is not None:
            self._title(self._target)
            self._fit(self._record)
