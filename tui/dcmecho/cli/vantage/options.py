"""``--from``: the machines from which a peer is asked."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from dcmecho.cli.formats.format import OutputFormat
from dcmecho.cli.options.parser import Parser
from dcmecho.cli.output.complaint import complain
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.vantage.vantage import HERE, Vantage
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.exit_codes import ExitCode

_OPTION = "--from"
_URI = "ssh://"

MOST_VANTAGES = 8
"""Each asks the peer with an association of its own."""

THIS_MACHINE = Vantage(HERE, HERE)


def add_from(parser: Parser) -> None:
    """Add ``--from`` and ``--dry-run``."""
    group = parser.add_argument_group("vantage points")
    group.add_argument(
        _OPTION,
        dest="vantages",
        metavar="NAME[,NAME...]",
        help="ask from other machines, through ssh: names of [vantage.NAME] in the profile file,"
        f" ssh://USER@HOST:PORT, or {HERE} for this machine",
    )
    group.add_argument(
        "--dry-run",
        action="store_true",
        help=f"with {_OPTION}: print the ssh commands, and do nothing",
    )


def vantages_of(
    parser: Parser, given: argparse.Namespace, known: Callable[[], Mapping[str, Vantage]]
) -> tuple[Vantage, ...]:
    """Return what ``--from`` names, or exit with a usage error. Empty without the option.

    ``known`` reads those of the profile file.
    """
    if given.vantages is None:
        if given.dry_run:
            parser.error(f"--dry-run is for {_OPTION}")
        return ()
    names = [name.strip() for name in given.vantages.split(",")]
    if len(set(names)) < len(names):
        parser.error(f"{_OPTION} {given.vantages}: name each vantage point once")
    if len(names) > MOST_VANTAGES:
        parser.error(f"{_OPTION}: {len(names)} vantage points; use {MOST_VANTAGES} or fewer")
    return tuple(_vantage(parser, name, known) for name in names)


def vantages_in(files: Sequence[Path]) -> dict[str, Vantage]:
    """Return the vantage points of profile files, the nearest first."""
    # Imported here because most checks are made from this machine, and start faster without it.
    from dcmecho.profiles.book.load import load

    found: dict[str, Vantage] = {}
    for path in reversed(files):
        book = load(path)
        found |= book.vantages
        for problem in book.problems:
            if problem.key.startswith("vantage"):
                complain(str(problem))
    return found


def _vantage(parser: Parser, name: str, known: Callable[[], Mapping[str, Vantage]]) -> Vantage:
    if name == HERE:
        return THIS_MACHINE
    if name.startswith(_URI):
        made = Vantage(name, name)
        if made.flaw:
            parser.error(f"{_OPTION} {name}: {made.flaw}")
        return made
    found = known()
    if name not in found:
        names = ", ".join([*found, HERE])
        parser.error(
            f"{_OPTION} {name}: there is no [vantage.{name}] in the profile file. Known: {names}."
            f" {_URI}USER@HOST works without one"
        )
    return found[name]


def require_comparable(parser: Parser, given: argparse.Namespace) -> None:
    """Exit with a usage error if something is asked that several vantage points do not do."""
    if given.format not in (OutputFormat.TEXT, OutputFormat.JSON):
        parser.error(f"--format {given.format} is for one vantage point")
    more = (given.experiments, given.services, given.like, given.query, given.pdu_probe)
    if any(more):
        parser.error("experiments and services are for one vantage point")
    if given.redact:
        parser.error("--redact is for one vantage point. dcmecho redact FILE takes the JSON")


def print_commands(vantages: Sequence[Vantage]) -> int:
    """Print the exact ssh commands, for ``--dry-run``, and return the exit code."""
    from dcmecho.dicom.vantage.ssh import far_socket_hash, shown_command

    for vantage in _far(vantages):
        sys.stdout.write(f"{vantage.name}: {shown_command(vantage)}\n")
    sys.stdout.write(f"far_socket.py: SHA-256 {far_socket_hash()}\n")
    return ExitCode.OK


def is_mute(given: argparse.Namespace) -> bool:
    """Report whether nothing may be said on stderr: ``-q``, or a monitor takes it for a failure."""
    form: OutputFormat = given.format
    return bool(given.quiet) or form.is_for_a_monitor


def asked_from(
    vantage: Vantage, target: Target, slots: PeerSlots, *, is_quiet: bool
) -> tuple[Target, PeerSlots]:
    """Return ``target`` and ``slots`` for a check from ``vantage``."""
    ready = with_vantages(slots, (vantage,), is_quiet=is_quiet)
    return seen_from(target, vantage), ready


def with_vantages(slots: PeerSlots, vantages: Sequence[Vantage], *, is_quiet: bool) -> PeerSlots:
    """Let runs ask from ``vantages``; before the first use of one, show its ssh command."""
    from dcmecho.cli.vantage.shown_commands import is_shown_first
    from dcmecho.dicom.vantage.points import VantagePoints
    from dcmecho.dicom.vantage.ssh import shown_command

    for vantage in _far(vantages):
        command = shown_command(vantage)
        if not is_quiet and is_shown_first(command):
            complain(
                f"the first time from {vantage.name}: a {vantage.python} process will be seen"
                f" there. The command is {command}"
            )
    slots.vantages = VantagePoints(_far(vantages))
    return slots


def seen_from(target: Target, vantage: Vantage) -> Target:
    """Return ``target`` as it is asked from ``vantage``."""
    if vantage is THIS_MACHINE:
        return target
    return replace(target, vantage=vantage.name, calling_ae=vantage.calling_ae or target.calling_ae)


def _far(vantages: Sequence[Vantage]) -> list[Vantage]:
    return [each for each in vantages if each is not THIS_MACHINE]
