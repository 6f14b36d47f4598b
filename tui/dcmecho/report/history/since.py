"""What the journal knows of a target, for people: when it last worked, and what changed since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from dcmecho.diagnosis.conclusion.clock import day_in_words
from dcmecho.diagnosis.history.compared import Compared
from dcmecho.diagnosis.history.history import Change, History
from dcmecho.diagnosis.history.words import values_words
from dcmecho.diagnosis.report import Report
from dcmecho.report.page import Gap, Item, Part
from dcmecho.report.plain import plain_lines

_LEAD_WIDTH, _LABEL_WIDTH = 8, 16
_OURS = frozenset(what for what in Compared if what.row.is_ours)
_SAME = (
    (frozenset(what for what in _OURS if not what.row.only_if_both), "our profile"),
    (frozenset({Compared.OUR_ADDRESS}), "our address"),
    (frozenset({Compared.PEER_ADDRESS}), "the peer's address"),
)
"""Where none of these changed, somebody else's machine did."""
_NOT_SAME = _OURS.union(*(facts for facts, _ in _SAME), {Compared.ADDRESSES})


_AGES = ((timedelta(days=2), timedelta(days=1), "d"), (timedelta(hours=1), timedelta(hours=1), "h"))


def since_lines(history: History, report: Report) -> Sequence[str]:
    """Return the block above the causes, as plain text; empty if there is nothing to say."""
    parts = list(since_parts(history, report))
    return [*plain_lines([Gap(), *parts])] if parts else []


def since_parts(history: History, report: Report) -> Iterator[Part]:
    """Yield the block above the causes: the last success, and what changed since."""
    if report.verdict.status.is_failing:
        yield since_item("last ok", _last_ok(history, report.started))
        yield from _changes("since", history.since)
        if not _NOT_SAME & {change.what for change in history.since} and (same := _same(history)):
            yield since_item("same", same)
        for each in history.together:
            yield since_item(
                "also", f"{each.failing} of {each.asked} others {each.shared} fail as well"
            )
    elif history.last_failure is not None:
        yield since_item(
            "works", f"again: it failed {day_in_words(history.last_failure, report.started)}"
        )
        yield from _changes("since", history.since)
    elif history.since:
        yield from _changes("since", history.since)


def since_item(lead: str, text: str) -> Part:
    """Return a line of the block."""
    return Item(f"{lead:{_LEAD_WIDTH}}", text)


def _last_ok(history: History, now: datetime) -> str:
    runs = f"{history.ok} of {history.runs} ok in {history.days} days"
    if history.last_ok is None:
        return "never yet" if history.runs == 0 else f"never yet; {runs}"
    return f"{day_in_words(history.last_ok, now)} ({age(now - history.last_ok)} ago); {runs}"


def age(passed: timedelta) -> str:
    """Return ``8 h``, ``3 d``, ``12 min`` or ``40 s``."""
    for least, unit, letter in _AGES:
        if passed >= least:
            return f"{passed // unit} {letter}"
    minutes = passed // timedelta(minutes=1)
    return f"{minutes} min" if minutes else f"{max(0, passed // timedelta(seconds=1))} s"


def _same(history: History) -> str:
    """Return what is known to be as it was; a run that failed early knows less."""
    known = [words for facts, words in _SAME if facts <= history.same]
    return " and ".join(filter(None, [", ".join(known[:-1]), *known[-1:]]))


def _changes(lead: str, changes: Sequence[Change]) -> Iterator[Part]:
    for number, change in enumerate(changes):
        row = change.what.row
        ours = "  (our profile)" if row.is_ours else ""
        values = f"{values_words(change)}{ours}"
        yield since_item(lead if number == 0 else "", f"{row.label:{_LABEL_WIDTH}} {values}")
