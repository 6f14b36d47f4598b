"""``dcmecho check``: checks targets of the profile file, without a screen."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from dcmecho.cli.formats.format import OutputFormat, outputs
from dcmecho.cli.formats.output import OutputEnd
from dcmecho.cli.options.forbidden import add_despite, allowed_by_user, require_one_check
from dcmecho.cli.options.history import add_history, memory_of
from dcmecho.cli.options.parser import Parser, counted
from dcmecho.cli.options.redaction import add_redact, redacting
from dcmecho.cli.options.selection import Selection, every, named, profile_book
from dcmecho.cli.vantage.options import (
    add_from,
    is_mute,
    print_commands,
    require_comparable,
    seen_from,
    vantages_of,
    with_vantages,
)
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.dicom.check import JOBS
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.exit_codes import ExitCode
from dcmecho.profiles.book.locate import own_file

_USAGE = "dcmecho check [options] TARGET ... | --all"

_DESCRIPTION = """Checks targets of the profile file with one association and one C-ECHO each:
many peers at once, but never two connections to one peer at the same time."""

_EPILOG = """examples:
  dcmecho check "Main PACS"                      one full report
  dcmecho check "Main PACS" --services --query   what it accepts beyond C-ECHO
  dcmecho check --all                            failures first, by cause
  dcmecho check --all --format nagios            for a monitor

exit code: the highest of all targets (dcmecho --help lists the codes); 2 if the
file or a name is wrong. With --format nagios: 0, 1, 2 or 3."""


def run(argv: Sequence[str]) -> int:
    """Run the command and return the worst exit code of its targets."""
    parser = Parser("dcmecho check", _USAGE, _DESCRIPTION)
    parser.epilog = _EPILOG
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
    add_despite(parser)
    add_from(parser)
    add_history(parser)
    parser.add_experiments()
    parser.add_services()
    parser.add_format()
    add_redact(parser)
    parser.add_profiles()
    given = parser.read(argv)
    if bool(given.targets) == given.all:
        parser.error("name the targets to check, or --all")
    require_one_check(parser, given)
    if given.despite_do_not_probe and len(given.targets) != 1:
        parser.error("--despite-do-not-probe is for one target")
    book = profile_book(given)
    selection = every(book) if given.all else named(book, given.targets)
    if not selection.targets or (selection.complaints and not given.all):
        return _nothing_checked(selection, given.format)
    if not given.format.is_for_a_monitor:
        selection.tell()
    from dcmecho.cli.diagnose.headless import FollowUps, Verbosity, diagnose

    verbosity, follow_ups = Verbosity.of(given), FollowUps.of(parser, given)
    slots = PeerSlots(prohibitions=book.prohibitions)
    memory = memory_of(given, [book.path, own_file()], book)
    around = redacting(parser, given)
    vantages = vantages_of(parser, given, lambda: book.vantages)
    if given.dry_run:
        return print_commands(vantages)
    targets = selection.targets
    if vantages:
        slots = with_vantages(slots, vantages, is_quiet=is_mute(given))
    if len(vantages) > 1:
        require_comparable(parser, given)
        from dcmecho.cli.vantage.several import check_from_several

        form, jobs, options = given.format, given.jobs, RunOptions()
        return check_from_several(
            targets, vantages, form, jobs, options, slots, memory, is_quiet=given.quiet
        )
    if vantages:
        targets = tuple(seen_from(target, vantages[0]) for target in targets)
    if not given.all and len(targets) == 1:
        (target,) = targets
        if given.despite_do_not_probe:
            target, slots = allowed_by_user(target, slots)
        form, options = given.format, RunOptions()
        return diagnose(target, options, form, verbosity, slots, follow_ups, memory, around)
    from dcmecho.cli.check.targets import check_all

    code = check_all(
        targets,
        given.format,
        verbosity,
        given.jobs,
        slots,
        follow_ups,
        selection.complaints,
        memory,
        around,
    )
    return ExitCode.USAGE if code == ExitCode.OK and selection.complaints else code


def _nothing_checked(selection: Selection, form: OutputFormat) -> int:
    """Say why. A monitor reads it on stdout and gets UNKNOWN, because it must not stay green."""
    if form.is_for_a_monitor:
        why = selection.complaints or ("no target is allowed to be checked (do_not_probe)",)
        output = outputs(form).several()
        sys.stdout.write(output.end(complaints=why))
        return output.code(OutputEnd.COMPLETE)
    selection.tell()
    return ExitCode.USAGE if selection.complaints else selection.nothing_to_do
