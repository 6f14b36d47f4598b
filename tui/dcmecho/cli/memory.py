"""What a command remembers: it reads the history before it prints a report, and keeps the report.

A check that worked is printed first, and even the modules of the journal are imported afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from dcmecho.diagnosis.conclusion.kept import is_kept
from dcmecho.diagnosis.report import Report

if TYPE_CHECKING:
    from dcmecho.journal.journal import Journal

_TIDYING_AFTER_MANY_S = 0.2


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

        Usually empty.
        """
        if report.verdict.status.is_failing or report.history or not is_kept(report):
            return ""
        told = self._with_history(report)
        if told.history is None:
            return ""
        from dcmecho.report.history.since import since_lines

        return "".join(f"{line}\n" for line in since_lines(told.history, told))

    def keep(self, reports: Iterable[Report], *, many: bool = False) -> None:
        """Keep the reports, as far as they say anything about a peer."""
        kept = [report for report in reports if is_kept(report)]
        if not kept or (journal := self._journal) is None:
            return
        from dcmecho.report.history.entries import diagnosis_entry

        entries = [diagnosis_entry(report, journal) for report in kept]
        if many:
            journal.keep(entries, _TIDYING_AFTER_MANY_S)
        else:
            journal.keep(entries)

    def _with_history(self, report: Report) -> Report:
        if (journal := self._journal) is None:
            return report
        from dcmecho.diagnosis.conclusion.informed import with_history
        from dcmecho.report.history.remembered import remembered

        return with_history(report, journal.history(report.target, remembered(report)))


FORGETFUL = Memory(lambda: None)
"""For a command that neither reads nor keeps."""
