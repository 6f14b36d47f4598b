"""``dcmecho check``: targets of the profile file, without a screen."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from dcmecho.cli.options import Parser
from dcmecho.cli.selection import every, named
from dcmecho.diagnosis.model import RunOptions
from dcmecho.exit_codes import ExitCode
from dcmecho.profiles.locate import locate
from dcmecho.profiles.store import load

_USAGE = "dcmecho check [options] TARGET ... | --all"


def run(argv: Sequence[str]) -> int:
    """Run the command; returns the worst exit code of its targets."""
    parser = Parser("dcmecho check", _USAGE, "Diagnoses targets of the profile file by name.")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="name of a target")
    parser.add_argument("--all", action="store_true", help="every target of the file")
    parser.add_general()
    parser.add_experiments()
    parser.add_format()
    parser.add_profiles()
    given = parser.parse_args(argv)
    if bool(given.targets) == given.all:
        parser.error("name the targets to check, or --all")
    book = load(locate(given.profiles, os.environ, Path()))
    selection = every(book) if given.all else named(book, given.targets)
    selection.tell()
    if selection.complaints and not given.all:
        return ExitCode.USAGE
    if not selection.targets:
        return selection.nothing_to_do
    from dcmecho.cli.headless import Talk, diagnose, experiments_of

    several = given.all or len(given.targets) > 1
    asked = experiments_of(parser, given)
    code = diagnose(
        selection.targets, RunOptions(), given.format, Talk.of(given), array=several, asked=asked
    )
    return ExitCode.USAGE if code is ExitCode.OK and selection.complaints else code
