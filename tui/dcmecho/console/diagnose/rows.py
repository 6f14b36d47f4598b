"""The rows of the diagnosis pane: stages, verdict, causes and what to do next. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from textual.content import Content

from dcmecho.console.diagnose.announcing import announced, outcome_words, sent_words
from dcmecho.console.diagnose.ladder_rows import TIME_WIDTH, LadderView, is_told_by
from dcmecho.console.diagnose.stops import (
    CauseStop,
    Density,
    DiagnosisRow,
    NextStop,
    StageStop,
    Stop,
    VerdictStop,
)
from dcmecho.console.page import rows_of
from dcmecho.console.runs.state.record import Phase, Record
from dcmecho.console.symbols import Mark, Symbols, verdict_mark
from dcmecho.console.words import CONFIDENCE_WIDTH, confidence_style
from dcmecho.console.wrapping import item, paragraph
from dcmecho.diagnosis.cause import Who
from dcmecho.diagnosis.conclusion.clock import day_in_words, time_of_day, zone_words
from dcmecho.diagnosis.conclusion.proofs import OFFER
from dcmecho.diagnosis.duration import duration
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId, StageResult
from dcmecho.diagnosis.target.target import Target
from dcmecho.report.history.since import since_item, since_parts
from dcmecho.report.page import bullets, causes_heading

_WHO_WIDTH = max(len(who.short) for who in Who)
_MOST_SINCE = 4
"""Lines of what changed, on a small screen: the causes begin below them."""
_OFFERED_HERE = " (to find out, press x)"
_OFFERED_AFTER_TEST = " (to find out, save and press x)"
_GUIDE = "leads to the fix, one question at a time"


@dataclass(frozen=True, slots=True)
class DiagnosisView:
    """The settings for drawing; ``width`` is in cells.

    ``is_test`` stands for values in an editor, where keys are text.
    """

    symbols: Symbols
    width: int
    density: Density
    is_test: bool = False

    def rows(self, target: Target, record: Record, selected: Stop) -> list[DiagnosisRow]:
        """Return every row of the pane for one target."""
        ladder = LadderView(self.symbols, self.width, self.density).rows(target, record, selected)
        rule, below = self._rule(record), self._below(target, record, selected)
        if record.report is None and not record.running:
            # What to do comes before the stages, of which nothing is known yet.
            return [*below, *rule, *ladder]
        return [*ladder, *rule, *below]

    def _rule(self, record: Record) -> Iterator[DiagnosisRow]:
        """Part the stages from the rest; in little room, the heading of the causes does."""
        has_causes = record.report is not None and bool(record.report.causes)
        if not (has_causes and self.density is Density.DENSE):
            yield DiagnosisRow(Content.styled(self.symbols.rule * self.width, "$border-blurred"))

    def _below(self, target: Target, record: Record, selected: Stop) -> Iterator[DiagnosisRow]:
        report = record.report
        yield from self._past(record)
        seen = None
        if isinstance(selected, StageStop):
            seen = record.ladder.get(selected.stage)
        if report is None:
            yield from self._evidence(seen)
            yield from self._beyond(target, record)
            yield from self._without_report(target, record)
            return
        yield from self._evidence(seen)
        yield from self._edited(target, record, report)
        is_told = is_told_by(report, report.verdict.stage)
        yield from () if is_told else self._verdict(report, selected)
        yield from self._beyond(target, record)
        if record.forbidden:
            yield from self._text(self._allowing(target), "$foreground")
        yield from () if is_told else self._gap()
        yield from self._since(report)
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

    def _past(self, record: Record) -> Iterator[DiagnosisRow]:
        """Say that it is a result of the past, where it is always in view."""
        if record.past is None or not record.is_past:
            return
        when = day_in_words(record.past.at, datetime.now(UTC))
        text = f"Checked {when}, before dcmecho was opened. Press enter to check now."
        for row in self._text(text, "$tone-active"):
            yield replace(row, wanted=True)

    def _edited(self, target: Target, record: Record, report: Report) -> Iterator[DiagnosisRow]:
        """Say before the verdict that it is about other values, where it is always in view."""
        if record.is_about(target):
            return
        text = f"The target has been edited since. This check used {report.target}."
        for row in self._text(text, "$tone-warning"):
            yield replace(row, wanted=True)

    def _since(self, report: Report) -> Iterator[DiagnosisRow]:
        """Say what the journal knows: when it last worked, and what has changed since."""
        if report.history is None:
            return
        parts = list(since_parts(report.history, report))
        if self.density is Density.DENSE and len(parts) > _MOST_SINCE:
            more = f"and {len(parts) - _MOST_SINCE + 1} more. R shows all"
            parts = [*parts[: _MOST_SINCE - 1], since_item("", more)]
        for line in rows_of(parts, self.width, self.symbols):
            yield DiagnosisRow(line, wanted=True)
        if parts and report.causes:
            yield from self._gap()

    def _beyond(self, target: Target, record: Record) -> Iterator[DiagnosisRow]:
        service = record.failing_service
        if service is not None and record.services_of(target) is not None:
            text = f"{service.row.title}: failed. Press s for the reason and what to do."
            rows = self._text(text, Mark.WARNING.style)
            yield from (replace(row, wanted=True) for row in rows)

    def _gap(self) -> Iterator[DiagnosisRow]:
        if self.density is not Density.DENSE:
            yield DiagnosisRow(Content())

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
        mark = Mark.SKIPPED if verdict.is_forbidden else verdict_mark(verdict.status)
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
                is_verdict=first,
            )

    def _causes(self, report: Report, selected: Stop) -> Iterator[DiagnosisRow]:
        if not report.causes:
            return
        title = causes_heading(report.causes).ljust(self._title_width + CONFIDENCE_WIDTH + 2)
        yield DiagnosisRow(Content.styled(f"  {title}  Who acts", "bold $quiet"))
        for index in range(len(report.causes)):
            yield from self._cause(index, report, selected)

    @property
    def _title_width(self) -> int:
        return max(12, self.width - CONFIDENCE_WIDTH - _WHO_WIDTH - 7)

    def _cause(self, index: int, report: Report, selected: Stop) -> Iterator[DiagnosisRow]:
        cause, stop = report.causes[index], CauseStop(index)
        is_chosen = index == _chosen_cause(report, selected)
        # In little room, every cause comes before what can be behind the first.
        is_short = self.density is Density.DENSE and bool(report.causes[1:]) and selected != stop
        behind = cause.behind if is_chosen and not is_short else ()
        lead = Content.assemble(
            (f"{self._cursor(stop, selected)} ", "$primary"),
            (cause.confidence.value.ljust(CONFIDENCE_WIDTH), confidence_style(cause.confidence)),
            "  ",
        )
        who, style = "" if behind else cause.who.short, "bold" if is_chosen else ""
        for number, row in enumerate(self._who_acts(lead, cause.title, who, style)):
            yield DiagnosisRow(row, None if number else stop, wanted=True)
        sign = Content(f"{self.symbols.bullet} ".rjust(len(lead)))
        for each in behind:
            for row in self._who_acts(sign, each.text, each.who.short):
                yield DiagnosisRow(row, wanted=True)

    def _who_acts(self, lead: Content, text: str, who: str, style: str = "") -> Iterator[Content]:
        """Yield a text with who acts beside its first line."""
        width = self._title_width
        for number, line in enumerate(Content(text).wrap(width)):
            yield Content.assemble(
                Content(" " * len(lead)) if number else lead,
                line.rstrip().truncate(width, pad=True).stylize(style),
                "  ",
                ("" if number else who, "$accent"),
            )

    def _allowing(self, target: Target) -> str:
        """Return how a check that the file forbids can be allowed."""
        if target.do_not_probe:
            first = "" if self.is_test else "press e and "
            return f"To allow checks, {first}clear the field Do not probe."
        return "Another target of the file forbids this address (do_not_probe). Nothing was sent."

    def _next(self, target: Target, record: Record, selected: Stop) -> Iterator[DiagnosisRow]:
        if self.is_test:
            yield from self._after_test(target, record)
            return
        said = announced(target, record)
        if said is None:
            if record.report and record.report.causes and not record.forbidden:
                yield from self._gap()
                yield from self._item("Next: g", _GUIDE, "$foreground", "bold $accent")
            return
        yield from self._gap()
        first, *others = item(said.lead, said.text, self.width, said.style, "bold $accent")
        cursor = self._cursor(NextStop(), selected)
        start = Content.assemble((cursor, "$primary"), first[len(cursor) :])
        yield DiagnosisRow(start, NextStop(), announces=said.experiment)
        yield from map(DiagnosisRow, others)

    def _after_test(self, target: Target, record: Record) -> Iterator[DiagnosisRow]:
        """Say what follows when the tested values are saved."""
        if record.report is None or not record.report.causes or record.forbidden:
            return
        experiment = record.next_experiment(target)
        more = "x runs an experiment, and " if experiment else ""
        text = f"saves these values. After that, {more}g {_GUIDE}"
        yield from self._gap()
        yield from self._item("enter", text, "$foreground", "bold $accent")

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
            yield DiagnosisRow(Content.styled("  What to do next", "bold $accent"))
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
        offered = _OFFERED_AFTER_TEST if self.is_test else _OFFERED_HERE
        parts = bullets(title, (each.replace(OFFER, offered) for each in statements))
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
            lead = duration(evidence.at_ms).rjust(TIME_WIDTH)
            yield from self._item(lead, evidence.text, "$foreground")
        yield DiagnosisRow(Content())

    def _text(self, text: str, style: str) -> Iterator[DiagnosisRow]:
        yield from map(DiagnosisRow, paragraph(text, self.width, style))

    def _item(
        self, lead: str, text: str, style: str, lead_style: str = "$quiet"
    ) -> Iterator[DiagnosisRow]:
        yield from map(DiagnosisRow, item(lead, text, self.width, style, lead_style))


def first_stop(record: Record) -> Stop:
    """Return the automatic cursor position: the running stage, then the verdict."""
    if record.report is not None:
        return VerdictStop()
    if record.current is not None:
        return StageStop(record.current)
    return StageStop(max(record.ladder, key=tuple(StageId).index, default=StageId.PROFILE))


def last_run(record: Record) -> str:
    """Return when the last check ran, for the border of the pane."""
    if record.past is not None and record.is_past:
        return f"checked {day_in_words(record.past.at, datetime.now(UTC))}"
    word = "started" if record.running else "checked"
    if record.started_at is None:
        return ""
    return f"{word} {time_of_day(record.started_at)} {zone_words(record.started_at)}"


def _chosen_cause(report: Report, selected: Stop) -> int | None:
    if not report.causes:
        return None
    if isinstance(selected, CauseStop) and selected.index < len(report.causes):
        return selected.index
    return 0
