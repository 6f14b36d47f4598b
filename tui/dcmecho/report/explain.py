"""What texts tell of associations, as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dcmecho.diagnosis.conclusion.clock import as_written
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.observed.association import (
    UNKNOWN_PORT,
    NextKind,
    NextStep,
    ObservedAssociation,
)
from dcmecho.diagnosis.sanitize import title_words
from dcmecho.diagnosis.texts.explaining import Explained
from dcmecho.report.diagnose import verdict_line
from dcmecho.report.page import Explained as ExplainedCause
from dcmecho.report.page import Gap, Heading, Item, Part, Text, bullets, causes_heading
from dcmecho.report.plain import plain_lines

_UNKNOWN = (
    "This text is not known: there is nothing about DICOM connections in it that dcmecho"
    " recognizes. Paste the lines of the DICOM program itself, from where it requests or receives"
    " the association to where it gives up, as detailed as it can log (DCMTK: -v, or -d)."
)
_FINE = "No failure seen: {}, all without one that dcmecho knows."
_NOTHING_ENDS = "No failure seen. The text has no line that dcmecho knows as one."


def render(found: Explained) -> str:
    """Return all that is told; it ends with a newline."""
    return "".join(f"{line}\n" for line in plain_lines(_parts(found)))


def render_one(observed: ObservedAssociation) -> str:
    """Return what is told of one association; it ends with a newline."""
    return "".join(f"{line}\n" for line in plain_lines(association_parts(observed)))


def _parts(found: Explained) -> Iterator[Part]:
    if not found.is_dicom or not found.failures:
        yield from parts_without_failure(found)
        return
    for number, each in enumerate(found.failures):
        if number:
            yield Gap()
        yield from association_parts(each)
    yield from _rest(found)


def parts_without_failure(found: Explained) -> Iterator[Part]:
    """Yield why nothing is told: the texts are not known, or nothing failed in them."""
    if not found.is_dicom:
        yield Text(_UNKNOWN)
    elif found.fine:
        yield Text(_FINE.format(count(found.fine, "association")))
    else:
        yield Text(_NOTHING_ENDS)


def _rest(found: Explained) -> Iterator[Part]:
    if found.fine or found.untold:
        yield Gap()
    if found.fine:
        yield Text(f"{count(found.fine, 'other association')} without a failure.")
    if found.untold:
        yield Text(f"{count(found.untold, 'more failure')} of other kinds.")


def association_parts(observed: ObservedAssociation) -> Iterator[Part]:
    """Yield what is told of one association that failed."""
    report = observed.report
    yield Heading(verdict_line(report))
    if facts := ", ".join(_facts(observed)):
        yield Text(facts)
    for evidence in report.stages[0].evidence[:2]:
        if evidence.text != report.verdict.title:
            yield Item("wrote:", evidence.text)
    yield Gap()
    yield Heading(causes_heading(observed.causes))
    first = observed.causes[0].confidence
    for cause in observed.causes:
        yield ExplainedCause(cause, whole=cause.confidence is first)
    yield from bullets("The text does not tell", report.not_proven)
    if observed.next_step is not None:
        yield Gap()
        yield from next_parts(observed.next_step)


def _facts(observed: ObservedAssociation) -> Iterator[str]:
    target, alike = observed.report.target, observed.alike
    if observed.service:
        yield observed.service
    if target.calling_ae or target.called_ae:
        calling = title_words(target.calling_ae) if target.calling_ae else "?"
        yield f"{calling} -> {title_words(target.called_ae) if target.called_ae else '?'}"
    if target.host:
        port = "" if target.port == UNKNOWN_PORT else f" port {target.port}"
        yield f"{target.host}{port}"
    if alike.times > 1:
        yield f"{alike.times} times{_since(alike.since)}{_callers(alike.callers)}"
    elif observed.is_time_known:
        yield as_written(observed.report.started)


def _since(at: datetime | None) -> str:
    return "" if at is None else f" since {as_written(at)}"


def _callers(callers: tuple[str, ...]) -> str:
    if not callers:
        return ""
    return f", all from {callers[0]}" if len(callers) == 1 else f", from {', '.join(callers)}"


def next_parts(step: NextStep) -> Iterator[Part]:
    """Yield the one thing that splits what is left."""
    yield Heading("Next")
    match step.kind:
        case NextKind.COMMAND:
            yield Text(step.command)
            yield Text(step.text)
        case NextKind.OTHER_LOG:
            yield Text(f"Look {step.text}")
        case NextKind.PASTE:
            yield Text(step.text)
