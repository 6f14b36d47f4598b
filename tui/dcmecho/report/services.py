"""The answers of a survey as plain ASCII text, 78 columns at most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import assert_never

from dcmecho.diagnosis.duration import duration
from dcmecho.diagnosis.move.model import MoveResult
from dcmecho.diagnosis.services.model import (
    Answer,
    ContextReply,
    LikeResult,
    Matrix,
    ProbeRequest,
    ProbeResult,
    ProbeStep,
    QueryResult,
    ServicesResult,
    SopClassRow,
)
from dcmecho.diagnosis.services.service import Service
from dcmecho.diagnosis.services.summary import summary
from dcmecho.diagnosis.store.model import StoreResult
from dcmecho.report.move_and_store import move_parts, store_parts
from dcmecho.report.page import Explained, Part, SentRequest, Summary
from dcmecho.report.plain import plain_lines
from dcmecho.report.wrapping import wrap

SIGNS: Mapping[ContextReply, str] = MappingProxyType(
    {
        ContextReply.ACCEPTED: "+",
        **{reply: str(reply.result) for reply in ContextReply if reply.is_refused and reply.result},
        ContextReply.OTHER: "!",
        ContextReply.UNANSWERED: "?",
        ContextReply.NOT_ASKED: "-",
    }
)
"""The ASCII sign of each answer."""

LEGEND = (
    "+ accepted   refused: 1 user rejection, 2 no reason, 3 SOP class, 4 syntax",
    "! refused with another number, ? not answered, - not asked, empty: not offered",
)

_LABEL_WIDTH = 24
_LEAD_WIDTH = 12


def render_services(result: ServicesResult) -> str:
    """Return every answer as text that ends with a newline, or an empty string if none."""
    lines: list[str] = []
    if result.refusal:
        lines += ["", f"Services: {result.refusal}"]
    if result.fault:
        lines += ["", *wrap(f"Services: {result.fault}", "", "  ")]
    for service in Service:
        if (answer := result.answer(service)) is not None:
            lines += ["", _heading(service, answer), *_lines(answer)]
    if result.stopped is not None:
        lines += ["", *wrap(f"Stopped: {result.stopped.title}", "", "  ")]
    if result.cancelled:
        lines += ["", "Services: cancelled. The answers so far are shown."]
    return "".join(f"{line}\n" for line in lines)


def _heading(service: Service, answer: Answer) -> str:
    title = service.row.title
    if not isinstance(answer, LikeResult):
        return title
    return f"{title} {answer.kind.file}" if answer.kind.file else f"{title} one file"


def _lines(answer: Answer) -> Iterator[str]:
    return _matrix(answer) if isinstance(answer, Matrix) else plain_lines(answer_parts(answer))


def answer_parts(
    answer: LikeResult | QueryResult | ProbeResult | MoveResult | StoreResult,
) -> Iterator[Part]:
    """Yield the parts that report one answer, in order of events."""
    match answer:
        case LikeResult():
            yield Summary(answer.summary)
        case QueryResult():
            yield Summary(answer.summary, elapsed_ms=answer.elapsed_ms)
        case ProbeResult():
            yield from (SentRequest(_request_text(each)) for each in answer.requests)
            yield Summary(answer.summary)
        case MoveResult():
            yield from move_parts(answer)
        case StoreResult():
            yield from store_parts(answer)
        case _:
            assert_never(answer)
    yield from map(Explained, answer.findings)


def _matrix(matrix: Matrix) -> Iterator[str]:
    for line in summary(matrix):
        yield from _led(line.lead, line.text)
    yield ""
    yield " " * _LABEL_WIDTH + " ".join(syntax.code for syntax in matrix.syntaxes)
    for title, rows in matrix.groups():
        yield title
        yield from (_row(row, matrix) for row in rows)
    yield ""
    yield from (line for legend in LEGEND for line in wrap(legend, "", ""))
    keys = [
        f"{syntax.code}  {name}" for syntax, name in zip(matrix.syntaxes, matrix.names, strict=True)
    ]
    yield from (line for key in keys for line in wrap(key, "  ", " " * 6))


def _row(row: SopClassRow, matrix: Matrix) -> str:
    answers = [row.of(syntax) for syntax in matrix.syntaxes]
    signs = " ".join((SIGNS[reply] if reply else "").rjust(2) for reply in answers)
    return f"  {row.sop_class.short:{_LABEL_WIDTH - 2}}{signs}".rstrip()


def _request_text(sounding: ProbeRequest) -> str:
    """Return one request of the probe in a line: size, segments, answer, TCP figures."""
    small = " in small segments" if sounding.small_segments else ""
    text = f"{sounding.request_bytes:6} bytes{small}: {sounding.text}"
    if sounding.step is ProbeStep.ANSWERED:
        text += f" in {duration(sounding.elapsed_ms)}"
    if (tcp := sounding.tcp) is not None:
        text += f" (segment {tcp.segment_bytes}, path MTU {tcp.path_mtu_bytes}"
        text += f", {tcp.total_retransmits} retransmitted)"
    return text


def _led(lead: str, text: str) -> list[str]:
    return wrap(text, f"  {lead:{_LEAD_WIDTH}}", " " * (_LEAD_WIDTH + 2))
