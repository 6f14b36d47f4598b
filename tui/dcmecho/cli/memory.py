"""What a command remembers: it reads the history before it prints a report, and keeps the report.

A check that worked is printed first, and even the modules of the journal are imported afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from dcmecho.diagnosis.conclusion.kept import is_kept
from dcmecho.diagnosis.report import Report

if TYPE_CHECKING:
    from datetime import datetime

    from dcmecho.diagnosis.history.history import History
    from dcmecho.diagnosis.target.target import Target
    from dcmecho.journal.journal import Journal

_TIDYING_AFTER_MANY_S = 0.02


class Memory:
    """The journal of one command, or none."""

    def __init__(self, make: Callable[[], Journal | None]) -> None:
        self._make = make

    @cached_property
    def _journal(self) -> Journal | None:
        return self._make()

    def before(self, report: Report, *, is_wanted: bool) -> Report:
        """Return the report with its history, if it failed, or if that is wanted in any case."""
        if not (is_wanted or report.verdict.status.is_failing) or not is_kept(report):
            return report
        return self._with_history(report)

    def recovery(self, report: Report) -> str:
        """Return what to say below a report that worked: what changed since it failed, or slowed.

        Usually empty. It must be kept by then.
        """
        if report.verdict.status.is_failing or report.history or not is_kept(report):
            return ""
        journal = self._journal
        if journal is None or not journal.has_news(report.target, report.started):
            return ""
        history = self._history(report)
        if history is None or not (history.since or history.last_failure):
            return ""
        from dcmecho.report.history.since import since_lines

        told = replace(report, history=history)
        return "".join(f"{line}\n" for line in since_lines(history, told))

    def keep(self, reports: Iterable[Report], *, many: bool = False) -> None:
        """Keep the reports, as far as they say anything about a peer."""
        kept = [report for report in reports if is_kept(report)]
        if not kept or (journal := self._journal) is None:
            return
        from dcmecho.report.history.entries import entries_of

        entries = [entry for report in kept for entry in entries_of(report, journal)]
        if many:
            journal.keep(entries, _TIDYING_AFTER_MANY_S)
        else:
            journal.keep(entries)

    def failing_since(self, targets: Sequence[Target]) -> Sequence[datetime | None]:
        """Return since when each target fails that worked before; empty if nothing is known."""
        if not targets or (journal := self._journal) is None:
            return ()
        return journal.failing_since(targets)

    def _with_history(self, report: Report) -> Report:
        if self._journal is None:
            return report
        if not report.causes:
            return replace(report, history=self._history(report))
        from dcmecho.diagnosis.conclusion.informed import with_history

        return with_history(report, self._history(report))

    def _history(self, report: Report) -> History | None:
        if (journal := self._journal) is None:
            return None
        from dcmecho.report.history.remembered import remembered

        return journal.history(report.target, remembered(report))


FORGETFUL = Memory(lambda: None)
"""For a command that neither reads nor keeps."""
