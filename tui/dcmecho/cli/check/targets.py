"""Checks many targets at once without a screen: failures as they happen, then a summary."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Sequence
from functools import partial

from dcmecho.cli.check.in_order import InOrder
from dcmecho.cli.diagnose.headless import (
    FollowUps,
    Verbosity,
    ask_follow_ups,
    detail_for,
    talk_lines,
)
from dcmecho.cli.formats.format import Around, OutputFormat, outputs
from dcmecho.cli.formats.output import Output, OutputEnd
from dcmecho.cli.interruption import Interruption
from dcmecho.cli.memory import FORGETFUL, Memory
from dcmecho.cli.output.printing import bug_message, print_out
from dcmecho.cli.output.progress import ProgressOutput
from dcmecho.diagnosis.events import Detail, Event, RunFinished
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.dicom.check import Check, start_all
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.report.diagnose import name_of, verdict_line
from dcmecho.report.progress import Progress

_PROGRESS_EVERY_S = 0.25


def check_all(
    targets: Sequence[Target],
    form: OutputFormat,
    verbosity: Verbosity,
    jobs: int,
    slots: PeerSlots,
    follow_ups: FollowUps | None = None,
    complaints: Sequence[str] = (),
    memory: Memory = FORGETFUL,
    around: Around | None = None,
) -> int:
    """Check all targets, ``jobs`` at once, print, and return the worst exit code.

    ``follow_ups`` are sent after the checks, one target after the other. ``complaints`` say why
    further targets are not checked; a monitor must see them.
    """
    options = RunOptions()
    output = outputs(form, quiet=verbosity is Verbosity.QUIET).several()
    output = around(output) if around else output
    printed = _CheckOutput(targets, form, verbosity, output, memory)
    with Interruption() as interruption:
        pool = start_all(printed.checks(), jobs, options, slots)
        interruption.cancels(pool.cancel)
        try:
            while not pool.join(_PROGRESS_EVERY_S):
                printed.show_progress()
                if follow_ups is None:
                    printed.print_ready()
                    printed.keep()
            printed.talking.end()
            for fault in pool.faults:
                printed.talking.say(bug_message(fault))
            for index, report in printed.waiting.rest():
                if follow_ups is not None and not interruption.requested:
                    emit = partial(printed.tell, index)
                    report = ask_follow_ups(
                        report, options, follow_ups, emit, interruption, slots, verbosity
                    )
                printed.take(report)
            printed.take_beginnings()
            printed.print(output.end(printed.unchecked, complaints))
        finally:
            printed.print(output.close())
            printed.keep()
    ending = OutputEnd.COMPLETE
    if pool.faults:
        ending = OutputEnd.FAULT
    elif interruption.requested:
        ending = OutputEnd.INTERRUPTED
    return output.code(ending)


class _CheckOutput:
    """The events and reports so far. Events arrive on many threads."""

    def __init__(
        self,
        targets: Sequence[Target],
        form: OutputFormat,
        verbosity: Verbosity,
        output: Output,
        memory: Memory,
    ) -> None:
        self.talking = ProgressOutput(sys.stderr)
        self.waiting = InOrder[Report]()
        """Reports that have not been printed yet."""
        self._targets = targets
        self._form = form
        self._talk = verbosity
        self._output = output
        self._memory = memory
        self._to_keep: list[Report] = []
        self._asked: list[Target] = []
        """The targets of the reports so far, if the output tells since when they fail."""
        self._detail = detail_for(output, verbosity)
        self._lock = threading.Lock()
        self._progress = Progress(len(targets))
        self._began = time.monotonic()

    @property
    def unchecked(self) -> int:
        """Return how many targets have no report."""
        return len(self._targets) - self._progress.done

    def checks(self) -> list[Check]:
        """Return one check for each target."""
        return [
            Check(target, partial(self._take, index), self._detail)
            for index, target in enumerate(self._targets)
        ]

    def show_progress(self) -> None:
        """Draw the progress, unless quiet."""
        if self._talk is not Verbosity.QUIET:
            self.talking.show(self._progress, time.monotonic() - self._began)

    def print_ready(self) -> None:
        """Print the reports that are next in order, except on a terminal, which shows progress."""
        if not sys.stdout.isatty():
            texts: list[str] = []
            try:
                for report in self.waiting.ready():
                    texts.append(self._taken(report))  # noqa: PERF401 some before an error
            finally:
                # All at once: each write would make the runs wait for this thread.
                self.print("".join(texts))

    def take(self, report: Report) -> None:
        """Print a complete report, with its history if the format has that."""
        self.print(self._taken(report))

    def keep(self) -> None:
        """Keep the reports that have been printed since."""
        reports, self._to_keep = self._to_keep, []
        self._memory.keep(reports, many=True)

    def take_beginnings(self) -> None:
        """Tell the output since when each target fails, if it has a text for that."""
        if self._asked:
            self.keep()
            self._output.take_beginnings(self._memory.failing_since(self._asked))

    def _taken(self, report: Report) -> str:
        if self._output.shows_history:
            # What failed just before is told of this one: it must be kept by then.
            self.keep()
            report = self._memory.before(report, is_wanted=True)
        if self._output.tells_beginnings:
            self._asked.append(report.target)
        self._to_keep.append(report)
        return self._output.take(report)

    def print(self, text: str) -> None:
        """Print data, unless quiet."""
        if text and self._talk is not Verbosity.QUIET:
            print_out(text)

    def tell(self, index: int, event: Event) -> None:
        """Print an event as the options ask for. Called on any thread."""
        for line in talk_lines(event, self._talk):
            self.talking.say(f"{self._targets[index].name}: {line}")
        if text := self._output.event(event):
            with self._lock:
                print_out(text)

    def _take(self, index: int, event: Event) -> None:
        if self._detail is not Detail.REPORT:
            self.tell(index, event)
        if not isinstance(event, RunFinished):
            return
        self.waiting.put(index, event.report)
        with self._lock:
            self._progress = self._progress.with_report(event.report)
        if self._is_told(event.report):
            self.talking.say(f"{name_of(event.report.target)}: {verdict_line(event.report)}")

    def _is_told(self, report: Report) -> bool:
        """Report whether to print a result now. Monitors take stderr for a plugin failure."""
        if self._talk is Verbosity.QUIET or self._form.is_for_a_monitor:
            return False
        return report.verdict.status not in (VerdictStatus.OK, VerdictStatus.CANCELLED)
