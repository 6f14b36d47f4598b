"""The stages of a check as lines: how far it came, and what ended it. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content

from dcmecho.console.diagnose.stops import Density, DiagnosisRow, StageStop, Stop, VerdictStop
from dcmecho.console.runs.state.record import Record
from dcmecho.console.symbols import Mark, Symbols, status_mark
from dcmecho.console.words import STAGE_NAME_WIDTH
from dcmecho.diagnosis.duration import duration
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId, Status, ladder_of
from dcmecho.diagnosis.target.target import Target

TIME_WIDTH = 9
_WORTH_SHOWING_MS = 0.05
"""Shorter times are not shown: nothing was sent, because the answer was known already."""
_LEAST_SUMMARY = 8
_WORTH_FOLDING = 2
"""Fewer passed stages than this are not folded."""
_MOST_NAMED = 5
"""Of more passed stages, only the first and the last are named."""


@dataclass(frozen=True, slots=True)
class LadderView:
    """The settings for drawing; ``width`` is in cells."""

    symbols: Symbols
    width: int
    density: Density

    def rows(self, target: Target, record: Record, selected: Stop) -> Iterator[DiagnosisRow]:
        """Yield one line per stage. Where room is short, stages of one outcome share a line."""
        stages = tuple(ladder_of(record.report.target if record.report else target))
        passed = self._folded(stages, record, selected)
        missed = self._not_reached(stages, record)
        if passed:
            yield self._gathered(Mark.OK, _passed_words(stages, passed), StageStop(passed[0]))
        for stage in stages:
            if stage not in passed and stage not in missed:
                yield from self._stage(stage, record, selected)
        if missed:
            yield self._gathered(Mark.NOT_REACHED, f"not reached: {_names(missed)}")

    def _folded(
        self, stages: Sequence[StageId], record: Record, selected: Stop
    ) -> Sequence[StageId]:
        """Return the passed stages, unless the cursor is on one or nothing else needs the room."""
        report = record.report
        if self.density is Density.ROOMY or report is None:
            return ()
        is_told_more = report.causes or _with_status(stages, record, Status.WARNING)
        if not (is_told_more or (self.density is Density.DENSE and _has_changed(report))):
            return ()
        passed = _with_status(stages, record, Status.PASSED)
        is_chosen = isinstance(selected, StageStop) and selected.stage in passed
        return () if is_chosen or len(passed) < _WORTH_FOLDING else passed

    def _not_reached(self, stages: Sequence[StageId], record: Record) -> Sequence[StageId]:
        if self.density is Density.ROOMY or record.report is None:
            return ()
        return _with_status(stages, record, Status.NOT_REACHED)

    def _gathered(self, mark: Mark, text: str, stop: Stop | None = None) -> DiagnosisRow:
        sign = Content.styled(self.symbols.mark(mark), mark.style)
        return DiagnosisRow(
            Content.assemble("  ", sign, Content.styled(f" {text}", "$quiet")), stop
        )

    def _stage(self, stage: StageId, record: Record, selected: Stop) -> Iterator[DiagnosisRow]:
        stop = StageStop(stage)
        is_verdict = record.report is not None and is_told_by(record.report, stage)
        mark, summary, elapsed_ms = _state(stage, record)
        name = stage.row.label.ljust(STAGE_NAME_WIDTH)
        measured = elapsed_ms is not None and elapsed_ms >= _WORTH_SHOWING_MS
        time = duration(elapsed_ms or 0.0).rjust(TIME_WIDTH) if measured else ""
        has_cursor = selected == stop or (is_verdict and selected == VerdictStop())
        start = f"{self.symbols.cursor if has_cursor else ' '} "
        lead = len(start) + self.symbols.width + 1 + len(name) + 2
        room = max(_LEAST_SUMMARY, self.width - lead - len(time) - 1)
        reached = mark not in (Mark.NOT_REACHED, Mark.NOT_RUN, Mark.SKIPPED)
        style = f"bold {mark.style}" if is_verdict else _summary_style(mark)
        is_whole = is_verdict or (mark is Mark.WARNING and not self._is_short(record))
        first, *others = self._summary(summary, room, is_whole=is_whole)
        yield DiagnosisRow(
            Content.assemble(
                (start, "$primary"),
                (self.symbols.mark(mark), mark.style),
                " ",
                (name, "bold" if reached else "$quiet"),
                "  ",
                first.stylize(style).truncate(room, pad=True),
                (time, "$quiet"),
            ),
            stop,
            is_verdict=is_verdict,
        )
        for line in others:
            yield DiagnosisRow(Content.assemble(" " * lead, line.stylize(style)))

    def _is_short(self, record: Record) -> bool:
        """Return whether the causes need the room more than the whole of a warning does."""
        has_causes = record.report is not None and bool(record.report.causes)
        return has_causes and self.density is Density.DENSE

    def _summary(self, summary: str, room: int, *, is_whole: bool) -> Sequence[Content]:
        """Return one line of a summary, or all of it."""
        if is_whole:
            return [line.rstrip() for line in Content(summary).wrap(room)] or [Content()]
        return [Content(summary).truncate(room, ellipsis=True)]


def is_told_by(report: Report, stage: StageId) -> bool:
    """Return whether the line of ``stage`` says the verdict, so that no other line repeats it."""
    verdict = report.verdict
    if stage is not verdict.stage:
        return False
    result = report.stage(stage)
    return result.status is Status.FAILED and result.summary == verdict.title


def _has_changed(report: Report) -> bool:
    """Report whether the history says what made a check work again."""
    history = report.history
    return history is not None and bool(history.since or history.last_failure)


def _passed_words(stages: Sequence[StageId], passed: Sequence[StageId]) -> str:
    if len(passed) > _MOST_NAMED and stages[: len(passed)] == tuple(passed):
        return f"passed: {passed[0].row.label} to {passed[-1].row.label}"
    return f"passed: {_names(passed)}"


def _names(stages: Sequence[StageId]) -> str:
    return ", ".join(stage.row.label for stage in stages)


def _with_status(stages: Sequence[StageId], record: Record, status: Status) -> Sequence[StageId]:
    return [
        stage
        for stage in stages
        if (result := record.ladder.get(stage)) is not None and result.status is status
    ]


def _state(stage: StageId, record: Record) -> tuple[Mark, str, float | None]:
    if record.current is stage and record.running:
        return Mark.RUNNING, f"running {record.elapsed_s:.1f} s", None
    result = record.ladder.get(stage)
    if result is None:
        return Mark.NOT_RUN, "" if record.running else Mark.NOT_RUN.word, None
    is_forbidden = record.forbidden and result.status is Status.FAILED
    mark = Mark.SKIPPED if is_forbidden else status_mark(result.status)
    return mark, result.summary, result.elapsed_ms


def _summary_style(mark: Mark) -> str:
    return "$foreground" if mark in (Mark.OK, Mark.RUNNING) else mark.style
