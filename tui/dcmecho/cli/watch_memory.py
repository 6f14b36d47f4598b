"""What a watch keeps: equal checks are summed up, and each change is kept.

The checks of all targets are summed up at once, but the watch never waits for all of them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from itertools import islice

from dcmecho.diagnosis.conclusion.course import UNKNOWN
from dcmecho.diagnosis.conclusion.kept import is_kept
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.watch.sample import Known
from dcmecho.diagnosis.watch.watch import Sampled
from dcmecho.journal.journal import Journal
from dcmecho.journal.summaries import Summaries, Summary
from dcmecho.report.history.entries import watch_entry
from dcmecho.report.history.known import known_before
from dcmecho.report.history.remembered import remembered

_TIDYING_S = 0.02
_AT_ONCE = 20
_MOST_WAITING = 5000
"""While the journal cannot be written: hours of a few targets."""


class WatchMemory:
    """The journal of a watch, or none: equal checks are summed up before they are kept."""

    def __init__(self, journal: Journal | None) -> None:
        self._journal = journal
        self._summaries = Summaries()
        self._waiting = deque[Summary](maxlen=_MOST_WAITING)

    def known(self, targets: Mapping[str, Target]) -> dict[str, Known]:
        """Return what is known of targets by their keys, before they are watched."""
        if self._journal is None:
            return {}
        kept = self._journal.latest(targets)
        courses = self._journal.courses([each.target for each in kept.values()])
        found = {
            key: known_before(each, targets[key], courses.get(each.target, UNKNOWN))
            for key, each in kept.items()
        }
        return {key: each for key, each in found.items() if each is not None}

    def add(self, event: Sampled) -> None:
        """Add a check, and keep a part of what is complete."""
        if self._journal is not None and is_kept(event.report):
            data = remembered(event.report)
            self._waiting += self._summaries.add(event.key, event.target, data)
            self._keep_some(self._journal)

    def end(self) -> None:
        """Keep the rest."""
        self._waiting += self._summaries.end()
        while self._journal is not None and self._waiting and self._keep_some(self._journal):
            pass

    def _keep_some(self, journal: Journal) -> bool:
        """Keep the first that wait; they go on waiting if that is not possible now."""
        some = [*islice(self._waiting, _AT_ONCE)]
        entries = [watch_entry(each, journal) for each in some]
        if not some or not journal.keep(entries, _TIDYING_S):
            return False
        for _ in some:
            self._waiting.popleft()
        return True
