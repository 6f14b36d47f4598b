"""Reads and plans an import on a thread of its own, so that a long file holds up no screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from textual.message import Message

from dcmecho.console.exchange.import_source import NothingToImportError, reading_of
from dcmecho.console.threads import do_beside
from dcmecho.profiles.book.model import ProfileBook
from dcmecho.profiles.exchange.planning import ImportPlan, plan
from dcmecho.profiles.exchange.rows import Reading


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What was read, and what it would change."""

    reading: Reading
    planned: ImportPlan


class _GivenUpError(Exception):
    """Nobody waits for the import any longer."""


class ImportJob:
    """One import that is being read. :meth:`give_up` ends it; then it tells nothing."""

    class Done(Message):
        """The job is done: a preview, or why there is none."""

        def __init__(self, job: ImportJob, result: ImportPreview | NothingToImportError) -> None:
            self.job = job
            self.result = result
            super().__init__()

    def __init__(
        self, given: str, book: ProfileBook, group: str, tell: Callable[[Done], object]
    ) -> None:
        """Start at once. ``tell`` is called on the thread of the job."""
        self._given_up = False
        self._tell = tell
        do_beside("dcmecho-import", partial(self._run, given, book, group))

    def give_up(self) -> None:
        """End it soon. Safe from any thread."""
        self._given_up = True

    def _run(self, given: str, book: ProfileBook, group: str) -> None:
        try:
            result = self._preview(given, book, group)
        except _GivenUpError:
            return
        if not self._given_up:
            self._tell(self.Done(self, result))

    def _preview(
        self, given: str, book: ProfileBook, group: str
    ) -> ImportPreview | NothingToImportError:
        try:
            reading = reading_of(given)
        except NothingToImportError as error:
            return error
        return ImportPreview(reading, plan(book, reading.rows, group, self._check))

    def _check(self) -> None:
        if self._given_up:
            raise _GivenUpError
