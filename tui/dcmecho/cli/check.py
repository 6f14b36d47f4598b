"""``dcmecho check``: targets of the profile file, without a screen."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from dcmecho.cli.options import Parser
from dcmecho.diagnosis.model import RunOptions, Target
from dcmecho.diagnosis.sanitize import printable
from dcmecho.exit_codes import ExitCode
from dcmecho.profiles.locate import locate
from dcmecho.profiles.model import ProfileBook
from dcmecho.profiles.store import load

_USAGE = "dcmecho check [options] TARGET ... | --all"


def run(argv: Sequence[str]) -> int:
    """Run the command; returns the worst exit code of its targets."""
    parser = Parser("dcmecho check", _USAGE, "Diagnoses targets of the profile file by name.")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="name of a target")
    parser.add_argument("--all", action="store_true", help="every target of the file")
    parser.add_general()
    parser.add_experiments()
    parser.add_services()
    parser.add_format()
    parser.add_profiles()
    given = parser.parse_args(argv)
    if bool(given.targets) == given.all:
        parser.error("name the targets to check, or --all")
    book = load(locate(given.profiles, os.environ, Path()))
    targets, complaints = _all(book) if given.all else _named(book, given.targets)
    for complaint in complaints:
        sys.stderr.write(f"dcmecho: {complaint}\n")
    if complaints and not given.all:
        return ExitCode.USAGE
    if not targets:
        return ExitCode.PROFILE if _all_forbidden(book) else ExitCode.USAGE
    from dcmecho.cli.headless import Talk, diagnose, experiments_of

    several = given.all or len(given.targets) > 1
    from dcmecho.cli.surveying import asked_of

    code = diagnose(
        targets,
        RunOptions(),
        given.format,
        Talk.of(given),
        array=several,
        asked=experiments_of(parser, given),
        services=asked_of(parser, given),
    )
    return ExitCode.USAGE if code is ExitCode.OK and complaints else code


def _all(book: ProfileBook) -> tuple[list[Target], list[str]]:
    """Every target that may be probed. Those that must not be are told, and are no failure."""
    targets = []
    for target in book.targets:
        if target.do_not_probe:
            reason = printable(target.do_not_probe)
            sys.stderr.write(f"dcmecho: {target.name}: not probed: {reason}\n")
        else:
            targets.append(target)
    complaints = [str(problem) for problem in book.problems]
    if not book.exists:
        complaints.append(f"{book.path} does not exist (--profiles names another file)")
    elif not book.profiles and not complaints:
        complaints.append(f"{book.path} holds no [[target]]: nothing was checked")
    return targets, complaints


def _all_forbidden(book: ProfileBook) -> bool:
    return bool(book.targets) and all(target.do_not_probe for target in book.targets)


def _named(book: ProfileBook, names: Sequence[str]) -> tuple[list[Target], list[str]]:
    targets, complaints = [], []
    for name in names:
        profile = book.find(name)
        if profile is None:
            complaints.append(_unknown(book, name))
        elif profile.target is None:
            complaints += [str(problem) for problem in profile.problems]
        else:
            targets.append(profile.target)
    return targets, complaints


def _unknown(book: ProfileBook, name: str) -> str:
    if not book.exists:
        return f"{name}: no such target: {book.path} does not exist (--profiles names another file)"
    known = [profile.name for profile in book.profiles]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"{name}: no such target in {book.path}{hint}"
