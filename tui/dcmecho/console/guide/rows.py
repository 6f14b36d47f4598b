"""The lines of the guide: a page, its choices, and the findings beside them. No I/O."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from textual.content import Content

from dcmecho.console.diagnose.announcing import outcome_words, sent_words
from dcmecho.console.guide.page import Choice, Page
from dcmecho.console.page import rows_of
from dcmecho.console.runs.guide_progress import GuideProgress
from dcmecho.console.runs.state.record import Record
from dcmecho.console.symbols import Mark, Symbols, status_mark, verdict_mark
from dcmecho.console.words import CONFIDENCE_WIDTH, confidence_style
from dcmecho.console.wrapping import MARGIN, item, paragraph
from dcmecho.diagnosis.cause import Cause, CauseId, Confidence
from dcmecho.diagnosis.guide.walk import StruckOut
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import Status, ladder_of
from dcmecho.diagnosis.target.target import Target
from dcmecho.report.page import causes_heading


def page_rows(page: Page, width: int, symbols: Symbols) -> Iterator[Content]:
    """Yield the text of a page."""
    if page.mark is None:
        yield from paragraph(page.title, width, "bold $accent")
    else:
        style = f"bold {page.mark.style}"
        yield from item(symbols.mark(page.mark), page.title, width, style, style)
    yield Content()
    yield from rows_of(page.parts, width, symbols)


def choice_rows(choices: Sequence[Choice]) -> Iterator[Content]:
    """Yield one line per choice; the list draws the cursor."""
    for choice in choices:
        key = f"{MARGIN}{choice.key}" if choice.key else ""
        yield Content.assemble(choice.label, (key, "bold $accent"))


def known_rows(
    target: Target, record: Record, guide_progress: GuideProgress, width: int, symbols: Symbols
) -> Iterator[Content]:
    """Yield the verdict, the remaining and excluded causes, experiments and changes."""
    report = guide_progress.walk.report if guide_progress.walk else record.new_report
    if record.running and record.trial is None:
        yield from _ladder(target, record, symbols)
        return
    if report is None or guide_progress.walk is None:
        yield from paragraph("Nothing is known yet.", width, "$quiet")
        yield from _changes(guide_progress, width)
        return
    mark = verdict_mark(report.verdict.status)
    title = report.verdict.title
    yield from item(symbols.mark(mark), title, width, mark.style, mark.style)
    yield from _causes(guide_progress.walk.causes, width, symbols)
    struck = guide_progress.walk.struck_out()
    yield from _struck_out(struck, width, symbols)
    yield from _tried(report, {each.why for each in struck}, width, symbols)
    yield from _changes(guide_progress, width)


def _ladder(target: Target, record: Record, symbols: Symbols) -> Iterator[Content]:
    for stage in ladder_of(target):
        result = record.stages.get(stage)
        mark = status_mark(result.status) if result else Mark.NOT_RUN
        if record.current is stage:
            mark = Mark.RUNNING
        if result is None or result.status is not Status.NOT_REACHED:
            yield Content.assemble(MARGIN, (symbols.mark(mark), mark.style), f" {stage.row.label}")


def _causes(causes: Sequence[Cause[CauseId]], width: int, symbols: Symbols) -> Iterator[Content]:
    if not causes:
        return
    proven = causes[0].confidence is Confidence.PROVEN
    yield from _heading(causes_heading(causes) if proven else "Still possible")
    for number, cause in enumerate(causes):
        lead = cause.confidence.value.ljust(CONFIDENCE_WIDTH)
        style = confidence_style(cause.confidence)
        yield from item(lead, cause.title, width, "", style)
        for each in () if number else cause.behind:
            sign = symbols.bullet.rjust(CONFIDENCE_WIDTH)
            yield from item(sign, f"{each.text} ({each.who.short})", width)


def _struck_out(struck: Sequence[StruckOut], width: int, symbols: Symbols) -> Iterator[Content]:
    if not struck:
        return
    yield from _heading("Ruled out")
    lead = symbols.mark(Mark.RULED_OUT)
    for each, following in zip(struck, [*struck[1:], None], strict=True):
        title = each.cause.title
        yield from item(lead, title, width, "strike $quiet", Mark.RULED_OUT.style)
        if following is None or following.why != each.why:
            yield from item(" " * len(lead), each.why, width, "$quiet")


def _tried(
    report: Report, told: Collection[str], width: int, symbols: Symbols
) -> Iterator[Content]:
    """Yield every experiment; outcomes in ``told`` are shown already under "Ruled out"."""
    if not report.experiments:
        return
    yield from _heading("Tried")
    for each in report.experiments:
        yield from item(symbols.bullet, sent_words(each), width)
        if each.split not in told:
            yield from item(" ", outcome_words(each), width, "$quiet")


def _changes(guide_progress: GuideProgress, width: int) -> Iterator[Content]:
    edits = [edit for change in guide_progress.changes for edit in change.edits]
    if not edits:
        return
    yield from _heading("Changed in the file")
    for edit in edits:
        yield from paragraph(f"{edit.field} = {edit.value}", width)


def _heading(title: str) -> Iterator[Content]:
    yield Content()
    yield Content.styled(f"{MARGIN}{title}", "bold $accent")
