"""``dcmecho compare``: what differs between two checks."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from dcmecho.cli.formats.format import OutputFormat
from dcmecho.cli.history import time_from
from dcmecho.cli.interruption import Interruption
from dcmecho.cli.options.history import PATIENCE_S, add_history, book_name, place_to_read
from dcmecho.cli.options.parser import Parser
from dcmecho.cli.options.selection import named as named_in_file
from dcmecho.cli.options.selection import profile_book
from dcmecho.cli.output.complaint import complain
from dcmecho.cli.output.printing import bug_message, print_out
from dcmecho.diagnosis.events import Event
from dcmecho.diagnosis.history.compared import compared_values
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.sanitize import error_text
from dcmecho.dicom.runs import workers
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.exit_codes import ExitCode
from dcmecho.journal.connection import opened
from dcmecho.journal.errors import JournalError
from dcmecho.journal.listing import last_kept, named
from dcmecho.journal.place import shown
from dcmecho.regular_file import read_regular
from dcmecho.report.compare import comparison, comparison_data, render
from dcmecho.report.history.remembered import remembered
from dcmecho.report.json.layout import indented
from dcmecho.report.json.reading import read_whole, report_of

_USAGE = "dcmecho compare [options] A B"
_DESCRIPTION = """Shows what differs between two checks. A and B are each

  FILE             a report that was saved with --json
  NAME@last-ok     the last check of this target that worked
  NAME@TIME        its last check up to a time, such as 2026-11-29T18:42
  NAME@now, NAME   the target as it is: it is checked now"""
_EPILOG = """examples:
  dcmecho compare "Main PACS@last-ok" "Main PACS@now"
  dcmecho compare "Main PACS" "Second PACS"
  dcmecho compare before.json after.json

exit codes:
  0 equal in verdict and facts
  2 wrong command line, or one of the two cannot be read or is not there
  21 different"""

_NOW, _LAST_OK = "now", "last-ok"


class _NotThereError(Exception):
    """One of the two cannot be had; the text says why."""


def run(argv: Sequence[str]) -> int:
    """Run the command and return the exit code."""
    parser = _parser()
    given = parser.parse_args(argv)
    try:
        before, after = (_report(text, given) for text in (given.before, given.after))
    except _NotThereError as error:
        complain(str(error))
        return ExitCode.USAGE
    found = comparison(given.before, before, given.after, after)
    print_out(indented(comparison_data(found)) if _is_json(given) else render(found))
    return ExitCode.OK if found.is_equal else ExitCode.DIFFERENT


def _parser() -> Parser:
    parser = Parser("dcmecho compare", _USAGE, _DESCRIPTION)
    parser.epilog = _EPILOG
    parser.add_argument("before", metavar="A", help="a report, or a target and a time")
    parser.add_argument("after", metavar="B", help="the other one")
    parser.add_help_option()
    parser.add_format((OutputFormat.TEXT, OutputFormat.JSON))
    add_history(parser, is_written=False)
    parser.add_profiles()
    return parser


def _is_json(given: argparse.Namespace) -> bool:
    return given.format is OutputFormat.JSON


def _report(text: str, given: argparse.Namespace) -> Mapping[str, Any]:
    """Return one of the two as plain data. Raises ``_NotThereError``."""
    if os.path.isfile(text):
        return _saved(Path(text))
    name, at, when = text.rpartition("@")
    if not at or not _is_time(when):
        return _checked(text, given)
    if when == _NOW:
        return _checked(name, given)
    return _kept(name, None if when == _LAST_OK else time_from(when), given)


def _is_time(text: str) -> bool:
    if text in (_NOW, _LAST_OK):
        return True
    try:
        time_from(text)
    except argparse.ArgumentTypeError:
        return False
    return True


def _saved(path: Path) -> Mapping[str, Any]:
    try:
        data = json.loads(read_regular(path))
        if isinstance(data, list):
            raise _NotThereError(f"{path}: it holds several reports; save one of them alone")
        with read_whole():
            report_of(data)
            compared_values(data)
    except (OSError, ValueError, RecursionError) as error:
        raise _NotThereError(f"{path}: {error_text(error)}") from error
    return dict(data)


def _kept(name: str, at: datetime | None, given: argparse.Namespace) -> Mapping[str, Any]:
    """Return the last check up to a time, or the last one that worked."""
    try:
        place = place_to_read(given)
    except JournalError as error:
        raise _NotThereError(str(error)) from error
    path = book_name(profile_book(given)).path
    try:
        with opened(place, make=False, wait_s=PATIENCE_S) as connection:
            ids = named(connection, name, path)
            found = last_kept(connection, ids[0], at, worked=at is None) if ids else None
        body = found.body if found else None
    except (JournalError, FileNotFoundError, ValueError) as error:
        reason = "it does not exist" if isinstance(error, FileNotFoundError) else str(error)
        raise _NotThereError(f"history {shown(place)}: {reason}") from error
    if body is None:
        what = "check" if at else "check that worked"
        raise _NotThereError(f"no {what} of a target named {name} is known from then")
    return body


def _checked(name: str, given: argparse.Namespace) -> Mapping[str, Any]:
    """Check a target of the profile file now."""
    book = profile_book(given)
    selection = named_in_file(book, [name])
    if not selection.targets:
        raise _NotThereError("; ".join(selection.complaints))
    with Interruption() as interruption:
        slots = PeerSlots(prohibitions=book.prohibitions)
        run = workers.start(selection.targets[0], _unheard, RunOptions(), slots)
        interruption.cancels(run.cancel)
        report = run.join()
    if interruption.requested:
        raise KeyboardInterrupt
    if report is None:
        raise _NotThereError(bug_message(run.fault))
    return remembered(report)


def _unheard(_event: Event) -> None:
    """Only the report counts."""
