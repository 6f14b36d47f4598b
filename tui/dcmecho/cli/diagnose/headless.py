"""Checks without a screen: data on stdout, messages on stderr, Ctrl-C ends within 2 s."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from dcmecho.cli.formats.format import Around, OutputFormat, outputs
from dcmecho.cli.formats.output import Output, OutputEnd
from dcmecho.cli.interruption import Interruption
from dcmecho.cli.memory import FORGETFUL, Memory
from dcmecho.cli.options.parser import Parser
from dcmecho.cli.output.printing import bug_message, print_out
from dcmecho.diagnosis.events import Detail, Emit, Event, LogLayer, LogLine, RunFinished
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.runs import workers
from dcmecho.dicom.runs.slots import PeerSlots

if TYPE_CHECKING:
    from dcmecho.cli.diagnose.experiments import ExperimentRequest
    from dcmecho.diagnosis.survey.survey import SurveyRequest


class Verbosity(Enum):
    """The amount of output on stderr."""

    QUIET = auto()
    VERDICT = auto()
    STEPS = auto()
    EVERYTHING = auto()

    @property
    def tells_steps(self) -> bool:
        """True if events are printed on stderr as they happen."""
        return self in (Verbosity.STEPS, Verbosity.EVERYTHING)

    @classmethod
    def of(cls, given: argparse.Namespace) -> Verbosity:
        """Return the level for ``-q``, ``-v``, ``-d`` or none of them."""
        if given.quiet:
            return cls.QUIET
        if given.debug:
            return cls.EVERYTHING
        return cls.STEPS if given.verbose else cls.VERDICT


@dataclass(frozen=True, slots=True)
class FollowUps:
    """The requests to make after a check."""

    experiments: ExperimentRequest | None
    services: SurveyRequest | None
    associations: int = 1
    """How many to open in a row for the check itself."""

    @classmethod
    def of(
        cls, parser: Parser, given: argparse.Namespace, associations: int = 1
    ) -> FollowUps | None:
        """Read the command line, or exit with a usage error."""
        follow_ups = cls(_experiments_of(parser, given), _services_of(parser, given), associations)
        return follow_ups if follow_ups != cls(None, None) else None


def _experiments_of(parser: Parser, given: argparse.Namespace) -> ExperimentRequest | None:
    if given.experiments is None:
        return None
    from dcmecho.cli.diagnose.experiments import experiment_request

    try:
        return experiment_request(given.experiments)
    except ValueError as error:
        parser.error(str(error))


def _services_of(parser: Parser, given: argparse.Namespace) -> SurveyRequest | None:
    if not (given.services or given.like or given.query or given.pdu_probe):
        return None
    from dcmecho.cli.diagnose.services import asked_of

    return asked_of(parser, given)


def diagnose(
    target: Target,
    options: RunOptions,
    form: OutputFormat,
    verbosity: Verbosity,
    slots: PeerSlots,
    follow_ups: FollowUps | None = None,
    memory: Memory = FORGETFUL,
    around: Around | None = None,
) -> int:
    """Check one target, print, and return the exit code."""
    output = outputs(form, quiet=verbosity is Verbosity.QUIET).one()
    output = around(output) if around else output
    # Monitors take stderr for a plugin failure.
    is_mute = form.is_for_a_monitor and verbosity is Verbosity.VERDICT
    emit = _listener(output, Verbosity.QUIET if is_mute else verbosity)
    with Interruption() as interruption:
        run = workers.start(target, emit, options, slots, detail=detail_for(output, verbosity))
        interruption.cancels(run.cancel)
        report = run.join()
        if report is None:
            sys.stderr.write(bug_message(run.fault) + "\n")
            return output.code(OutputEnd.FAULT)
        if follow_ups is not None:
            report = ask_follow_ups(
                report, options, follow_ups, emit, interruption, slots, verbosity
            )
        report = memory.before(report, is_wanted=output.shows_history)
        text = output.take(report) + output.end() + output.close()
        if verbosity is not Verbosity.QUIET:
            print_out(text)
        memory.keep([report])
        is_told = output.shows_recovery and verbosity is not Verbosity.QUIET
        if is_told and (told := memory.recovery(report)):
            print_out(told)
    return output.code(OutputEnd.INTERRUPTED if interruption.requested else OutputEnd.COMPLETE)


def ask_follow_ups(
    report: Report,
    options: RunOptions,
    follow_ups: FollowUps,
    emit: Emit,
    interruption: Interruption,
    slots: PeerSlots,
    verbosity: Verbosity,
) -> Report:
    """Run the experiments and services, and return the report that includes them."""
    from dcmecho.cli.diagnose.after_check import AfterCheck
    from dcmecho.cli.diagnose.experiments import experiment
    from dcmecho.cli.diagnose.services import ask
    from dcmecho.dicom.runs.budget import Budget

    first, quiet = report, verbosity is Verbosity.QUIET
    with closing(Budget(1, lasts=True)) as budget:
        shared = AfterCheck(emit, interruption, slots, budget, quiet)
        if follow_ups.associations > 1:
            from dcmecho.cli.diagnose.repeats import repeat

            report = repeat(report, options, follow_ups.associations, shared)
        if follow_ups.experiments is not None:
            report = experiment(report, options, follow_ups.experiments, shared)
        if follow_ups.services is not None and not interruption.requested:
            report = ask(report, follow_ups.services, shared)
    if report is not first:
        # Each run emitted its own end; the last event must be the report on all of them.
        emit(RunFinished(report.run_id, report))
    return report


def detail_for(output: Output, verbosity: Verbosity) -> Detail:
    """Return the events that are printed, on stdout or on stderr."""
    if output.prints_events or verbosity is Verbosity.EVERYTHING:
        return Detail.LOG
    return Detail.STEPS if verbosity.tells_steps else Detail.REPORT


def _listener(output: Output, verbosity: Verbosity) -> Emit:
    def tell(event: Event) -> None:
        for line in talk_lines(event, verbosity):
            sys.stderr.write(line + "\n")
        if text := output.event(event):
            print_out(text)

    def emit(event: Event) -> None:
        # The reader of stdout (head, less) can exit early; the run still goes on to its end.
        with suppress(BrokenPipeError):
            tell(event)

    return emit


def talk_lines(event: Event, verbosity: Verbosity) -> Iterator[str]:
    """Yield the lines to print on stderr for one event."""
    if not verbosity.tells_steps:
        if (
            verbosity is Verbosity.VERDICT
            and isinstance(event, LogLine)
            and event.layer is LogLayer.RUN
        ):
            yield f"dcmecho: {event.text}"
        return
    from dcmecho.report import steps

    if verbosity is Verbosity.EVERYTHING:
        yield from steps.details(event)
    yield from steps.steps(event)
