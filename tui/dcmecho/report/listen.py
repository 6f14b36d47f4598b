"""The calls to a listener as plain text for a terminal, mail or ticket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from dcmecho.diagnosis.conclusion.clock import time_of_day, zone_words
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.listen.book import CallBook, JudgedCall, registration
from dcmecho.diagnosis.listen.calls import AeTitle
from dcmecho.diagnosis.listen.verdict import Expectation, Grade
from dcmecho.diagnosis.network.connection import Address
from dcmecho.report.call_facts import call_facts, called_by
from dcmecho.report.page import bullets
from dcmecho.report.plain import plain_lines
from dcmecho.report.wrapping import wrap


def _mark(grade: Grade) -> str:
    match grade:
        case Grade.REACHED:
            return "ok"
        case Grade.ODD:
            return "warn"
        case Grade.OTHER | Grade.NO_REQUEST:
            return "FAIL"
        case Grade.UNDER_WAY:
            return ".."
        case _:
            assert_never(grade)


_SHOWN_CONTEXTS = 8


def render_call(judged: JudgedCall, *, whole: bool, brief: bool = False) -> str:
    """Return one call, ending with a newline.

    ``whole`` lists every presentation context, ``brief`` nothing that the caller requests.
    """
    lines = _brief(judged) if brief else _call(judged, whole=whole)
    return "\n".join(lines) + "\n"


def render_summary(book: CallBook, explanations: Sequence[str]) -> str:
    """Return the outcome, and possible reasons if no call arrived. Ends with a newline."""
    lines = wrap(f"{book.outcome.value.upper()}: {book.sentence}", "", "  ")
    if book.closed_unread is not None:
        away = book.closed_unread
        text = (
            f"{count(away.times, 'connection')} closed unread. The last was from {away.address}:"
            f" {away.reason}."
        )
        lines += wrap(text, "  ", "  ")
    lines += plain_lines(bullets("Possible reasons", explanations))
    return "\n".join(lines) + "\n"


def render_book(book: CallBook, explanations: Sequence[str]) -> str:
    """Return the listening addresses, the expected caller, the outcome and each kept call."""
    head = [f"Listened on {address}" for address in book.started.bound] if book.started else []
    head += expected_callers(book.expected)
    calls = [render_call(judged, whole=True) for judged in book.newest_first]
    return "\n".join(("\n".join(head), "", render_summary(book, explanations), *calls))


def registration_lines(title: AeTitle | None, bound: Sequence[Address]) -> Iterator[str]:
    """Yield what the peer must have registered, one line per address."""
    name = str(title) if title is not None else "(any)"
    for address in bound:
        yield f"The peer needs: {registration(name, address)}"


def expected_callers(expected: Expectation) -> Iterator[str]:
    """Yield the expected caller; nothing if any caller will do."""
    if expected.peer:
        place = f", from {' or '.join(sorted(expected.addresses))}" if expected.addresses else ""
        yield f"Expected: {expected.peer}, AE title {expected.calling}{place}"


def _brief(judged: JudgedCall) -> Iterator[str]:
    call, verdict = judged.call, judged.verdict
    time = f"{time_of_day(call.at)} {zone_words(call.at)}"
    yield f"{time}  {_mark(verdict.grade):<4}  {called_by(call)}  from {call.source}"
    yield from wrap(f"{call.source.ip} {verdict.title}", "          ", "          ")
    for finding in verdict.findings:
        yield from wrap(f"-> {finding.action}", "          ", "             ")


def _call(judged: JudgedCall, *, whole: bool) -> Iterator[str]:
    yield from _brief(judged)
    facts = call_facts(judged.call)
    contexts = sum(fact.lead.startswith("Context ") for fact in facts)
    hidden = 0 if whole else max(0, contexts - _SHOWN_CONTEXTS)
    yield from plain_lines(facts[: len(facts) - hidden])
    if hidden:
        yield f"    and {count(hidden, 'more context')} (-v shows all)"
