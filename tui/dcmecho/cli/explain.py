"""``dcmecho explain``: what a log or a message of other software means."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from dcmecho.cli.formats.format import OutputFormat
from dcmecho.cli.options.parser import Parser
from dcmecho.cli.output.complaint import complain
from dcmecho.cli.output.printing import print_out
from dcmecho.diagnosis.sanitize import error_text, own_text
from dcmecho.diagnosis.texts.explaining import Explained, explain
from dcmecho.exit_codes import ExitCode
from dcmecho.regular_file import require_regular
from dcmecho.report.json.layout import indented
from dcmecho.report.json.observed import observed_data
from dcmecho.report.observed.explain import render

_USAGE = "dcmecho explain [options] FILE ... | -"
_DESCRIPTION = """Reads what DCMTK, dcm4che, Orthanc, pynetdicom, fo-dicom and others write:
one line, a pasted page, or a log of any size. Tells which associations failed,
what can be the cause of each, what the text cannot tell, and what to do next.
Nothing is sent and nothing is kept. Data of patients is neither read nor shown."""
_EPILOG = """examples:
  dcmecho explain server.log                   the failures in a log
  dcmecho explain caller.log server.log        logs of both sides together
  dcmecho explain -                            a pasted text; end it with Ctrl-D

exit codes:
  0 explained, or no failure seen     22 nothing about DICOM in it
  2 wrong command line, or a file cannot be read"""
_STDIN = "-"
_PIECE = 1 << 18


class _UnreadableError(Exception):
    """A file cannot be read; the text says why."""


def run(argv: Sequence[str]) -> int:
    """Run the command and return the exit code."""
    given = _parser().parse_args(argv)
    try:
        found = explain(_pieces(name) for name in given.files)
    except _UnreadableError as error:
        complain(str(error))
        return ExitCode.USAGE
    is_json = given.format is OutputFormat.JSON
    print_out(_data(found) if is_json else render(found))
    return ExitCode.OK if found.is_dicom else ExitCode.NOTHING_OF_DICOM


def _parser() -> argparse.ArgumentParser:
    parser = Parser("dcmecho explain", _USAGE, _DESCRIPTION)
    parser.epilog = _EPILOG
    parser.add_argument(
        "files", metavar="FILE", nargs="+", help="a log or a message, or - for standard input"
    )
    parser.add_help_option()
    parser.add_format((OutputFormat.TEXT, OutputFormat.JSON))
    return parser


def _data(found: Explained) -> str:
    return indented([observed_data(each) for each in found.failures])


def _pieces(name: str) -> Iterator[bytes]:
    """Yield a file in pieces. Raises :class:`_UnreadableError`."""
    try:
        if name == _STDIN:
            yield from _read(sys.stdin.buffer)
            return
        path = Path(name)
        require_regular(path)
        with path.open("rb") as file:
            yield from _read(file)
    except OSError as error:
        raise _UnreadableError(f"{own_text(name)}: {error_text(error)}") from error


def _read(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece
