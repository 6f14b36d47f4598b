"""What a watch keeps: equal checks are summed up, and each change is kept."""

from __future__ import annotations

from collections.abc import Iterable

from dcmecho.diagnosis.conclusion.kept import is_kept
from dcmecho.diagnosis.watch.watch import Sampled
from dcmecho.journal.journal import Journal
from dcmecho.journal.summaries import Summaries, Summary
from dcmecho.report.history.entries import watch_entry
from dcmecho.report.history.remembered import remembered

_TIDYING_S = 0.2


class WatchMemory:
    """The journal of a watch, or none: equal checks are summed up before they are kept."""

    def __init__(self, journal: Journal | None) -> None:
        self._journal = journal
        self._summaries = Summaries()

    def add(self, event: Sampled) -> None:
        """Add a check, and keep what it completes."""
        if self._journal is not None and is_kept(event.report):
            data = remembered(event.report)
            self._keep(self._summaries.add(event.key, event.target, data))

    def end(self) -> None:
        """Keep the rest."""
        self._keep(self._summaries.end())

    def _keep(self, complete: Iterable[Summary]) -> None:
        found = list(complete)
        if found and self._journal is not None:
            entries = [watch_entry(each, self._journal) for each in found]
            self._journal.keep(entries, _TIDYING_S)
