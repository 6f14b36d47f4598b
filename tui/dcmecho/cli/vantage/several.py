"""Checks targets from several machines each, and sets them side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dcmecho.cli.formats.format import OutputFormat
from dcmecho.cli.interruption import Interruption
from dcmecho.cli.memory import Memory
from dcmecho.cli.output.complaint import complain
from dcmecho.cli.output.printing import bug_message, print_out
from dcmecho.cli.vantage.options import seen_from
from dcmecho.diagnosis.comparison.comparison import Comparison, compare
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.events import Detail, Emit, Event, RunFinished
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.vantage.vantage import Vantage
from dcmecho.dicom.check import Check, start_all
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.exit_codes import ExitCode, exit_code, worst

_JOIN_S = 0.25


def check_from_several(
    targets: Sequence[Target],
    vantages: Sequence[Vantage],
    form: OutputFormat,
    jobs: int,
    options: RunOptions,
    slots: PeerSlots,
    memory: Memory,
    *,
    is_quiet: bool,
) -> int:
    """Ask each target from each machine, one association at a time, print, return the exit code."""
    asked = [[seen_from(target, vantage) for vantage in vantages] for target in targets]
    if not is_quiet:
        _say_beforehand(targets, vantages)
    reports: dict[tuple[int, int], Report] = {}
    checks = [
        Check(target, _keeper(reports, (row, column)), Detail.REPORT)
        for row, several in enumerate(asked)
        for column, target in enumerate(several)
    ]
    with Interruption() as interruption:
        pool = start_all(checks, jobs, options, slots)
        interruption.cancels(pool.cancel)
        while not pool.join(_JOIN_S):
            pass
    for fault in pool.faults:
        complain(bug_message(fault))
    found = [compare(several) for several in _rows(reports, len(targets))]
    if not is_quiet:
        print_out(_text(found, form))
    memory.keep(reports.values(), many=True)
    if interruption.requested:
        return ExitCode.INTERRUPTED
    return ExitCode.INTERNAL if pool.faults else worst(map(_code, found))


def _keeper(reports: dict[tuple[int, int], Report], place: tuple[int, int]) -> Emit:
    def keep(event: Event) -> None:
        if isinstance(event, RunFinished):
            reports[place] = event.report

    return keep


def _rows(reports: dict[tuple[int, int], Report], rows: int) -> Iterator[list[Report]]:
    for row in range(rows):
        several = [reports[place] for place in sorted(reports) if place[0] == row]
        if several:
            yield several


def _say_beforehand(targets: Sequence[Target], vantages: Sequence[Vantage]) -> None:
    """Say what a peer costs that does not answer, because each machine waits for it in turn."""
    longest = max(target.connect_timeout_s + target.acse_timeout_s for target in targets)
    machines = count(len(vantages), "machine")
    complain(
        f"each peer is asked from {machines} in turn; one that does not answer takes up to"
        f" {longest * len(vantages):g} s"
    )


def _code(found: Comparison) -> ExitCode:
    """Return the worst exit code; a failed way counts only where no machine could ask."""
    codes = [exit_code(report) for report in found.reports]
    known = [code for code in codes if code is not ExitCode.NO_VANTAGE]
    return worst(known) if known else ExitCode.NO_VANTAGE


def _text(found: Sequence[Comparison], form: OutputFormat) -> str:
    if form is OutputFormat.JSON:
        from dcmecho.report.json.comparison import comparison_data
        from dcmecho.report.json.layout import indented

        data = [comparison_data(each) for each in found]
        return indented(data[0] if len(data) == 1 else data)
    from dcmecho.report.vantage import render

    return "\n".join(map(render, found))
