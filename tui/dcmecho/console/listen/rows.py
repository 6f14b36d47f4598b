"""The lines of the listener screen: addresses, callers, and one call in full. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import assert_never

from textual.content import Content

from dcmecho.console.page import rows_of
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.wrapping import item, paragraph
from dcmecho.diagnosis.conclusion.clock import time_of_day, zone_words
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.listen.book import CallBook, JudgedCall, ListeningOutcome, left_s
from dcmecho.diagnosis.listen.events import StopReason
from dcmecho.diagnosis.listen.verdict import CallFindingId, Expectation, Grade
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.sanitize import own_text
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
            return "unreadable request"
        case CallFindingId.TLS:
            return "TLS on a plain port"
        case CallFindingId.NOT_DICOM:
            return "not DICOM"
        case CallFindingId.SILENT:
            return "sent nothing"
        case CallFindingId.UNFINISHED:
            return "unfinished request"
        case _:
            assert_never(finding)


def heading(book: CallBook, now: datetime) -> Content:
    """Return where dcmecho listens and the minutes left, or that it has stopped."""
    lead = (" Listener ", "bold $accent")
    if book.started is None:
        return Content.assemble(lead, " not listening")
    where = _where(book.started.bound)
    title = f" as {book.expected.title}" if book.expected.title else ""
    if book.stopped is None:
        left = _left(left_s(book.started, now))
        return Content.assemble(lead, (f" Listening on {where}{title}", "bold"), f", {left}")
    over = book.stopped.reason is StopReason.TIME_OVER
    why = "time is up" if over else "stopped"
    return Content.assemble(lead, f" Listened on {where}{title}: {why}")


def _where(bound: Sequence[Address]) -> str:
    """Return the endpoints; if all share an address, it is named once."""
    first, *others = bound
    same = all(each.ip == first.ip for each in others)
    return ", ".join([str(first), *(str(each.port) if same else str(each) for each in others)])


def registration_line(book: CallBook, addresses: Sequence[str]) -> Content:
    """Return what the peer must have registered."""
    if book.started is None:
        return Content()
    parts: list[tuple[str, str]] = [(" The peer needs:", "$quiet")]
    for label, value in _registration(book.expected, book.started.bound[0], addresses):
        parts += [(f"  {label} ", "$quiet"), (value, "bold")]
    return Content.assemble(*parts)


def registration_text(book: CallBook, addresses: Sequence[str]) -> str:
    """Return the same as plain text to copy; empty before the listener has started."""
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
    """Return the expected caller, its addresses, and the key that changes it."""
    expected = book.expected
    lead = (" Expected (e changes):", "$quiet")
    if not expected.peer:
        return Content.assemble(lead, ("  any caller", "bold"))
    place = " or ".join(sorted(expected.addresses))
    if looking_up:
        place = f"{own_text(host)} (looking it up)"
    elif not place:
        place = f"anywhere (no address known for {own_text(host)})"
    return Content.assemble(
        lead,
        (f"  {expected.peer}", "bold"),
        (" as ", "$quiet"),
        (str(expected.calling), "bold"),
        (" from ", "$quiet"),
        (place, "bold"),
    )


def callers_title(book: CallBook) -> Content:
    """Return the number of calls, and the outcome."""
    away = book.closed_unread
    parts = [count(book.calls, "call")]
    if book.calls:
        parts.append(_outcome(book))
        if book.started is not None:
            parts.append(f"times {zone_words(book.started.at)}")
    if away is not None:
        parts.append(f"{away.times} closed unread")
    return Content(", ".join(parts))


def _outcome(book: CallBook) -> str:
    match book.outcome:
        case ListeningOutcome.REACHED:
            return f"{book.expected.peer or 'a caller'} reached you"
        case ListeningOutcome.WRONG:
            return "none as expected"
        case ListeningOutcome.NOTHING:
            return "none yet"


def caller_row(judged: JudgedCall, width: int, symbols: Symbols) -> Content:
    """Return one call in one line: time, caller and findings."""
    mark = _mark(judged.verdict.grade)
    call = judged.call
    return Content.assemble(
        (symbols.mark(mark), mark.style),
        (f" {time_of_day(call.at)}", "$quiet"),
        (f"  {called_by(call)}", "bold"),
        f"  {_in_short(judged)}",
    ).truncate(max(1, width), ellipsis=True)


def call_rows(
    judged: JudgedCall, names: Mapping[str, str], width: int, symbols: Symbols
) -> Iterator[Content]:
    """Yield one call in full; ``names`` are the names of addresses in the profile file."""
    mark = _mark(judged.verdict.grade)
    sign = symbols.mark(mark)
    title = f"{judged.call.source.ip} {judged.verdict.title}"
    yield from item(sign, title, width, f"bold {mark.style}", mark.style)
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
    """Yield what is shown while no call has arrived."""
    if book.stopped is None:
        text = "No call has arrived yet. Start Verify (C-ECHO) at the peer."
        yield from paragraph(text, width, "bold")
        lead = "If nothing arrives, possible reasons:"
    else:
        yield from paragraph("Nothing arrived.", width, "bold")
        lead = "Possible reasons:"
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
