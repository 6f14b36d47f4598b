"""``dcmecho import``: targets from the files of other programs, with a preview."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from dcmecho.cli.options.parser import Parser, one_of
from dcmecho.cli.options.selection import profile_path
from dcmecho.cli.output.complaint import complain
from dcmecho.cli.output.waiting import told_if_long
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.sanitize import path_text
from dcmecho.exit_codes import ExitCode
from dcmecho.profiles.book.load import load
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.exchange.applying import apply_plan
from dcmecho.profiles.exchange.formats.known import UnknownFormatError, read_bytes
from dcmecho.profiles.exchange.planning import Action, ImportPlan, plan
from dcmecho.profiles.exchange.preview import as_json, summary, warnings
from dcmecho.profiles.exchange.rows import ExchangeFormat, Reading
from dcmecho.regular_file import read_limited, read_regular

_USAGE = "dcmecho import [options] FILE | -"
_DESCRIPTION = """Adds the peers in another program's file to the profile file. First shows what
would be new, changed, equal or refused, and asks before it writes.

Formats, recognized by their content:
  csv       a table with a header: name, host, port, AE title, in any order
  dcmqrscp  DCMTK's dcmqrscp.cfg            orthanc   Orthanc's DicomModalities
  ldif      dcm4che's configuration         compose   docker-compose, .env
  mercure   mercure.json                    weasis    Weasis' dicomNodes.xml
  horos     nodes of Horos and OsiriX       conquest  Conquest's acrnema.map
  lines     AET@host:port, one per line     command   echoscu, storescu as typed
  toml      another profiles.toml"""
_EPILOG = """examples:
  dcmecho import devices.csv --dry-run
  dcmecho import /etc/dcmtk/dcmqrscp.cfg --group Archives
  echo "echoscu -aet WS1 -aec ARCHIVE 10.1.2.3 104" | dcmecho import - --yes

exit codes:
  0 done, or nothing to do
  2 wrong command line, or a file that cannot be read or written
  10 a row was refused; the others were written
  130 you chose not to write"""


def run(argv: Sequence[str]) -> int:
    """Run the command and return the exit code."""
    parser = _parser()
    given = parser.parse_args(argv)
    path = profile_path(given)
    try:
        with told_if_long(f"still reading {_name(given.file)}"):
            reading = read_bytes(_content(given.file), given.format)
    except OSError as error:
        return _complain(f"{given.file}: {error.strerror or error}")
    except UnknownFormatError as error:
        return _complain(f"{given.file}: {error}")
    with told_if_long(f"still reading {path_text(path)}"):
        book = load(path)
    if book.exists and not book.writable and not given.dry_run:
        why = "; ".join(map(str, book.problems)) or f"{path} is read-only for you"
        return _complain(why)
    with told_if_long(f"still comparing {count(len(reading.rows), 'row')} with {path_text(path)}"):
        planned = plan(book, reading.rows, given.group)
    for remark in reading.remarks:
        complain(f"{given.file}: {remark}")
    if not given.json:
        sys.stdout.write("".join(_preview(reading, planned, path)))
        sys.stdout.flush()
    code = _write(given, path, planned)
    if given.json:
        is_written = planned.writes and code in (ExitCode.OK, ExitCode.PROFILE)
        is_written = is_written and not given.dry_run
        sys.stdout.write(as_json(reading, planned, str(path), written=is_written))
    return code


def _parser() -> Parser:
    parser = Parser("dcmecho import", _USAGE, _DESCRIPTION)
    parser.epilog = _EPILOG
    parser.add_argument("file", metavar="FILE", help="the file to read, or - for standard input")
    parser.add_help_option()
    parser.add_argument(
        "--format",
        type=one_of(tuple(ExchangeFormat)),
        choices=list(ExchangeFormat),
        metavar="FORMAT",
        help="the format of FILE (default: recognized by its content)",
    )
    parser.add_argument(
        "--group",
        default="",
        help="the group for new targets without one; only targets of this group are changed",
    )
    parser.add_argument("--dry-run", action="store_true", help="only show what would be done")
    parser.add_argument("--yes", action="store_true", help="write without asking")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_profiles()
    return parser


def _name(file: str) -> str:
    return "standard input" if file == "-" else file


def _content(name: str) -> bytes:
    """Read the file, or standard input. Raises ``OSError``."""
    return read_limited(sys.stdin.buffer, name) if name == "-" else read_regular(Path(name))


def _preview(reading: Reading, planned: ImportPlan, path: Path) -> Iterator[str]:
    width = max((len(row.name) for row in planned.rows), default=0)
    for row in planned.rows:
        name = row.name.ljust(min(width, 24))
        place = f"line {row.line:<4}" if row.line else ""
        yield f"{row.action:8}  {place:9}  {name}  {summary(row)}\n"
        for warning in warnings(row):
            yield f"{'':8}  warning    {warning}\n"
    yield f"{reading.format.label}: {planned.counts}, for {path_text(path)}\n"


def _write(given: argparse.Namespace, path: Path, planned: ImportPlan) -> ExitCode:
    """Write if the user wants it, and return the exit code."""
    code = ExitCode.PROFILE if planned.of(Action.REFUSED) else ExitCode.OK
    if given.dry_run or not planned.writes:
        return code
    if not given.yes:
        if given.file == "-" or given.json or not sys.stdin.isatty():
            return _complain("nothing was written. Add --yes to write, or --dry-run to only look")
        if not _confirmed(path, planned):
            complain("nothing was written")
            return ExitCode.INTERRUPTED
    try:
        with told_if_long(f"still writing {path_text(path)}"):
            change = apply_plan(path, planned)
    except ProfileError as error:
        return _complain(f"{error}; nothing was written")
    complain(f"{change.path}: {_written(planned)} written")
    if change.caution:
        complain(change.caution)
    return code


def _confirmed(path: Path, planned: ImportPlan) -> bool:
    sys.stderr.write(f"Write {_written(planned)} to {path_text(path)}? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _written(planned: ImportPlan) -> str:
    new, changed = len(planned.of(Action.NEW)), len(planned.of(Action.CHANGED))
    return f"{new} new and {changed} changed targets"


def _complain(text: str) -> ExitCode:
    complain(text)
    return ExitCode.USAGE
