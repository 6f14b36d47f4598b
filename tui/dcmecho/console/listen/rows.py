"""The listener's screen as lines: where we listen, who called, and one call in full. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import assert_never

from textual.content import Content

from dcmecho.console.page import rows_of
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.wrapping import item, paragraph
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.listen.book import CallBook, JudgedCall, ListeningOutcome, left_s
from dcmecho.diagnosis.listen.events import StopReason
from dcmecho.diagnosis.listen.verdict import CallFindingId, Expectation, Grade
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.sanitize import printable
from dcmecho.report.call_facts import call_facts, called_by, fact


def _mark(grade: Grade) -> Mark:
    match grade:
        case Grade.REACHED:
            return Mark.OK
        case Grade.ODD | Grade.NO_REQUEST:
            return Mark.WARNING
        case Grade.OTHER:
            return Mark.FAILED
        case Grade.UNDER_WAY:
            return Mark.RUNNING
        case _:
            assert_never(grade)


def _brief(finding: CallFindingId) -> str:
    match finding:
        case CallFindingId.WRONG_PORT:
            return "wrong port"
        case CallFindingId.WRONG_TITLE:
            return "wrong title"
        case CallFindingId.UNEXPECTED_ADDRESS:
            return "unexpected address"
        case CallFindingId.OTHER_CALLING_TITLE:
            return "other calling title"
        case CallFindingId.ODD_TITLE:
            return "odd title"
        case CallFindingId.UNREADABLE:
            return "request that cannot be read"
        case CallFindingId.TLS:
            return "TLS on a plain port"
        case CallFindingId.NOT_DICOM:
            return "not DICOM"
        case CallFindingId.SILENT:
            return "said nothing"
        case CallFindingId.UNFINISHED:
            return "unfinished request"
        case _:
            assert_never(finding)


def heading(book: CallBook, now: datetime) -> Content:
    """Where we listen and for how long, or that it is over. Changes once a minute."""
    lead = (" Listener ", "bold $accent")
    if book.started is None:
        return Content.assemble(lead, " not listening")
    where = _where(book.started.bound)
    title = f" as {book.expected.title}" if book.expected.title else ""
    if book.stopped is None:
        left = _left(left_s(book.started, now))
        return Content.assemble(lead, (f" Listening on {where}{title}", "bold"), f", {left}")
    over = book.stopped.reason is StopReason.TIME_OVER
    why = "its time is over" if over else "stopped"
    return Content.assemble(lead, f" Listened on {where}{title}: {why}")


def _where(bound: Sequence[Address]) -> str:
    """The ends; of one address only the first with it."""
    first, *others = bound
    same = all(each.ip == first.ip for each in others)
    return ", ".join([str(first), *(str(each.port) if same else str(each) for each in others)])


def registration_line(book: CallBook, addresses: Sequence[str]) -> Content:
    """What the other side has to have in its table."""
    if book.started is None:
        return Content()
    parts: list[tuple[str, str]] = [(" The other side needs:", "$quiet")]
    for label, value in _registration(book.expected, book.started.bound[0], addresses):
        parts += [(f"  {label} ", "$quiet"), (value, "bold")]
    return Content.assemble(*parts)


def registration_text(book: CallBook, addresses: Sequence[str]) -> str:
    """The same in a line for the peer's administrator; empty before the listener began."""
    if book.started is None:
        return ""
    parts = _registration(book.expected, book.started.bound[0], addresses)
    return ", ".join(f"{label} {value}" for label, value in parts)


def _registration(
    expected: Expectation, first: Address, addresses: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    outside = [each for each in addresses if not each.startswith("127.")]
    address = " or ".join(outside or addresses) if first.is_unspecified else first.ip
    title = str(expected.title) if expected.title else "(any)"
    return (("AE title", title), ("address", address), ("port", str(first.port)))


def expectation_line(book: CallBook, host: str, *, looking_up: bool) -> Content:
    """Whom we expect, where that peer calls from, and how to change it."""
    expected = book.expected
    lead = (" We expect (e changes):", "$quiet")
    if not expected.peer:
        return Content.assemble(lead, ("  anybody", "bold"))
    place = " or ".join(sorted(expected.addresses))
    if looking_up:
        place = f"{printable(host)} (looking it up)"
    elif not place:
        place = f"anywhere ({printable(host)} has no address here)"
    return Content.assemble(
        lead,
        (f"  {expected.peer}", "bold"),
        (" as ", "$quiet"),
        (str(expected.calling), "bold"),
        (" from ", "$quiet"),
        (place, "bold"),
    )


def callers_title(book: CallBook) -> Content:
    """How many called, and what it comes to."""
    away = book.turned_away
    parts = [count(book.calls, "call")]
    if book.calls:
        parts.append(_outcome(book))
    if away is not None:
        parts.append(f"{away.times} turned away")
    return Content(", ".join(parts))


def _outcome(book: CallBook) -> str:
    match book.outcome:
        case ListeningOutcome.REACHED:
            return f"{book.expected.peer or 'somebody'} reached us"
        case ListeningOutcome.WRONG:
            return "nobody as expected"
        case ListeningOutcome.NOTHING:
            return "nobody yet"


def caller_row(judged: JudgedCall, width: int, symbols: Symbols) -> Content:
    """One call in one line: when, who, and what is to be said about it."""
    mark = _mark(judged.verdict.grade)
    call = judged.call
    return Content.assemble(
        (symbols.mark(mark), mark.style),
        (f" {call.at.astimezone():%H:%M:%S}", "$quiet"),
        (f"  {called_by(call)}", "bold"),
        f"  {_in_short(judged)}",
    ).truncate(max(1, width), ellipsis=True)


def call_rows(
    judged: JudgedCall, names: Mapping[str, str], width: int, symbols: Symbols
) -> Iterator[Content]:
    """One call in full; ``names`` are the operator's own names for addresses."""
    mark = _mark(judged.verdict.grade)
    sign = symbols.mark(mark)
    said = f"{judged.call.source.ip} {judged.verdict.title}"
    yield from item(sign, said, width, f"bold {mark.style}", mark.style)
    for finding in judged.verdict.findings[1:]:
        yield from item(" " * len(sign), f"and {finding.text}", width, mark.style)
    for finding in judged.verdict.findings:
        yield from item(" " * len(sign), finding.action, width, "$foreground")
    yield Content()
    known = names.get(judged.call.source.ip)
    named = () if known is None else (fact("In the file", known),)
    yield from rows_of((*named, *call_facts(judged.call)), width, symbols)


def waiting_rows(
    book: CallBook, absences: Iterable[str], width: int, symbols: Symbols
) -> Iterator[Content]:
    """What stands there while nobody has called."""
    if book.stopped is None:
        text = "Nobody has called yet. Start Verify (C-ECHO) on the other side."
        yield from paragraph(text, width, "bold")
        lead = "Where nothing comes, it can be:"
    else:
        yield from paragraph("Nothing came.", width, "bold")
        lead = "It can be:"
    yield Content()
    yield from paragraph(lead, width, "$quiet")
    for each in absences:
        yield from item(symbols.bullet, each, width)


def _in_short(judged: JudgedCall) -> str:
    if judged.verdict.findings:
        return ", ".join(dict.fromkeys(_brief(each.id) for each in judged.verdict.findings))
    return judged.verdict.title


def _left(seconds: float) -> str:
    if seconds < 60:
        return "less than a minute left"
    return f"{round(seconds / 60)} min left"
