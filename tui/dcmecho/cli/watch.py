"""``dcmecho watch``: checks targets again and again, without a screen."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from dcmecho.cli.formats.format import OutputFormat
from dcmecho.cli.interruption import Interruption
from dcmecho.cli.options.history import add_history, watch_memory
from dcmecho.cli.options.parser import Parser, counted, one_of
from dcmecho.cli.options.selection import every, named, profile_book, without_forbidden
from dcmecho.cli.output.append_log import AppendLog
from dcmecho.cli.output.printing import bug_message, print_lasting
from dcmecho.cli.vantage.options import (
    add_from,
    print_commands,
    seen_from,
    vantages_of,
    with_vantages,
)
from dcmecho.cli.watch_memory import WatchMemory
from dcmecho.diagnosis.events import Emit
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.watch.pace import PERIOD_S, SHORTEST_PERIOD_S, Pace
from dcmecho.diagnosis.watch.watch import Changed, Sampled, WatchEvent, WatchOptions
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.exit_codes import ExitCode, exit_code, worst
from dcmecho.profiles.book.locate import own_file
from dcmecho.report import watch as watch_text
from dcmecho.report.json import watch as watch_json

_USAGE = "dcmecho watch [options] TARGET ... | --all"

_DESCRIPTION = """\
Checks targets of the profile file again and again, one C-ECHO per period, until
Ctrl-C. Reports each change: verdict, address, certificate, implementation, and
a lasting change in the time of C-ECHO, association or TLS. Failing and busy
peers are checked less often."""

_EPILOG = """\
examples:
  dcmecho watch "Main PACS"                        until Ctrl-C
  dcmecho watch --all --period 60 --log watch.jsonl
  dcmecho watch "Main PACS" --count 10 --format jsonl

exit code: the highest of the last checks, as in dcmecho check; 0 if the last
C-ECHO of every target succeeded. Ctrl-C is the normal way to stop and does not
change it; 130 if you stop before every target has been checked."""


def run(argv: Sequence[str]) -> int:
    """Run the command and return the worst exit code of the last checks."""
    parser = _parser()
    given = parser.parse_args(argv)
    if bool(given.targets) == given.all:
        parser.error("name the targets to watch, or --all")
    book = profile_book(given)
    selection = every(book) if given.all else named(book, given.targets)
    selection = without_forbidden(selection, book.prohibitions)
    selection.tell()
    if selection.complaints and not given.all:
        return ExitCode.USAGE
    if not selection.targets:
        return selection.nothing_to_do
    try:
        log = AppendLog(given.log) if given.log else None
    except OSError as error:
        parser.error(f"cannot write --log {given.log}: {error.strerror or error}")
    options = WatchOptions(given.period, given.count)
    memory = watch_memory(given, [book.path, own_file()], book)
    slots = PeerSlots(prohibitions=book.prohibitions)
    vantages = vantages_of(parser, given, lambda: book.vantages)
    if given.dry_run:
        return print_commands(vantages)
    targets = tuple(dict.fromkeys(selection.targets))
    if vantages:
        slots = with_vantages(slots, vantages, is_quiet=given.quiet)
        targets = tuple(seen_from(target, each) for target in targets for each in vantages)
    code = _watch(targets, options, given, log, slots, memory)
    return ExitCode.USAGE if code is ExitCode.OK and selection.complaints else code


def _parser() -> Parser:
    parser = Parser("dcmecho watch", _USAGE, _DESCRIPTION)
    parser.epilog = _EPILOG
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="name of a target")
    parser.add_argument("--all", action="store_true", help="every target of the file")
    parser.add_help_option()
    parser.add_argument(
        "--period",
        type=_period,
        metavar="SECONDS",
        default=Pace(),
        help=f"time between two checks of a target (default: {PERIOD_S:g},"
        f" at least {SHORTEST_PERIOD_S:g})",
    )
    parser.add_argument(
        "--count", type=counted(None), metavar="N", help="stop after N checks of each target"
    )
    output = parser.add_argument_group("output options")
    output.add_argument(
        "--log",
        type=Path,
        metavar="FILE",
        help="append JSON lines to FILE: each sample, each change, a summary at the end"
        " (you can rotate the file meanwhile)",
    )
    output.add_argument(
        "--format",
        type=one_of((OutputFormat.TEXT, OutputFormat.JSONL)),
        choices=[OutputFormat.TEXT, OutputFormat.JSONL],
        default=OutputFormat.TEXT,
        help="text: changes and a summary; jsonl: the same lines as in the log",
    )
    output.add_argument(
        "-q", "--quiet", action="store_true", help="print nothing; only the exit code and the log"
    )
    parser.add_profiles()
    add_from(parser)
    add_history(parser)
    return parser


def _period(text: str) -> Pace:
    try:
        return Pace(float(text))
    except ValueError as error:
        message = str(error) if "period" in str(error) else f"{text} is not a number of seconds"
        raise argparse.ArgumentTypeError(message) from error


class _WatchOutput:
    """Prints and logs the events of a watch, on the watcher's thread."""

    def __init__(self, given: argparse.Namespace, log: AppendLog | None) -> None:
        self._format: OutputFormat = given.format
        self._quiet: bool = given.quiet
        self._log = log
        self.exit_codes: dict[str, ExitCode] = {}
        self.stdout_gone = False
        """True if the reader of stdout has exited."""

    def take(self, event: WatchEvent) -> None:
        """Print and log an event."""
        first = False
        if isinstance(event, Sampled):
            first = event.key not in self.exit_codes
            self.exit_codes[event.key] = exit_code(event.report)
        self.line(watch_json.render_event(event))
        if self._format is OutputFormat.TEXT:
            if isinstance(event, Changed):
                self.print(watch_text.change_line(event) + "\n")
            elif first:
                self.print(watch_text.first_line(event) + "\n")

    def line(self, line: str) -> None:
        """Write one line of JSON to the log, and to stdout with ``--format jsonl``."""
        if self._log is not None:
            self._log.write(line)
        if self._format is OutputFormat.JSONL:
            self.print(line + "\n")

    def print(self, text: str) -> None:
        """Print to stdout while it has a reader."""
        if not (self._quiet or self.stdout_gone):
            self.stdout_gone = not print_lasting(text)


def _watch(
    targets: Sequence[Target],
    options: WatchOptions,
    given: argparse.Namespace,
    log: AppendLog | None,
    slots: PeerSlots,
    memory: WatchMemory,
) -> ExitCode:
    from dcmecho.dicom.runs.workers import Run, start
    from dcmecho.dicom.watch import Watcher

    def start_run(target: Target, emit: Emit) -> Run:
        return start(target, emit, slots=slots)

    def listen(event: WatchEvent) -> None:
        shown.take(event)
        if isinstance(event, Sampled):
            memory.add(event)
        if shown.stdout_gone and log is None:
            watcher.cancel()

    shown = _WatchOutput(given, log)
    watcher = Watcher(start_run, listen, options)
    watched = {str(number): target for number, target in enumerate(targets)}
    with Interruption() as interruption:
        watcher.start(watched.items(), memory.known(watched))
        interruption.cancels(watcher.cancel)
        watcher.join()
    memory.end()
    code = worst(shown.exit_codes.values())
    if watcher.fault is not None:
        sys.stderr.write(bug_message(watcher.fault) + "\n")
        code = ExitCode.INTERNAL
    elif len(shown.exit_codes) < len(targets):
        code = ExitCode.INTERRUPTED if interruption.requested else ExitCode.INTERNAL
    state = watcher.state()
    shown.line(watch_json.render_summary(state, options.pace.period_s, shown.exit_codes, code))
    if given.format is OutputFormat.TEXT:
        shown.print("\n" + watch_text.summary(state))
    if log is not None:
        log.close()
    return code
