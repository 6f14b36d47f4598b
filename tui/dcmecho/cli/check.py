"""``dcmecho check``: targets of the profile file, without a screen."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from dcmecho.cli.options import Format, Parser, counted
from dcmecho.diagnosis.model import RunOptions, Target
from dcmecho.diagnosis.sanitize import printable
from dcmecho.dicom.pool import JOBS
from dcmecho.exit_codes import ExitCode, NagiosCode
from dcmecho.profiles.locate import locate
from dcmecho.profiles.model import ProfileBook
from dcmecho.profiles.store import load

_USAGE = "dcmecho check [options] TARGET ... | --all"


def run(argv: Sequence[str]) -> int:
    """Run the command; returns the worst exit code of its targets."""
    parser = Parser("dcmecho check", _USAGE, "Diagnoses targets of the profile file by name.")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="name of a target")
    parser.add_argument("--all", action="store_true", help="every target of the file")
    parser.add_argument(
        "--jobs",
        type=counted(None),
        metavar="N",
        default=JOBS,
        help=f"check up to N peers at once (default: {JOBS})",
    )
    parser.add_general()
    parser.add_experiments()
    parser.add_format()
    parser.add_profiles()
    given = parser.read(argv)
    if bool(given.targets) == given.all:
        parser.error("name the targets to check, or --all")
    book = load(locate(given.profiles, os.environ, Path()))
    targets, complaints = _all(book) if given.all else _named(book, given.targets)
    if given.all and given.format is not Format.NAGIOS:
        _tell_forbidden(book)
    if not targets or (complaints and not given.all):
        return _nothing_checked(book, complaints, given.format)
    for complaint in complaints:
        sys.stderr.write(f"dcmecho: {complaint}\n")
    from dcmecho.cli.headless import Talk, diagnose, experiments_of

    talk, asked = Talk.of(given), experiments_of(parser, given)
    if not given.all and len(targets) == 1:
        return diagnose(targets[0], RunOptions(), given.format, talk, asked=asked)
    from dcmecho.cli.checking import check_all

    code = check_all(targets, given.format, talk, given.jobs, asked, complaints)
    return ExitCode.USAGE if code == ExitCode.OK and complaints else code


def _nothing_checked(book: ProfileBook, complaints: Sequence[str], form: Format) -> int:
    """Say why, where each reader looks for it: a monitor that stays green would be the worst."""
    forbidden = not complaints and bool(book.targets)
    if form is Format.NAGIOS:
        from dcmecho.report import nagios

        why = ("no target may be probed (do_not_probe)",) if forbidden else complaints
        sys.stdout.write(nagios.render((), why))
        return NagiosCode.UNKNOWN
    for complaint in complaints:
        sys.stderr.write(f"dcmecho: {complaint}\n")
    return ExitCode.PROFILE if forbidden else ExitCode.USAGE


def _all(book: ProfileBook) -> tuple[list[Target], list[str]]:
    """Every target that may be probed, and what is wrong with the others."""
    complaints = [str(problem) for problem in book.problems]
    if not book.exists:
        complaints.append(f"{book.path} does not exist (--profiles names another file)")
    elif not book.profiles and not complaints:
        complaints.append(f"{book.path} holds no [[target]]: nothing was checked")
    return [target for target in book.targets if not target.do_not_probe], complaints


def _tell_forbidden(book: ProfileBook) -> None:
    """Those that must not be probed are told, and are no failure."""
    for target in book.targets:
        if target.do_not_probe:
            name, reason = printable(target.name), printable(target.do_not_probe)
            sys.stderr.write(f"dcmecho: {name}: not probed: {reason}\n")


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
