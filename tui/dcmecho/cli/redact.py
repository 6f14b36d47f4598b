"""``dcmecho redact``: a saved report without the names and addresses of the site."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, assert_never

from dcmecho.cli.options.parser import Parser, one_of
from dcmecho.cli.options.redaction import own_redaction
from dcmecho.cli.output.complaint import complain
from dcmecho.cli.output.printing import print_out
from dcmecho.diagnosis.report import Source
from dcmecho.diagnosis.sanitize import error_text, own_text
from dcmecho.exit_codes import ExitCode
from dcmecho.regular_file import read_limited, read_regular
from dcmecho.report import diagnose
from dcmecho.report.handover import markdown
from dcmecho.report.json.layout import IndentedArray, indented
from dcmecho.report.json.listen import SCHEMA as CALL_SCHEMA
from dcmecho.report.json.reading import observed_of, report_of
from dcmecho.report.observed import explain

_USAGE = "dcmecho redact [options] FILE | -"
_DESCRIPTION = """Prints a report that was saved with --json, or several, with pseudonyms
for AE titles, hosts, addresses, names, certificates and free texts. A value has
the same pseudonym in all your reports, so that you can compare them. Nobody can
trace it without redaction.key in your state folder."""
_EPILOG = """examples:
  dcmecho redact report.json                     the same report, redacted
  dcmecho redact --format markdown report.json   for a ticket
  dcmecho redact -                               a report from standard input

exit codes:
  0 printed
  2 wrong command line, or a file that cannot be read or is not such a report"""
_STDIN = "-"


class RedactFormat(StrEnum):
    """The names that ``--format`` takes."""

    JSON = "json"
    TEXT = "text"
    MARKDOWN = "markdown"


def run(argv: Sequence[str]) -> int:
    """Run the command and return the exit code."""
    parser = _parser()
    given = parser.parse_args(argv)
    try:
        saved = _saved(given.file)
    except (OSError, ValueError, RecursionError) as error:
        complain(f"{own_text(given.file)}: {error_text(error)}")
        return ExitCode.USAGE
    redaction = own_redaction(parser)
    if isinstance(saved, list):
        _print(map(redaction.data, saved), given.format)
    else:
        print_out(_text(redaction.data(saved), given.format))
    return ExitCode.OK


def _parser() -> Parser:
    parser = Parser("dcmecho redact", _USAGE, _DESCRIPTION)
    parser.epilog = _EPILOG
    parser.add_argument("file", metavar="FILE", help="a saved report, or - for standard input")
    parser.add_help_option()
    parser.add_argument(
        "--format",
        type=one_of(tuple(RedactFormat)),
        choices=list(RedactFormat),
        default=RedactFormat.JSON,
        help="json: as it was saved (default); text: for people; markdown: for a ticket",
    )
    return parser


def _saved(name: str) -> dict[str, Any] | list[dict[str, Any]]:
    """Return the report, or the reports. Raises ``OSError`` or ``ValueError``."""
    content = read_limited(sys.stdin.buffer, name) if name == _STDIN else read_regular(Path(name))
    saved = json.loads(content)
    for each in saved if isinstance(saved, list) else [saved]:
        if not isinstance(each, dict):
            raise ValueError("it is not a report of dcmecho --json")
        if not _is_call(each):
            report_of(each)
    found: dict[str, Any] | list[dict[str, Any]] = saved
    return found


def _is_call(data: Mapping[str, Any]) -> bool:
    """Report whether it is a call that a listener heard, as the history lists one."""
    return data.get("schema") == CALL_SCHEMA and isinstance(data.get("call"), dict)


def _print(reports: Iterable[Mapping[str, Any]], form: RedactFormat) -> None:
    if form is not RedactFormat.JSON:
        for each in reports:
            print_out(_text(each, form))
        return
    array = IndentedArray()
    for each in reports:
        print_out(array.element(each))
    print_out(array.end())


def _text(report: Mapping[str, Any], form: RedactFormat) -> str:
    if _is_call(report):
        return indented(report)
    if form is not RedactFormat.JSON and report.get("source") in (Source.TEXT, Source.CAPTURE):
        return explain.render_one(observed_of(report))
    match form:
        case RedactFormat.JSON:
            return indented(report)
        case RedactFormat.TEXT:
            return diagnose.render(report_of(report))
        case RedactFormat.MARKDOWN:
            return markdown.render(report_of(report))
        case _:
            assert_never(form)
