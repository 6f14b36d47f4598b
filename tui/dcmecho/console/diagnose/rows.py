"""The rows of the diagnosis pane: stages, verdict, causes and what to do next. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from textual.content import Content

from dcmecho.console.diagnose.announcing import announced, outcome_words, sent_words
from dcmecho.console.page import rows_of
from dcmecho.console.runs.state import Phase, Record
from dcmecho.console.symbols import Mark, Symbols, status_mark, verdict_mark
from dcmecho.console.words import (
    CONFIDENCE_WIDTH,
    STAGE_NAME_WIDTH,
    clock_time,
    confidence_style,
)
from dcmecho.console.wrapping import item, paragraph
from dcmecho.diagnosis.cause import Cause, CauseId, Confidence, Who
from dcmecho.diagnosis.duration import duration
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId, StageResult, Status, ladder_of
from dcmecho.diagnosis.target.target import Target
from dcmecho.report.page import bullets

if TYPE_CHECKING:
    from dcmecho.diagnosis.experiments.plans import Experiment

_TIME_WIDTH = 9
_WORTH_SHOWING_MS = 0.05
"""Shorter times are not shown: nothing was sent, because the answer was known already."""
_WHO_WIDTH = max(len(who.short) for who in Who)


@dataclass(frozen=True, slots=True)
class StageStop:
    """The cursor is on a stage."""

    stage: StageId


@dataclass(frozen=True, slots=True)
class VerdictStop:
    """The cursor is on the verdict."""


@dataclass(frozen=True, slots=True)
class CauseStop:
    """The cursor is on a cause, counted from 0."""

    index: int


@dataclass(frozen=True, slots=True)
class NextStop:
    """The cursor is on the next experiment."""


Stop = StageStop | VerdictStop | CauseStop | NextStop


@dataclass(frozen=True, slots=True)
class DiagnosisRow:
    """One line. When a check ends, the pane scrolls to show the ``wanted`` lines.

    ``announces`` is the experiment whose description begins on this line.
    """

    content: Content
    stop: Stop | None = None
    wanted: bool = False
    announces: Experiment | None = None


class Density(Enum):
    """The density of the rows."""

    ROOMY = auto()
    BRIEF = auto()
    """Stages that were not reached share one line."""
    DENSE = auto()
    """Like ``BRIEF``, and without empty lines above the first action."""


@dataclass(frozen=True, slots=True)
class DiagnosisView:
    """The settings for drawing; ``width`` is in cells."""

    symbols: Symbols
    width: int
    density: Density

    def rows(self, target: Target, record: Record, selected: Stop) -> list[DiagnosisRow]:
        """Return every row of the pane for one target."""
        return [
            *self._ladder(target, record, selected),
            DiagnosisRow(Content.styled(self.symbols.rule * self.width, "$border-blurred")),
            *self._below(target, record, selected),
        ]

    def _below(self, target: Target, record: Record, selected: Stop) -> Iterator[DiagnosisRow]:
        report = record.report
        seen = None
        if isinstance(selected, StageStop):
            seen = record.stages.get(selected.stage)
        if report is None:
            yield from self._evidence(seen)
            yield from self._beyond(record)
            yield from self._without_report(target, record)
            return
        yield from self._evidence(seen)
        yield from self._verdict(report, selected)
        yield from self._beyond(record)
        if not record.is_about(target):
            yield from self._text(
                f"The target has been edited since. This check used {report.target}.",
                "$tone-warning",
            )
        if record.forbidden:
            yield from self._text(
                "To allow checks, press e and clear the field Do not probe.", "$foreground"
            )
        yield from self._causes(report, selected)
        yield from self._shown_by_experiments(record)
        following = list(self._next(target, record, selected))
        if report.causes:
            yield from (replace(row, wanted=True) for row in following)
        yield from self._remedy(report, selected)
        if target.notes:
            yield from self._text(f"Notes: {target.notes}", "$foreground")
        yield from self._experiments(report)
        yield from self._proof("Not proven", report.not_proven)
        yield from self._proof("Proven", report.proven)
        if not report.causes:
            yield from following
        if seen is None:
            yield DiagnosisRow(Content())
            yield from self._evidence(report.stage(report.verdict.stage))

    def _beyond(self, record: Record) -> Iterator[DiagnosisRow]:
        if (service := record.failing_service) is not None:
            text = f"{service.row.title}: failed. Press s for the reason and what to do."
            rows = self._text(text, Mark.WARNING.style)
            yield from (replace(row, wanted=True) for row in rows)

    @property
    def _gathers(self) -> bool:
        return self.density is not Density.ROOMY

    def _gap(self) -> Iterator[DiagnosisRow]:
        if self.density is not Density.DENSE:
            yield DiagnosisRow(Content())

    def _ladder(self, target: Target, record: Record, selected: Stop) -> Iterator[DiagnosisRow]:
        gathered: list[StageId] = []
        for stage in ladder_of(record.report.target if record.report else target):
            result = record.stages.get(stage)
            if self._gathers and record.report and result and result.status is Status.NOT_REACHED:
                gathered.append(stage)
                continue
            yield self._stage(stage, record, selected)
        if gathered:
            names = ", ".join(stage.row.label for stage in gathered)
            sign = self.symbols.mark(Mark.NOT_REACHED)
            yield DiagnosisRow(Content.styled(f"  {sign} not reached: {names}", "$quiet"))

    def _stage(self, stage: StageId, record: Record, selected: Stop) -> DiagnosisRow:
        stop = StageStop(stage)
        mark, summary, elapsed_ms = self._stage_state(stage, record)
        name = stage.row.label.ljust(STAGE_NAME_WIDTH)
        measured = elapsed_ms is not None and elapsed_ms >= _WORTH_SHOWING_MS
        time = duration(elapsed_ms or 0.0).rjust(_TIME_WIDTH) if measured else ""
        start = f"{self._cursor(stop, selected)} "
        room = self.width - len(start) - self.symbols.width - len(name) - len(time) - 4
        reached = mark not in (Mark.NOT_REACHED, Mark.NOT_RUN, Mark.SKIPPED)
        shown = Content(summary).truncate(max(8, room), ellipsis=True)
        shown = shown.stylize(_summary_style(mark)).truncate(max(8, room), pad=True)
        return DiagnosisRow(
            Content.assemble(
                (start, "$primary"),
                (self.symbols.mark(mark), mark.style),
                " ",
                (name, "bold" if reached else "$quiet"),
                "  ",
                shown,
                (time, "$quiet"),
            ),
            stop,
        )

    def _stage_state(self, stage: StageId, record: Record) -> tuple[Mark, str, float | None]:
        if record.current is stage and record.running:
            return Mark.RUNNING, f"running {record.elapsed_s:.1f} s", None
        result = record.stages.get(stage)
        if result is None:
            return Mark.NOT_RUN, "" if record.running else Mark.NOT_RUN.word, None
        return status_mark(result.status), result.summary, result.elapsed_ms

    def _cursor(self, stop: Stop, selected: Stop) -> str:
        return self.symbols.cursor if stop == selected else " "

    def _without_report(self, target: Target, record: Record) -> Iterator[DiagnosisRow]:
        if record.phase is Phase.CANCELLING:
            text = f"Cancelling: closing what is open ({record.elapsed_s:.1f} s)."
            yield from self._text(text, Mark.CANCELLED.style)
        elif record.phase is Phase.WAITING:
            yield from self._text(
                "Waiting for its turn. Press esc to cancel the whole check.", "$accent"
            )
        elif record.running:
            yield from self._text(
                f"Running for {record.elapsed_s:.1f} s. Press esc to cancel.", "$accent"
            )
        else:
            yield from self._text(
                "Not checked yet. Press enter to check this target.", "$foreground"
            )
            yield from self._text(
                "A check opens one TCP connection and one association, sends one C-ECHO and "
                "releases it. It stores nothing and queries nothing.",
                "$quiet",
            )
        if target.do_not_probe:
            yield from self._text(f"Do not probe: {target.do_not_probe}", "$tone-warning")
        if target.notes and not record.running:
            yield from self._text(f"Notes: {target.notes}", "$foreground")

    def _verdict(self, report: Report, selected: Stop) -> Iterator[DiagnosisRow]:
        verdict = report.verdict
        mark = verdict_mark(verdict.status)
        sign = self.symbols.mark(mark)
        indent = " " * (len(sign) + 3)
        lines = Content(verdict.title).wrap(max(10, self.width - len(indent) - 1))
        for number, line in enumerate(lines):
            first = number == 0
            start = f"{self._cursor(VerdictStop(), selected)} " if first else indent
            yield DiagnosisRow(
                Content.assemble(
                    (start, "$primary"),
                    (f"{sign} " if first else "", f"bold {mark.style}"),
                    line.stylize(f"bold {mark.style}"),
                ),
                VerdictStop() if first else None,
            )

    def _causes(self, report: Report, selected: Stop) -> Iterator[DiagnosisRow]:
        if not report.causes:
            return
        yield from self._gap()
        proven = report.causes[0].confidence is Confidence.PROVEN
        title = "Cause" if proven else "Possible causes"
        title = title.ljust(self._title_width + CONFIDENCE_WIDTH + 2)
        yield DiagnosisRow(Content.styled(f"  {title}  Who acts", "bold $quiet"))
        for index, cause in enumerate(report.causes):
            chosen = index == _chosen_cause(report, selected)
            yield from self._cause(cause, CauseStop(index), selected, chosen=chosen)

    @property
    def _title_width(self) -> int:
        return max(12, self.width - CONFIDENCE_WIDTH - _WHO_WIDTH - 7)

    def _cause(
        self, cause: Cause[CauseId], stop: CauseStop, selected: Stop, *, chosen: bool
    ) -> Iterator[DiagnosisRow]:
        width = self._title_width
        for number, line in enumerate(Content(cause.title).wrap(width)):
            first = number == 0
            start = f"{self._cursor(stop, selected)} " if first else "  "
            confidence = cause.confidence.value if first else ""
            yield DiagnosisRow(
                Content.assemble(
                    (start, "$primary"),
                    (confidence, confidence_style(cause.confidence)),
                    " " * (CONFIDENCE_WIDTH + 2 - len(confidence)),
                    line.rstrip().truncate(width, pad=True).stylize("bold" if chosen else ""),
                    "  ",
                    (cause.who.short if first else "", "$accent"),
                ),
                stop if first else None,
                wanted=True,
            )

    def _next(self, target: Target, record: Record, selected: Stop) -> Iterator[DiagnosisRow]:
        said = announced(target, record)
        if said is None:
            return
        yield from self._gap()
        first, *others = item(said.lead, said.text, self.width, said.style, "bold $accent")
        cursor = self._cursor(NextStop(), selected)
        start = Content.assemble((cursor, "$primary"), first[len(cursor) :])
        yield DiagnosisRow(start, NextStop(), announces=said.experiment)
        yield from map(DiagnosisRow, others)

    def _shown_by_experiments(self, record: Record) -> Iterator[DiagnosisRow]:
        """Say what the experiments have shown, where the user waits for it."""
        if record.investigation is None or record.report is None or not record.report.experiments:
            return
        yield from self._gap()
        said = record.investigation.shown
        lines = item("x", said, self.width, "$foreground", "bold $accent")
        yield from (DiagnosisRow(line, wanted=True) for line in lines)

    def _experiments(self, report: Report) -> Iterator[DiagnosisRow]:
        if not report.experiments:
            return
        yield DiagnosisRow(Content())
        yield DiagnosisRow(Content.styled("  Experiments", "bold $accent"))
        for each in report.experiments:
            yield from self._item(self.symbols.bullet, sent_words(each), "$foreground")
            yield from self._item(" ", outcome_words(each), "$quiet")

    def _remedy(self, report: Report, selected: Stop) -> Iterator[DiagnosisRow]:
        index = _chosen_cause(report, selected)
        if index is None:
            return
        cause = report.causes[index]
        if cause.actions:
            yield from self._gap()
            who = cause.who.short
            yield DiagnosisRow(
                Content.assemble(("  What to do next", "bold $accent"), (f"  ({who})", "$quiet"))
            )
            for number, action in enumerate(cause.actions, start=1):
                for row in self._item(f"{number}", action, "$foreground"):
                    yield replace(row, wanted=number == 1)
            for hint in cause.where:
                yield from self._item(hint.product.label, hint.text, "$foreground")
        yield DiagnosisRow(Content())
        yield DiagnosisRow(Content.styled("  Why", "bold $accent"))
        yield from self._text(cause.explanation, "$foreground")
        if cause.reference:
            yield DiagnosisRow(Content.styled(f"  {cause.reference}   {cause.id}", "$quiet"))

    def _proof(self, title: str, statements: Iterable[str]) -> Iterator[DiagnosisRow]:
        parts = bullets(title, statements)
        yield from map(DiagnosisRow, rows_of(parts, self.width, self.symbols))

    def _evidence(self, result: StageResult | None) -> Iterator[DiagnosisRow]:
        if result is None:
            return
        yield DiagnosisRow(
            Content.assemble(
                (f"  Seen at stage {result.id.row.label}", "bold $accent"),
                ("" if result.evidence else "   nothing", "$quiet"),
            )
        )
        for evidence in result.evidence:
            lead = duration(evidence.at_ms).rjust(_TIME_WIDTH)
            yield from self._item(lead, evidence.text, "$foreground")
        yield DiagnosisRow(Content())

    def _text(self, text: str, style: str) -> Iterator[DiagnosisRow]:
        yield from map(DiagnosisRow, paragraph(text, self.width, style))

    def _item(self, lead: str, text: str, style: str) -> Iterator[DiagnosisRow]:
        yield from map(DiagnosisRow, item(lead, text, self.width, style))


def first_stop(record: Record) -> Stop:
    """Return the automatic cursor position: the running stage, then the verdict."""
    if record.report is not None:
        return VerdictStop()
    if record.current is not None:
        return StageStop(record.current)
    return StageStop(max(record.stages, key=tuple(StageId).index, default=StageId.PROFILE))


def last_run(record: Record) -> str:
    """Return when the last check ran, for the border of the pane."""
    word = "started" if record.running else "checked"
    return "" if record.started_at is None else f"{word} {clock_time(record.started_at)[:8]}"


def _chosen_cause(report: Report, selected: Stop) -> int | None:
    if not report.causes:
        return None
    if isinstance(selected, CauseStop) and selected.index < len(report.causes):
        return selected.index
    return 0


def _summary_style(mark: Mark) -> str:
    return "$foreground" if mark in (Mark.OK, Mark.RUNNING) else mark.style
