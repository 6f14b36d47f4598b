"""What the console remembers: one thread reads and writes the journal, and no run waits for it."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from dcmecho.console.runs.past import Past
from dcmecho.diagnosis.conclusion.course import Course
from dcmecho.diagnosis.conclusion.kept import is_kept
from dcmecho.diagnosis.history.history import History
from dcmecho.diagnosis.network.shortage import shortage_text
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.target.target import Target
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import Book
from dcmecho.journal.listing import Kept
from dcmecho.journal.summaries import Summaries, Summary
from dcmecho.report.history.entries import diagnosis_entry, watch_entry
from dcmecho.report.history.remembered import remembered

if TYPE_CHECKING:
    from dcmecho.diagnosis.listen.book import JudgedCall
    from dcmecho.diagnosis.services.model import ServicesResult

_TIDYING_S = 0.1
_MOST_KEPT = 5000
"""Rows of a history: weeks of a watch."""


class Remembered(NamedTuple):
    """The history of a target before one of its runs."""

    key: str
    run_id: str
    history: History


class Recalled(NamedTuple):
    """What the journal knows of a target when the console is opened: one of both."""

    key: str
    found: Past | Course


class ConsoleMemory:
    """Reads and writes one journal, in the order in which it is asked to.

    ``wake`` is called on the thread of the memory when there is something to take in.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._wake: Callable[[], object] = lambda: None
        self._jobs = queue.SimpleQueue[Callable[[], object] | None]()
        self._news: deque[Remembered] = deque()
        self._recalled: deque[Recalled] = deque()
        self._trouble: deque[str] = deque()
        journal.tell = self._told
        self._summaries = Summaries()
        self._thread = threading.Thread(target=self._work, name="dcmecho-memory", daemon=True)

    def start(self, wake: Callable[[], object]) -> None:
        """Start the thread."""
        self._wake = wake
        try:
            self._thread.start()
        except RuntimeError as error:
            self._told(shortage_text(error))

    def recall(self, targets: Mapping[str, Target], book: Book) -> None:
        """Look up how targets were before the console was opened, by their keys."""
        self._jobs.put(partial(self._recall, targets, book))

    def recalled(self) -> list[Recalled]:
        """Return what was looked up since the last call."""
        return _taken(self._recalled)

    def remember(self, key: str, report: Report, book: Book) -> None:
        """Look up the history of a target before a run, and keep the run."""
        if is_kept(report):
            self._jobs.put(partial(self._remember, key, report, book))

    def watched(self, key: str, target: Target, report: Report, book: Book) -> None:
        """Keep a check of the watch, summed up with its equals."""
        if is_kept(report):
            self._jobs.put(partial(self._watched, key, target, report, book))

    def surveyed(
        self, result: ServicesResult, target: Target, book: Book, *, with_check: bool
    ) -> None:
        """Keep what a survey has found, unless that is kept with the check before it."""
        self._jobs.put(partial(self._surveyed, result, target, book, with_check=with_check))

    def called(self, target: Target, judged: JudgedCall, book: Book) -> None:
        """Keep a call that the listener heard while it expected ``target``."""
        self._jobs.put(partial(self._called, target, judged, book))

    def news(self) -> list[Remembered]:
        """Return what was looked up since the last call."""
        return _taken(self._news)

    def timeline(self, target: Target, book: Book) -> Future[list[Kept]]:
        """Return what is kept of a target, the newest first; empty if it cannot be read."""
        found: Future[list[Kept]] = Future()

        def read() -> None:
            self._journal.book = book
            found.set_result(self._journal.timeline(target, _MOST_KEPT))

        self._jobs.put(read)
        return found

    def trouble(self) -> list[str]:
        """Return what is wrong with the journal, as far as it was not told before."""
        return _taken(self._trouble)

    def finish(self, timeout_s: float) -> None:
        """Do what has been asked for, and end; wait no longer than ``timeout_s``."""
        if self._thread.is_alive():
            self._jobs.put(lambda: self._keep(list(self._summaries.end())))
            self._jobs.put(None)
            self._thread.join(timeout_s)

    def _told(self, text: str) -> None:
        self._trouble.append(text)
        self._wake()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
        self._journal.close()

    def _recall(self, targets: Mapping[str, Target], book: Book) -> None:
        self._journal.book = book
        found = self._journal.latest(targets)
        for key, kept in found.items():
            # What a newer dcmecho has kept may be unknown here.
            with suppress(ValueError):
                self._recalled.append(Recalled(key, Past(kept)))
        self._wake()
        courses = self._journal.courses([kept.target for kept in found.values()])
        for key, kept in found.items():
            self._recalled.append(Recalled(key, courses.get(kept.target, Course())))
        self._wake()

    def _remember(self, key: str, report: Report, book: Book) -> None:
        # Imported here because no run has ended when the first screen is shown.
        from dcmecho.diagnosis.conclusion.informed import with_history

        self._journal.book = book
        found = self._journal.history(report.target, remembered(report))
        told = with_history(report, found)
        self._journal.keep([diagnosis_entry(told, self._journal)], _TIDYING_S)
        if found is not None:
            self._news.append(Remembered(key, report.run_id, found))
            self._wake()

    def _watched(self, key: str, target: Target, report: Report, book: Book) -> None:
        self._journal.book = book
        self._keep(list(self._summaries.add(key, target, remembered(report))))

    def _called(self, target: Target, judged: JudgedCall, book: Book) -> None:
        from dcmecho.report.history.calls import call_entry

        self._journal.book = book
        self._journal.keep([call_entry(judged, target, self._journal)], _TIDYING_S)

    def _surveyed(
        self, result: ServicesResult, target: Target, book: Book, *, with_check: bool
    ) -> None:
        from dcmecho.report.history.surveys import survey_entries

        self._journal.book = book
        entries = list(survey_entries(result, target, self._journal, with_check=with_check))
        if entries:
            self._journal.keep(entries, _TIDYING_S)

    def _keep(self, summaries: Sequence[Summary]) -> None:
        if summaries:
            entries = [watch_entry(each, self._journal) for each in summaries]
            self._journal.keep(entries, _TIDYING_S)


_T = TypeVar("_T")


def _taken(found: deque[_T]) -> list[_T]:
    """Take what another thread has appended so far."""
    return [found.popleft() for _ in range(len(found))]
