"""Many targets without a screen: at once, failures told as they come, then all that was found."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Sequence
from functools import partial

from dcmecho.cli.headless import (
    Completion,
    Further,
    Talk,
    final_code,
    followed_up,
    talk_lines,
)
from dcmecho.cli.interruption import Interruption
from dcmecho.cli.options import Format
from dcmecho.cli.printing import fault_words, print_out
from dcmecho.cli.talking import Talking
from dcmecho.diagnosis.events import Event, RunFinished
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.sanitize import printable
from dcmecho.diagnosis.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.dicom.pool import Check, start_all
from dcmecho.report import json_report, nagios, summary
from dcmecho.report.progress import Progress
from dcmecho.report.text import name_of, verdict_line

_PROGRESS_EVERY_S = 0.25


def check_all(
    targets: Sequence[Target],
    form: Format,
    talk: Talk,
    jobs: int,
    further: Further | None = None,
    complaints: Sequence[str] = (),
) -> int:
    """Diagnose all targets, ``jobs`` at once, and print; returns the worst exit code.

    ``further`` is what to ask after the runs, one after the other. ``complaints`` are
    the faults that keep further targets from being checked: a monitor has to see them.
    """
    options = RunOptions()
    collected = _Collected(targets, form, talk)
    with Interruption() as interruption:
        pool = start_all(collected.checks(), jobs, options)
        interruption.cancels(pool.cancel)
        while not pool.join(_PROGRESS_EVERY_S):
            collected.show_progress()
        collected.talking.end()
        for fault in pool.faults:
            collected.talking.say(fault_words(fault))
        if further is not None:
            collected.follow_up(options, further, interruption)
        gaps = (*complaints, *collected.gaps())
        if talk is not Talk.QUIET:
            print_out(_rendered(collected, form, gaps))
    if form is Format.NAGIOS:
        return nagios.code_of(collected.reports, gaps)
    ending = Completion.COMPLETE
    if pool.faults:
        ending = Completion.FAULT
    elif interruption.requested:
        ending = Completion.INTERRUPTED
    return final_code(collected.reports, form, ending)


class _Collected:
    """What the runs have told so far. Their events come from many threads."""

    def __init__(self, targets: Sequence[Target], form: Format, talk: Talk) -> None:
        self.talking = Talking(sys.stderr)
        self._targets = targets
        self._form = form
        self._talk = talk
        self._lock = threading.Lock()
        self._reports: dict[int, Report] = {}
        self._progress = Progress(len(targets))
        self._began = time.monotonic()

    @property
    def reports(self) -> list[Report]:
        """Those there are, in the order of the targets."""
        return [self._reports[index] for index in sorted(self._reports)]

    @property
    def unchecked(self) -> int:
        """How many targets have no report."""
        return len(self._targets) - len(self._reports)

    def gaps(self) -> tuple[str, ...]:
        """What keeps the reports from being the whole truth, for a monitor."""
        return (f"{self.unchecked} not checked",) if self.unchecked else ()

    def checks(self) -> list[Check]:
        """The work for the pool."""
        return [
            Check(target, partial(self._take, index)) for index, target in enumerate(self._targets)
        ]

    def show_progress(self) -> None:
        """Draw how far it is, where that is wanted."""
        if self._talk is not Talk.QUIET:
            self.talking.show(self._progress, time.monotonic() - self._began)

    def follow_up(self, options: RunOptions, further: Further, interruption: Interruption) -> None:
        """Ask what is wanted after each run, in the order of the targets."""
        for index, report in sorted(self._reports.items()):
            if interruption.requested:
                return
            emit = partial(self._tell, index)
            self._reports[index] = followed_up(
                report, options, further, emit, interruption, self._talk
            )

    def _take(self, index: int, event: Event) -> None:
        self._tell(index, event)
        if not isinstance(event, RunFinished):
            return
        with self._lock:
            self._reports[index] = event.report
            self._progress = self._progress.with_report(event.report)
        if self._is_told(event.report):
            self.talking.say(f"{name_of(event.report.target)}: {verdict_line(event.report)}")

    def _is_told(self, report: Report) -> bool:
        """Monitors take stderr for a fault of the plugin."""
        if self._talk is Talk.QUIET or self._form is Format.NAGIOS:
            return False
        return report.verdict.status not in (VerdictStatus.OK, VerdictStatus.CANCELLED)

    def _tell(self, index: int, event: Event) -> None:
        for line in talk_lines(event, self._talk):
            self.talking.say(f"{printable(self._targets[index].name)}: {line}")
        if self._form is Format.JSONL and self._talk is not Talk.QUIET:
            with self._lock:
                print_out(json_report.render_event(event) + "\n")


def _rendered(collected: _Collected, form: Format, gaps: Sequence[str]) -> str:
    match form:
        case Format.JSON:
            return json_report.render_all(collected.reports)
        case Format.TEXT:
            return summary.render(collected.reports, collected.unchecked)
        case Format.NAGIOS:
            return nagios.render(collected.reports, gaps)
        case Format.JSONL:
            return ""
