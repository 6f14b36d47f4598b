"""Which failures of a check of many began together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dcmecho.diagnosis.conclusion.clock import time_or_day_and_time
from dcmecho.diagnosis.history.beginnings import Beginning, beginnings
from dcmecho.diagnosis.history.compared import values_seen
from dcmecho.diagnosis.history.sharing import Traits, traits_of
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.verdict import VerdictStatus

_WORKED = (VerdictStatus.OK, VerdictStatus.WARNING)


def begun_together(
    reports: Sequence[Report], since: Sequence[datetime | None]
) -> list[Beginning[int]]:
    """Return the groups of failures, as numbers of reports.

    ``since`` says since when the target of each report fails, if it worked before.
    """
    failing = {number: at for number, at in enumerate(since) if at is not None}
    working = [n for n, each in enumerate(reports) if each.verdict.status in _WORKED]

    def traits(number: int) -> Traits:
        return traits_of(reports[number].target, values_seen(reports[number].stages))

    return beginnings(failing, working, traits)


def beginning_words(group: Beginning[Any], now: datetime) -> str:
    """Return ``23 newly failing since 02:10``, or since a day."""
    since = time_or_day_and_time(group.since, now)
    newly = "" if "-" in since else " newly"
    return f"{len(group.keys)}{newly} failing since {since}"
