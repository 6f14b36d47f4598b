"""Makes entries of the journal from calls that a listener heard."""

from __future__ import annotations

from datetime import UTC, datetime

from dcmecho.diagnosis.conclusion.clock import utc_time
from dcmecho.diagnosis.listen.book import JudgedCall
from dcmecho.diagnosis.target.target import Target
from dcmecho.journal.entry import NO_TIMES, Entry, Span
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import Kind, Way
from dcmecho.report.json.listen import SCHEMA, call_data


def call_entry(judged: JudgedCall, target: Target, journal: Journal) -> Entry:
    """Return the entry of a call while ``target`` was expected. It counts as no check."""
    call = call_data(judged)
    began = utc_time(judged.call.at)
    body = {
        "schema": SCHEMA,
        "event": "call",
        "started": began,
        "verdict": call["verdict"],
        "call": call,
    }
    span = Span(judged.call.at, datetime.now(UTC), 0, 0, NO_TIMES)
    return Entry(target, journal.book, Kind.CALL, Way.LISTEN, body, span, journal.user)
