"""The rows of an explanation: the failures, one line each, and what is told of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from textual.content import Content

from dcmecho.console.page import rows_of
from dcmecho.console.runs.log_buffer import LogBuffer, LogEntry
from dcmecho.console.symbols import Mark, Symbols, verdict_mark
from dcmecho.console.words import CONFIDENCE_WIDTH
from dcmecho.console.wrapping import paragraph
from dcmecho.diagnosis.observed.association import UNKNOWN_PORT, ObservedAssociation
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.tls_keys import TargetKey
from dcmecho.diagnosis.texts.explaining import Explained
from dcmecho.report.observed.association import association_parts, headline, next_parts
from dcmecho.report.observed.explain import parts_without_failure
from dcmecho.report.page import Gap, Heading, Item, Part

_WAITING = (
    "Paste what another program wrote: one line, or a page of its log. Or type the path of a log,"
    " or of a capture (pcap), and press enter. dcmecho then says what failed, what can be the"
    " cause, what the text cannot tell, and what to do next. Nothing is sent and nothing is kept."
)


def waiting_rows(width: int) -> Iterator[Content]:
    """Yield what to do before anything was read."""
    yield from paragraph(_WAITING, width, "$quiet")


def failure_rows(failures: Sequence[ObservedAssociation], symbols: Symbols) -> Iterator[Content]:
    """Yield one line for each failure."""
    for each in failures:
        mark = verdict_mark(each.report.verdict.status)
        times = f"{each.alike.times} times  " if each.alike.times > 1 else ""
        yield Content.assemble(
            (f"{symbols.mark(mark)} ", mark.style),
            (times, "bold"),
            each.report.verdict.title,
            (f"  {_titles(each)}", "$quiet"),
        )


def _titles(observed: ObservedAssociation) -> str:
    target = observed.report.target
    if not target.calling_ae and not target.called_ae:
        return target.host
    return f"{target.calling_ae or '?'} -> {target.called_ae or '?'}"


def explanation_rows(
    observed: ObservedAssociation, width: int, symbols: Symbols
) -> Iterator[Content]:
    """Yield what is told of one failure: in short what fits a small screen, then all of it."""
    yield from rows_of(_in_short(observed), width, symbols)
    _heading, *details = association_parts(observed)
    yield from rows_of(details, width, symbols)


def _in_short(observed: ObservedAssociation) -> Iterator[Part]:
    yield Heading(headline(observed))
    for cause in observed.causes:
        lead = cause.confidence.value.ljust(CONFIDENCE_WIDTH)
        yield Item(lead, f"{cause.title}  ({cause.who.short})")
    if observed.next_step is not None:
        yield from next_parts(observed.next_step)
    yield Gap()


def rows_without_failure(found: Explained, width: int, symbols: Symbols) -> Iterator[Content]:
    """Yield why nothing is told."""
    yield from rows_of(parts_without_failure(found), width, symbols)


def mark_of(found: Explained) -> Mark:
    """Return the state of the whole text."""
    if not found.is_dicom:
        return Mark.WARNING
    return Mark.FAILED if found.failures else Mark.OK


def log_of(observed: ObservedAssociation) -> LogBuffer:
    """Return what passed, for the log pane."""
    log = LogBuffer()
    started = observed.report.started
    log.extend(
        LogEntry(started + timedelta(milliseconds=line.at_ms), line) for line in observed.log
    )
    return log


def values_of(observed: ObservedAssociation) -> Mapping[TargetKey, str]:
    """Return the values that a new target starts with: those that the text tells."""
    target = observed.report.target
    values: dict[TargetKey, str] = {
        Field.HOST: target.host,
        Field.PORT: "" if target.port == UNKNOWN_PORT else str(target.port),
        Field.CALLED_AE: target.called_ae,
        Field.CALLING_AE: target.calling_ae,
    }
    return {key: value for key, value in values.items() if value}
