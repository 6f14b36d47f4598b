"""The rows of the services screen: summary, matrix, legend, and the details beside them.

No I/O.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from textual.content import Content

from dcmecho.console.page import rows_of
from dcmecho.console.runs.state.record import Phase, Record
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.wrapping import MARGIN, item, paragraph
from dcmecho.diagnosis.services.catalogue import Syntax, catalogue
from dcmecho.diagnosis.services.model import (
    Answer,
    ContextReply,
    LikeOutcome,
    LikeResult,
    Matrix,
    ServicesResult,
    SopClassRow,
)
from dcmecho.diagnosis.services.service import Service
from dcmecho.diagnosis.services.summary import explain, listed, summary
from dcmecho.diagnosis.survey.survey import SurveyRequest
from dcmecho.diagnosis.target.target import Target
from dcmecho.report.page import Explained, Heading, Part, SentRequest, Summary
from dcmecho.report.services import SIGNS, answer_parts

_LABEL_WIDTH = 23
_CELL_WIDTH = 3


def _style(reply: ContextReply) -> str:
    match reply:
        case ContextReply.ACCEPTED:
            return "bold $tone-good"
        case (
            ContextReply.USER_REJECTION
            | ContextReply.NO_REASON
            | ContextReply.OTHER
            | ContextReply.UNANSWERED
        ):
            return "$tone-bad"
        case ContextReply.ABSTRACT_SYNTAX | ContextReply.TRANSFER_SYNTAX:
            return "$tone-warning"
        case ContextReply.NOT_ASKED:
            return "$quiet"
        case _:
            assert_never(reply)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One line of the matrix; ``about`` is its SOP class, if it has one."""

    content: Content
    about: SopClassRow | None = None


def matrix_rows(matrix: Matrix, width: int, symbols: Symbols) -> list[MatrixRow]:
    """Return the summary, every group with its SOP classes, and the legend of the signs."""
    rows = [*_summary(matrix, width), MatrixRow(Content())]
    for title, group in matrix.groups():
        rows.append(_heading(title, matrix.syntaxes))
        rows += [_row(each, matrix, symbols) for each in group]
        rows.append(MatrixRow(Content()))
    rows += map(MatrixRow, _legend(matrix, width, symbols))
    return rows


def _summary(matrix: Matrix, width: int) -> Iterator[MatrixRow]:
    for line in summary(matrix):
        lead = line.lead.ljust(11)
        for content in item(lead, line.text, width, "$foreground", "bold $accent"):
            yield MatrixRow(content)


def _heading(title: str, syntaxes: tuple[Syntax, ...]) -> MatrixRow:
    codes = "".join(syntax.code.rjust(_CELL_WIDTH) for syntax in syntaxes)
    name = title.ljust(_LABEL_WIDTH)
    return MatrixRow(Content.assemble(MARGIN, (name, "bold $accent"), (codes, "$quiet")))


def _row(row: SopClassRow, matrix: Matrix, symbols: Symbols) -> MatrixRow:
    parts: list[tuple[str, str]] = []
    for syntax in matrix.syntaxes:
        reply = row.of(syntax)
        sign = "" if reply is None else _sign(reply, symbols)
        style = "" if reply is None else _style(reply)
        parts.append((sign.rjust(_CELL_WIDTH), style))
    style = "$foreground" if row.accepted or not row.is_answered else "$quiet"
    label = row.sop_class.short.ljust(_LABEL_WIDTH)
    return MatrixRow(Content.assemble((label, style), *parts), row)


def _sign(reply: ContextReply, symbols: Symbols) -> str:
    return symbols.tick if reply is ContextReply.ACCEPTED else SIGNS[reply]


def _legend(matrix: Matrix, width: int, symbols: Symbols) -> Iterator[Content]:
    for reply in ContextReply:
        if any(cell.reply is reply for row in matrix.rows for cell in row.cells):
            yield from item(_sign(reply, symbols), reply.words, width, "$quiet", _style(reply))
    for syntax, name in zip(matrix.syntaxes, matrix.names, strict=True):
        yield from item(syntax.code, name, width, "$quiet")


def _outcome(outcome: LikeOutcome) -> tuple[Mark, str]:
    match outcome:
        case LikeOutcome.TAKEN:
            return (Mark.OK, "the peer accepts this object as it is")
        case LikeOutcome.NOT_AS_IT_IS:
            return (Mark.WARNING, "not with this transfer syntax")
        case LikeOutcome.REFUSED:
            return (Mark.FAILED, "the peer refuses this object")
        case LikeOutcome.NOT_ASKED:
            return (Mark.NOT_RUN, "unknown whether the peer accepts this object")
        case _:
            assert_never(outcome)


def like_line(like: LikeResult, symbols: Symbols) -> Content:
    """Return whether the peer would accept an object like a file, and its answer."""
    mark, words = _outcome(like.outcome)
    return Content.assemble(
        (f"{symbols.mark(mark)} ", mark.style),
        (like.kind.file, "bold"),
        (f": {words}. ", f"bold {mark.style}"),
        f"{like.summary[:1].upper() + like.summary[1:]}.",
    )


def beside_rows(
    target: Target, record: Record, about: SopClassRow | None, width: int, symbols: Symbols
) -> list[Content]:
    """Return the lines beside the matrix: running request, newest answer, chosen row, others."""
    result = record.services_of(target)
    rows = list(_state(record, result, width, symbols))
    newest = [each for each in Service if record.asked is not None and record.asked.asks(each)]
    if result is not None:
        rows += _answers(result, dict.fromkeys((*newest, *_FIRST)), width, symbols)
    if about is not None:
        rows += _about(about, width)
    if result is not None:
        rows += _answers(result, (s for s in _THEN if s not in newest), width, symbols)
    return rows


def introduction(width: int) -> Iterator[Content]:
    """Yield what each key asks, to show before the first answer."""
    most = SurveyRequest(matrix=True).most_associations
    yield from paragraph(
        f"enter opens {most} associations, 1 s apart, to ask for {len(catalogue().sop_classes)} SOP"
        " classes with every possible transfer syntax. It sends no query and no object.",
        width,
        "$foreground",
    )
    yield Content()
    yield from paragraph(
        "o asks whether the peer would accept an object like this DICOM file. It opens one"
        " association and sends no object.",
        width,
        "$quiet",
    )
    yield from paragraph(
        "f sends one C-FIND that matches nothing, to see whether you are allowed to query. It asks"
        " you first.",
        width,
        "$quiet",
    )
    yield from paragraph(
        "p sends association requests of 0.3 to 16 kB, to see whether the network path drops large"
        " packets. Images then stall although C-ECHO passes. It asks you first.",
        width,
        "$quiet",
    )
    yield from paragraph(
        "m asks the peer to send a test study back to you (C-MOVE), and says which part of the"
        " return connection fails. t stores a test image, and says whether the peer refuses it"
        " or the transfer stalls. Both ask you first.",
        width,
        "$quiet",
    )


def _state(
    record: Record, result: ServicesResult | None, width: int, symbols: Symbols
) -> Iterator[Content]:
    if record.phase is Phase.CANCELLING:
        mark, text = Mark.CANCELLED, "cancelling"
    elif record.doing:
        mark, text = Mark.RUNNING, f"{record.doing} (esc cancels)"
    elif record.running:
        mark, text = Mark.RUNNING, "this target is being checked"
    elif result is None:
        return
    elif result.refusal:
        mark, text = Mark.SKIPPED, result.refusal
    elif result.fault:
        mark, text = Mark.ERROR, result.fault
    elif result.cancelled:
        mark, text = Mark.CANCELLED, "cancelled: answers so far are shown"
    elif result.stopped is not None:
        mark, text = Mark.FAILED, result.stopped.title
    else:
        return
    yield from item(symbols.mark(mark), text, width, mark.style, mark.style)
    yield Content()


def _about(row: SopClassRow, width: int) -> Iterator[Content]:
    yield from paragraph(row.name, width, "bold")
    for sentence in explain(row):
        yield from paragraph(sentence, width, "$foreground")
    if row.accepted and len(row.accepted) < len(row.cells):
        yield from paragraph(f"Accepted: {listed(row.accepted)}.", width, "$foreground")
    yield Content.styled(f"{MARGIN}{row.sop_class.uid}", "$quiet")
    yield Content()


_FIRST = (Service.LIKE, Service.MOVE, Service.STORE)
"""Services whose answers are shown above the details of the chosen row."""

_THEN = tuple(service for service in Service if service not in _FIRST)


def _answers(
    result: ServicesResult, services: Iterable[Service], width: int, symbols: Symbols
) -> Iterator[Content]:
    for service in services:
        answer = result.answer(service)
        if answer is not None and (parts := _parts(service, answer)):
            yield from rows_of(parts, width, symbols)
            yield Content()


def _parts(service: Service, answer: Answer) -> Sequence[Part]:
    """Return the parts of one answer; none if the screen shows it elsewhere."""
    match answer:
        case Matrix():
            return ()
        case LikeResult():
            causes = [*map(Explained, answer.findings)]
            return [Heading(answer.kind.file), *causes] if causes else ()
        case _:
            return [Heading(service.row.title), *sorted(answer_parts(answer), key=_place)]


def _place(part: Part) -> int:
    """Return the sort key of a part: the meaning comes first, single requests last."""
    match part:
        case Summary():
            return 0
        case SentRequest():
            return 2
        case _:
            return 1
