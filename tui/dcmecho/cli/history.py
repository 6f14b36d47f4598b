"""``dcmecho history``: earlier checks, newest first."""

from __future__ import annotations

import argparse
import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from sqlite3 import Connection
from typing import assert_never

from dcmecho.cli.options.history import PATIENCE_S, add_history, place_to_read
from dcmecho.cli.options.parser import Parser, one_of
from dcmecho.cli.options.selection import did_you_mean
from dcmecho.cli.output.complaint import complain
from dcmecho.cli.output.printing import print_out
from dcmecho.diagnosis.conclusion.clock import utc_time
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.sanitize import path_text
from dcmecho.exit_codes import ExitCode
from dcmecho.journal.connection import opened
from dcmecho.journal.errors import JournalError
from dcmecho.journal.listing import Kept, erase, forget, kept, named, names
from dcmecho.journal.place import Place, set_aside, shown
from dcmecho.report.history.table import history_table
from dcmecho.report.json.layout import IndentedArray

_USAGE = "dcmecho history [options] [NAME ...]"
_DESCRIPTION = """Shows earlier checks, newest first: of the named targets, or of all."""
_EPILOG = """examples:
  dcmecho history "Main PACS" --since 7d
  dcmecho history --format json > checks.json
  dcmecho history --forget "Main PACS"          delete what is known of it

exit codes:
  0 shown, or deleted
  2 wrong command line, a name that the history does not have, or no history"""

_SPAN = re.compile(r"(?P<number>[0-9]{1,6})(?P<unit>min|h|d|w)")
_UNITS = {
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_COLUMNS = (
    "target",
    "began",
    "ended",
    "runs",
    "ok",
    "status",
    "stage",
    "cause",
    "echo_ms",
    "way",
    "program",
    "user",
)


class HistoryFormat(StrEnum):
    """The names that ``--format`` takes."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def run(argv: Sequence[str]) -> int:
    """Run the command and return the exit code."""
    parser = _parser()
    given = parser.parse_args(argv)
    if given.all and not given.forget:
        parser.error("--all is for --forget; without a name, all targets are shown")
    if given.forget and bool(given.names) == given.all:
        parser.error("name the targets to forget, or --all")
    try:
        place = place_to_read(given)
    except JournalError as error:
        complain(str(error))
        return ExitCode.USAGE
    try:
        return _forgotten(given, place) if given.forget else _listed(given, place)
    except FileNotFoundError:
        complain(f"{shown(place)} does not exist: no check has been kept yet")
    except (JournalError, ValueError) as error:
        complain(f"history {shown(place)}: {error}")
    return ExitCode.USAGE


def _parser() -> Parser:
    parser = Parser("dcmecho history", _USAGE, _DESCRIPTION)
    parser.epilog = _EPILOG
    parser.add_argument("names", nargs="*", metavar="NAME", help="name of a target")
    parser.add_help_option()
    parser.add_argument(
        "--since",
        type=time_from,
        metavar="TIME",
        help="only what is not older: 90min, 12h, 7d, 4w, or 2026-11-29T18:42",
    )
    parser.add_argument(
        "--format",
        type=one_of(tuple(HistoryFormat)),
        choices=list(HistoryFormat),
        default=HistoryFormat.TEXT,
        help="text: for people (default); json: the reports; csv: a line for each",
    )
    parser.add_argument(
        "--forget", action="store_true", help="delete all that is known of the targets"
    )
    parser.add_argument("--all", action="store_true", help="with --forget: all targets")
    add_history(parser, is_written=False)
    parser.add_profiles()
    return parser


def time_from(text: str) -> datetime:
    """Return a time: a span before now, or one of ISO 8601, local if it names no zone."""
    try:
        if found := _SPAN.fullmatch(text):
            return datetime.now(UTC) - int(found["number"]) * _UNITS[found["unit"]]
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        wanted = "7d, 12h, 90min or 2026-11-29T18:42"
        raise argparse.ArgumentTypeError(f"{text!r} is no time. Write {wanted}") from None


def _listed(given: argparse.Namespace, place: Place) -> int:
    with opened(place, make=False, wait_s=PATIENCE_S) as connection:
        ids, unknown = _wanted(connection, given.names)
        if not unknown:
            _print(kept(connection, ids, given.since), given.format)
    return _complained(unknown)


def _forgotten(given: argparse.Namespace, place: Place) -> int:
    with opened(place, make=False, wait_s=PATIENCE_S) as connection:
        ids, unknown = _wanted(connection, given.names)
        if not unknown:
            complain(f"forgot {count(forget(connection, ids), 'target')}")
            _erase(connection, place)
    return _complained(unknown)


def _erase(connection: Connection, place: Place) -> None:
    if not erase(connection):
        complain(
            f"another process reads {shown(place)}: its bytes still have what was deleted until"
            " you give this command again"
        )
    for each in set_aside(place):
        complain(f"{path_text(each)} was set aside as it was: delete it yourself")


def _print(runs: Iterable[Kept], form: HistoryFormat) -> None:
    match form:
        case HistoryFormat.TEXT:
            print_out("".join(f"{line}\n" for line in history_table(runs)))
        case HistoryFormat.JSON:
            array = IndentedArray()
            for each in runs:
                print_out(array.element(each.body))
            print_out(array.end())
        case HistoryFormat.CSV:
            print_out(_csv(runs))
        case _:
            assert_never(form)


def _csv(runs: Iterable[Kept]) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(_COLUMNS)
    for each in runs:
        times = (utc_time(each.began), utc_time(each.ended))
        judged = (each.status, each.stage, each.cause, each.echo_ms)
        by = (each.way, each.program, each.user)
        rows.writerow((each.name, *times, each.runs, each.ok, *judged, *by))
    return text.getvalue()


def _wanted(
    connection: Connection, wanted: Sequence[str]
) -> tuple[Sequence[int] | None, Sequence[str]]:
    """Return the ids of the named targets, ``None`` for all, and complaints about the others."""
    if not wanted:
        return None, ()
    found = {name: named(connection, name) for name in wanted}
    unknown = [name for name, ids in found.items() if not ids]
    near = names(connection) if unknown else ()
    complaints = [
        f"nothing is known of a target named {name}{did_you_mean(name, near)}" for name in unknown
    ]
    return [id for ids in found.values() for id in ids], complaints


def _complained(complaints: Sequence[str]) -> int:
    for each in complaints:
        complain(each)
    return ExitCode.USAGE if complaints else ExitCode.OK
