"""``dcmecho read``: the DICOM associations in captured packets."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from dcmecho.capture.associations.account import Account
from dcmecho.capture.associations.reading import ReadCapture, read_associations
from dcmecho.capture.read import NotACaptureError, Progress
from dcmecho.cli.formats.format import OutputFormat
from dcmecho.cli.options.forbidden import files_of
from dcmecho.cli.options.parser import Parser
from dcmecho.cli.output.complaint import complain
from dcmecho.cli.output.printing import print_out
from dcmecho.diagnosis.conclusion.clock import utc_time
from dcmecho.diagnosis.sanitize import error_text, own_text
from dcmecho.diagnosis.target.target import Target
from dcmecho.exit_codes import ExitCode
from dcmecho.report.json.layout import IndentedArray, one_line
from dcmecho.report.json.observed import observed_data
from dcmecho.report.observed.log import logs
from dcmecho.report.observed.read import render

_USAGE = "dcmecho read [options] CAPTURE ... | -"
_DESCRIPTION = """Reads captured packets (pcap and pcapng, also in gzip): finds the
associations on any port, and tells of each who called whom, how it ended, and
what can be the cause. Data of patients is neither read nor shown."""
_EPILOG = """examples:
  dcmecho read pacs.pcapng                     all associations, failures first
  dcmecho read --filter CT1 pacs.pcapng        of one title, address or port
  dcmecho read -d pacs.pcapng                  also each PDU and its bytes
  ssh switch tcpdump -w - | dcmecho read -     until Ctrl-C

exit codes:
  0 read     22 no DICOM in it     2 wrong command line, or not a capture"""
_SHOWN_EVERY = 8 << 20


def run(argv: Sequence[str]) -> int:
    """Run the command and return the exit code."""
    given = _parser().parse_args(argv)
    try:
        with_log = given.verbose or given.debug
        found = read_associations(given.captures, _progress(), with_log=with_log)
    except NotACaptureError as error:
        complain(f"{own_text(error.file)} {error.looks.value}")
        return ExitCode.USAGE
    except OSError as error:
        complain(f"{own_text(str(error.filename or '-'))}: {error_text(error)}")
        return ExitCode.USAGE
    if given.filter:
        found = found.only(lambda each: _matches(each, given.filter))
    if with_log:
        for line in logs(found.associations, whole=given.debug):
            sys.stderr.write(f"{line}\n")
    if not given.quiet:
        _print(found, given)
    return ExitCode.OK if found.accounts else ExitCode.NOTHING_OF_DICOM


def _parser() -> argparse.ArgumentParser:
    parser = Parser("dcmecho read", _USAGE, _DESCRIPTION)
    parser.epilog = _EPILOG
    parser.add_argument(
        "captures", metavar="CAPTURE", nargs="+", help="a pcap or pcapng, or - for standard input"
    )
    parser.add_argument(
        "--filter",
        metavar="WORD",
        action="append",
        help="only associations with this title, address, port or beginning of a time (UTC)",
    )
    parser.add_profiles()
    parser.add_general()
    parser.add_format((OutputFormat.TEXT, OutputFormat.JSON, OutputFormat.JSONL))
    return parser


def _print(found: ReadCapture, given: argparse.Namespace) -> None:
    form = given.format
    if form is OutputFormat.TEXT:
        print_out(render(found, _known(given)))
        return
    reports = map(observed_data, found.associations)
    if form is OutputFormat.JSONL:
        for report in reports:
            print_out(f"{one_line(report)}\n")
        return
    array = IndentedArray()
    for report in reports:
        print_out(array.element(report))
    print_out(array.end())


def _known(given: argparse.Namespace) -> tuple[Target, ...]:
    """Return the targets of the profile file, if there is one that can be read."""
    from dcmecho.profiles.book.load import load

    files = [path for path in files_of(given) if path.exists()]
    return load(files[0]).targets if files else ()


def _matches(account: Account, words: Sequence[str]) -> bool:
    target, conversation = account.target, account.conversation
    values = [target.called_ae, target.calling_ae, str(target.port)]
    for endpoint in (conversation.client.endpoint, conversation.server.endpoint):
        values += [str(endpoint), endpoint.address, str(endpoint.port)]
    at = utc_time(account.started) if account.started is not None else ""
    return all(word in values or at.startswith(word) for word in words)


def _progress() -> Callable[[Progress], None] | None:
    """Show on a terminal how far the reading is."""
    if not sys.stderr.isatty():
        return None
    shown = 0

    def tell(progress: Progress) -> None:
        nonlocal shown
        if progress.bytes_read - shown < _SHOWN_EVERY:
            return
        shown = progress.bytes_read
        of = f" of {progress.size >> 20}" if progress.size else ""
        sys.stderr.write(f"\r{shown >> 20}{of} MB read, {progress.frames} frames\r")
        sys.stderr.flush()

    return tell
