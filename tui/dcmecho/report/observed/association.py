"""What is told of one association that others made, from a text or from packets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dcmecho.diagnosis.conclusion.clock import as_written, moment
from dcmecho.diagnosis.duration import duration
from dcmecho.diagnosis.observed.association import (
    C_ECHO,
    UNKNOWN_PORT,
    EndedBy,
    NextKind,
    NextStep,
    ObservedAssociation,
)
from dcmecho.diagnosis.report import Report, Source
from dcmecho.diagnosis.sanitize import title_words
from dcmecho.diagnosis.stage import StageId, Status
from dcmecho.report.diagnose import verdict_line
from dcmecho.report.page import (
    Explained,
    Gap,
    Heading,
    Item,
    Part,
    Step,
    StepState,
    Text,
    bullets,
    causes_heading,
)

_MOST_SHOWN = 5


def association_parts(observed: ObservedAssociation, beside: Iterable[str] = ()) -> Iterator[Part]:
    """Yield what is told of one association that failed.

    ``beside`` is what the targets of the profile file say about it.
    """
    report = observed.report
    yield Heading(headline(observed))
    if facts := facts_line(observed):
        yield Text(facts)
    is_text = report.source is Source.TEXT
    yield from _steps(report)
    for evidence in report.stages[-1].evidence[:_MOST_SHOWN]:
        if evidence.text != report.verdict.title:
            yield Item("wrote:" if is_text else "packets:", evidence.text)
    for words in beside:
        yield Item("target:", words)
    if observed.causes:
        yield Gap()
        yield Heading(causes_heading(observed.causes))
        first = observed.causes[0].confidence
        for cause in observed.causes:
            yield Explained(cause, whole=cause.confidence is first)
    source = "text" if is_text else "capture"
    yield from bullets(f"The {source} does not tell", report.not_proven)
    if observed.next_step is not None:
        yield Gap()
        yield from next_parts(observed.next_step)


def _steps(report: Report) -> Iterator[Part]:
    """Yield the stages that were passed, with their times, and when the last was answered."""
    *passed, last = report.stages
    for stage in passed:
        took = _took(stage.elapsed_ms)
        text = f"{took}: {stage.summary}" if took else stage.summary
        yield Step(StepState.PASSED, stage.id.row.label, text)
    if took := _took(last.elapsed_ms):
        state = StepState.FAILED if last.status is Status.FAILED else StepState.UNKNOWN
        yield Step(state, last.id.row.label, f"{took}: {last.summary}")


def _took(elapsed_ms: float | None) -> str:
    if elapsed_ms is None:
        return ""
    return f"{elapsed_ms:.2g} ms" if elapsed_ms < 1 else duration(elapsed_ms)


def headline(observed: ObservedAssociation) -> str:
    """Return ``FAILED at AE titles: ...``; a command that is not known is not called C-ECHO."""
    verdict, service = observed.report.verdict, observed.service
    if verdict.stage is StageId.CONTEXT and service != C_ECHO:
        return f"{verdict.status.capitals} at the presentation contexts: {verdict.title}"
    if verdict.stage is StageId.ECHO and not service:
        return f"{verdict.status.capitals} at a command: {verdict.title}"
    if verdict.stage is StageId.SERVICE and service:
        return f"{verdict.status.capitals} at {service}: {verdict.title}"
    return verdict_line(observed.report)


def facts_line(observed: ObservedAssociation) -> str:
    """Return the command, the titles, the addresses, how often and when, as far as known."""
    return ", ".join(_facts(observed))


def _facts(observed: ObservedAssociation) -> Iterator[str]:
    target, alike = observed.report.target, observed.alike
    if observed.service:
        yield observed.service
    if target.calling_ae or target.called_ae:
        calling = title_words(target.calling_ae) if target.calling_ae else "?"
        yield f"{calling} -> {title_words(target.called_ae) if target.called_ae else '?'}"
    if observed.client:
        yield f"{observed.client} -> {observed.server or '?'}"
    elif target.host:
        port = "" if target.port == UNKNOWN_PORT else f" port {target.port}"
        yield f"{target.host}{port}"
    write = as_written if observed.report.source is Source.TEXT else moment
    if alike.times > 1:
        since = "" if alike.since is None else f" since {write(alike.since)}"
        yield f"{alike.times} times{since}{_callers(alike.callers)}"
    elif observed.is_time_known:
        yield write(observed.report.started)
    if observed.ended_by is not EndedBy.UNKNOWN:
        yield f"ended by: {observed.ended_by.value}"


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
