"""Heeds ``do_not_probe``, and ``--despite-do-not-probe``."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

from dcmecho.cli.options.parser import Parser
from dcmecho.diagnosis.target.prohibition import Prohibitions
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.runs.guard import why_forbidden
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.profiles.book.locate import ENVIRONMENT_VARIABLE, FILE_NAME, own_file
from dcmecho.profiles.book.refusing import may_refuse

_OPTION = "--despite-do-not-probe"


def add_despite(parser: Parser) -> None:
    """Add ``--despite-do-not-probe``."""
    parser.add_argument(
        _OPTION,
        action="store_true",
        help="check one target although the profile file forbids it (do_not_probe): shows the"
        " reason and asks on the terminal",
    )


def require_one_check(parser: Parser, given: argparse.Namespace) -> None:
    """Exit with a usage error if ``--despite-do-not-probe`` comes with more than one check."""
    more = (given.experiments, given.services, given.like, given.query, given.pdu_probe)
    if given.despite_do_not_probe and any(more):
        parser.error(f"{_OPTION} allows one check, without experiments and services")


def slots_heeding(given: argparse.Namespace) -> PeerSlots:
    """Return slots that keep away from what the profile files forbid."""
    files = [path for path in files_of(given) if may_refuse(path)]
    if not files:
        return PeerSlots()
    # Imported here because most checks meet no refusal, and start faster without it.
    from dcmecho.profiles.book.load import load

    found = [load(path).prohibitions for path in files]
    entries = (entry for each in found for entry in each.entries)
    unknown = next(filter(None, (each.unknown for each in found)), "")
    return PeerSlots(prohibitions=Prohibitions(tuple(entries), unknown))


def files_of(given: argparse.Namespace) -> list[Path]:
    """Return the files to heed: a named one, or the one here, whoever owns it, and the user's."""
    if named := given.profiles or os.environ.get(ENVIRONMENT_VARIABLE):
        return [Path(named)]
    return [Path(FILE_NAME), *_own_files()]


def _own_files() -> list[Path]:
    """Return the user's own file, unless its folder is closed to them, as with sudo's ``HOME``."""
    own = _own_file()
    try:
        own.stat()
    except OSError:
        return []
    return [own]


def _own_file() -> Path:
    """Return what ``locate.own_file`` returns, on Linux without a library that loads slowly."""
    if sys.platform != "linux":
        return own_file()
    folder = os.environ.get("XDG_CONFIG_HOME", "").strip() or os.path.expanduser("~/.config")
    return Path(folder, "dcmecho", FILE_NAME)


def allowed_by_user(target: Target, slots: PeerSlots) -> tuple[Target, PeerSlots]:
    """Ask on the terminal if the target is forbidden.

    Returns the target and the slots for the check; unchanged, so that it is refused, if nobody
    types yes.
    """
    why = why_forbidden(target, slots.guard)
    if not why:
        return target, slots
    sys.stderr.write(f"dcmecho: {why}\n")
    if not sys.stdin.isatty():
        sys.stderr.write(f"dcmecho: {_OPTION} asks for a yes on a terminal, and there is none\n")
        return target, slots
    sys.stderr.write("Type yes to check it all the same: ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() != "yes":
        return target, slots
    return replace(target, do_not_probe=""), PeerSlots()
