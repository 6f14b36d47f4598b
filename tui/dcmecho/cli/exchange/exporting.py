"""``dcmecho export``: targets for other programs, and the entry a peer must register for you."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from dcmecho.cli.options.parser import Parser, one_of, read_as
from dcmecho.cli.options.selection import named, profile_book
from dcmecho.cli.output.complaint import complain
from dcmecho.cli.output.waiting import told_if_long
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.target.fields import Field, ValueKind
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.validation import check
from dcmecho.diagnosis.target.value_checks import DICOM_PORT, Severity
from dcmecho.exit_codes import ExitCode
from dcmecho.new_file import write_new
from dcmecho.profiles.exchange.formats.known import write_text
from dcmecho.profiles.exchange.registration import one_line, our_side
from dcmecho.profiles.exchange.rows import ExchangeFormat

_USAGE = "dcmecho export [options] TARGET ... | --all"
_DESCRIPTION = """Writes targets of the profile file for another program. With --our-host it
writes your own entry instead, which these peers' administrators must register."""
_EPILOG = """examples:
  dcmecho export "Main PACS"                       one line to tell people
  dcmecho export --all --format csv -o targets.csv
  dcmecho export "Main PACS" --our-host 10.1.2.3 --our-port 11112

exit codes:
  0 all written
  2 wrong command line, or a file that cannot be read or written
  10 a target was left out, because the format cannot express it"""


def run(argv: Sequence[str]) -> int:
    """Run the command and return the exit code."""
    parser = _parser()
    given = parser.parse_args(argv)
    if bool(given.targets) == given.all:
        parser.error("name the targets to export, or --all")
    if given.our_host is not None:
        for judged in (*check(Field.HOST, given.our_host), *check(Field.PORT, given.our_port)):
            if judged.severity is Severity.ERROR:
                parser.error(f"--our-{judged}")
    with told_if_long("still reading the profile file"):
        book = profile_book(given)
    names = [profile.name for profile in book.profiles] if given.all else given.targets
    selection = named(book, names)
    targets, complaints = selection.targets, list(selection.complaints)
    if not targets and not complaints:
        complaints = [str(problem) for problem in book.problems]
        complaints = complaints or [f"{book.path} has no targets to export"]
    code = ExitCode.USAGE if complaints else ExitCode.OK
    if targets:
        if given.our_host is not None:
            targets = our_side(targets, given.our_host, given.our_port)
        with told_if_long(f"still converting {count(len(targets), 'target')}"):
            text, refused = _written(targets, given.format)
        complaints += refused
        code = ExitCode.PROFILE if refused and not code else code
        if not _delivered(given, text):
            return ExitCode.USAGE
    for complaint in complaints:
        complain(complaint)
    return code


def _parser() -> Parser:
    parser = Parser("dcmecho export", _USAGE, _DESCRIPTION)
    parser.epilog = _EPILOG
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="name of a target")
    parser.add_help_option()
    parser.add_argument("--all", action="store_true", help="every target of the file")
    parser.add_argument(
        "--format",
        type=one_of(tuple(ExchangeFormat)),
        choices=list(ExchangeFormat),
        metavar="FORMAT",
        help=f"{', '.join(ExchangeFormat)} (default: one line for people)",
    )
    parser.add_argument("-o", dest="output", type=Path, metavar="FILE", help="a new file to write")
    parser.add_argument(
        "--our-host", metavar="HOST", help="write your own entry, with this address or name"
    )
    parser.add_argument(
        "--our-port",
        type=read_as(ValueKind.WHOLE),
        metavar="PORT",
        default=DICOM_PORT,
        help=f"the port that you listen on (default: {DICOM_PORT})",
    )
    parser.add_profiles()
    return parser


def _written(targets: Sequence[Target], form: ExchangeFormat | None) -> tuple[str, list[str]]:
    """Return the text, and a complaint for each target it cannot express."""
    if form is None:
        return "".join(f"{one_line(target)}\n" for target in targets), []
    written = write_text(targets, form)
    return written.text, [f"{name}: left out: {why}" for name, why in written.refused.items()]


def _delivered(given: argparse.Namespace, text: str) -> bool:
    """Print the text, or write it to a new file that only its owner can read."""
    if given.output is None:
        sys.stdout.write(text)
        return True
    try:
        write_new(given.output, text)
    except FileExistsError:
        complain(f"{given.output} already exists. Name a new file")
        return False
    except OSError as error:
        complain(f"{given.output}: {error.strerror or error}")
        return False
    return True
