"""Diagnoses without a screen: stdout is data, stderr is talk, Ctrl-C ends within two seconds."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from enum import Enum, auto

from dcmecho.cli.experimenting import Wanted, experiment, wanted
from dcmecho.cli.interruption import Interruption
from dcmecho.cli.options import Format, Parser
from dcmecho.cli.surveying import ask
from dcmecho.diagnosis.events import Event, RunFinished
from dcmecho.diagnosis.model import Report, RunOptions, Target
from dcmecho.diagnosis.services.survey import Asked
from dcmecho.dicom import workers
from dcmecho.exit_codes import ExitCode, exit_code, worst
from dcmecho.report import json_report, steps, text


class Talk(Enum):
    """How much is told on stderr."""

    QUIET = auto()
    VERDICT = auto()
    STEPS = auto()
    EVERYTHING = auto()

    @classmethod
    def of(cls, given: argparse.Namespace) -> Talk:
        """``-q``, ``-v``, ``-d`` or none of them."""
        if given.quiet:
            return cls.QUIET
        if given.debug:
            return cls.EVERYTHING
        return cls.STEPS if given.verbose else cls.VERDICT


def experiments_of(parser: Parser, given: argparse.Namespace) -> Wanted | None:
    """What ``--experiments`` asks for; ends with a usage error where it cannot be read."""
    if given.experiments is None:
        return None
    try:
        return wanted(given.experiments)
    except ValueError as error:
        parser.error(str(error))


def diagnose(
    targets: Sequence[Target],
    options: RunOptions,
    form: Format,
    talk: Talk,
    *,
    array: bool,
    asked: Wanted | None = None,
    services: Asked | None = None,
) -> ExitCode:
    """Diagnose one target after the other and print; returns the worst exit code.

    ``array`` prints JSON as a list even of one; ``asked`` are the experiments to make after each,
    ``services`` what to ask after those.
    """
    emit = _listener(form, talk)
    reports: list[Report] = []
    with Interruption() as interruption:
        for target in targets:
            run = workers.start(target, emit, options)
            interruption.cancels(run.cancel)
            report = run.join()
            if report is None:
                sys.stderr.write(f"dcmecho: fault in dcmecho, not in the peer: {run.fault!r}\n")
                return ExitCode.INTERNAL
            first, quiet = report, talk is Talk.QUIET
            if asked is not None:
                report = experiment(report, options, asked, emit, interruption, quiet=quiet)
            if services is not None and not interruption.requested:
                report = ask(report, services, emit, interruption, quiet=quiet)
            if report is not first:
                # Each run has told its own end: the last word is the report on all of them.
                emit(RunFinished(report.run_id, report))
            reports.append(report)
            if interruption.requested:
                break
        if talk is not Talk.QUIET:
            _print(_rendered(reports, form, array))
    if interruption.requested:
        return ExitCode.INTERRUPTED
    return worst(exit_code(report) for report in reports)


def _print(text: str) -> None:
    """Print the reports. Whoever read our output may have left: the exit code still holds."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115


def _listener(form: Format, talk: Talk) -> Callable[[Event], None]:
    def tell(event: Event) -> None:
        for line in _talk(event, talk):
            sys.stderr.write(line + "\n")
        if form is Format.JSONL and talk is not Talk.QUIET:
            sys.stdout.write(json_report.render_event(event) + "\n")
            sys.stdout.flush()

    def emit(event: Event) -> None:
        # Whoever read our output may have left (head, less): the run goes on to its end.
        with suppress(BrokenPipeError):
            tell(event)

    return emit


def _talk(event: Event, talk: Talk) -> Iterator[str]:
    if talk is Talk.EVERYTHING:
        yield from steps.details(event)
    if talk in (Talk.STEPS, Talk.EVERYTHING):
        yield from steps.steps(event)


def _rendered(reports: Sequence[Report], form: Format, array: bool) -> str:
    match form:
        case Format.JSON:
            if array:
                return json_report.render_all(reports)
            return "".join(json_report.render(report) for report in reports)
        case Format.TEXT:
            if len(reports) == 1:
                return text.render(reports[0])
            return text.render_all(reports)
        case Format.JSONL:
            return ""
