"""``dcmecho [options] HOST PORT``, with echoscu's options; opens the console if HOST is missing."""

from __future__ import annotations

import argparse
from collections.abc import Sequence, Set

from dcmecho import __version__
from dcmecho.cli.memory import Memory
from dcmecho.cli.options.forbidden import (
    add_despite,
    allowed_by_user,
    files_of,
    require_one_check,
    slots_heeding,
)
from dcmecho.cli.options.history import add_history, memory_of
from dcmecho.cli.options.parser import Parser, counted, read_as
from dcmecho.cli.options.redaction import add_redact, redacting
from dcmecho.cli.options.tls import add_tls, tls_settings
from dcmecho.cli.vantage.options import (
    add_from,
    asked_from,
    is_mute,
    print_commands,
    require_comparable,
    vantages_in,
    vantages_of,
    with_vantages,
)
from dcmecho.diagnosis.run_options import SOCKET_TIMEOUT_S, RunOptions
from dcmecho.diagnosis.target.fields import Field, ValueKind, whole_number
from dcmecho.diagnosis.target.target import (
    ACSE_TIMEOUT_S,
    CONNECT_TIMEOUT_S,
    DEFAULT_CALLED_AE,
    DEFAULT_CALLING_AE,
    DIMSE_TIMEOUT_S,
    MAX_PDU_BYTES,
    Target,
)
from dcmecho.diagnosis.target.value_checks import check_timeout, not_a_port
from dcmecho.diagnosis.vantage.vantage import Vantage
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.profiles.address import peer_address

_USAGE = """dcmecho [--profiles FILE]            open the console
       dcmecho [options] HOST PORT          check one peer, like echoscu
       dcmecho [options] AET@HOST:PORT      the same
       dcmecho check TARGET ... | --all     check targets of the profile file
       dcmecho watch TARGET ... | --all     watch targets over time
       dcmecho listen --bind ADDRESS        show who calls you
       dcmecho move --study UID TARGET      have a study sent to you
       dcmecho store-test TARGET            store a test image
       dcmecho history [NAME ...]           show earlier checks
       dcmecho compare A B                  show what differs between two checks
       dcmecho explain FILE ... | -         say what another program's log means
       dcmecho read CAPTURE ... | -         say what captured packets show
       dcmecho redact FILE | -              hide names and addresses in a report
       dcmecho import FILE | -              add targets from another program
       dcmecho export TARGET ... | --all    write targets for another program
       dcmecho demo                         open the console on practice peers
       dcmecho lab                          serve the practice peers"""

_DESCRIPTION = """Finds out why one DICOM application cannot talk to another. Stores and queries
nothing unless you ask for it. Options of a command: dcmecho COMMAND --help"""

_EPILOG = """examples:
  dcmecho -v -aet MY_WORKSTATION -aec TARGET_PACS pacs.hospital.lan 104
  dcmecho --experiments all -aet MY_WORKSTATION TARGET_PACS@pacs:104
  dcmecho +tla +cf hospital-ca.pem -aec TARGET_PACS pacs.hospital.lan 2762

exit codes:
  0 C-ECHO-RSP 0x0000 seen    1 bug in dcmecho          2 wrong command line
  10 values of the target     11 name lookup            12 TCP
  13 not DICOM or no answer   14 TLS                    15 rejected
  16 aborted, or closed       17 Verification refused   18 no answer to C-ECHO
     after it was accepted    19 C-ECHO status          20 --like, --query or
  130 interrupted                                          --pdu-probe failed"""

_MAX_TRANSFER_SYNTAXES = 38
_MAX_CONTEXTS = 128


def run(argv: Sequence[str], commands: Set[str] = frozenset()) -> int:
    """Run the command and return the exit code. ``commands`` are the words that name another."""
    parser = _parser()
    given = parser.read(argv, commands)
    if given.peer is None and given.dcm4che_peer is None:
        return _console(given)
    for option, is_given in (
        ("--low-bandwidth", given.low_bandwidth),
        ("--no-mouse", not given.mouse),
    ):
        if is_given:
            parser.error(f"{option} is for the console, which opens if you leave out HOST PORT")
    for flaw in check_timeout(given.socket_timeout) if given.socket_timeout else ():
        parser.error(f"-ts: {flaw.message}, or 0 for no limit")
    require_one_check(parser, given)
    target, slots = _target(parser, given), slots_heeding(given)
    if given.despite_do_not_probe:
        target, slots = allowed_by_user(target, slots)
    vantages = vantages_of(parser, given, lambda: vantages_in(files_of(given)))
    if given.dry_run:
        return print_commands(vantages)
    memory = memory_of(given, files_of(given), None)
    if len(vantages) > 1:
        return _from_several(parser, given, target, vantages, slots, memory)
    if vantages:
        target, slots = asked_from(vantages[0], target, slots, is_quiet=is_mute(given))
    from dcmecho.cli.diagnose.headless import FollowUps, Verbosity, diagnose

    follow_ups = FollowUps.of(parser, given, _associations(parser, given))
    verbosity, around = Verbosity.of(given), redacting(parser, given)
    form, options = given.format, _options(given)
    return diagnose(target, options, form, verbosity, slots, follow_ups, memory, around)


def _from_several(
    parser: Parser,
    given: argparse.Namespace,
    target: Target,
    vantages: Sequence[Vantage],
    slots: PeerSlots,
    memory: Memory,
) -> int:
    require_comparable(parser, given)
    from dcmecho.cli.vantage.several import check_from_several

    slots = with_vantages(slots, vantages, is_quiet=is_mute(given))
    form, options = given.format, _options(given)
    return check_from_several(
        [target], vantages, form, 1, options, slots, memory, is_quiet=given.quiet
    )


def _parser() -> Parser:
    parser = Parser("dcmecho", _USAGE, _DESCRIPTION)
    parser.epilog = _EPILOG
    parser.add_argument("peer", nargs="?", metavar="HOST", help="host name or address of the peer")
    parser.add_argument("port", nargs="?", metavar="PORT", help="TCP port of the peer")
    parser.add_general()
    parser.add_argument("--version", action="version", version=f"dcmecho {__version__}")
    _add_titles(parser)
    _add_limits(parser)
    add_tls(parser)
    add_despite(parser)
    add_from(parser)
    add_history(parser)
    parser.add_experiments()
    parser.add_services()
    parser.add_format()
    add_redact(parser)
    parser.add_profiles()
    parser.add_console()
    return parser


def _add_titles(parser: Parser) -> None:
    titles = parser.add_argument_group("AE titles")
    titles.add_argument(
        *Field.CALLING_AE.row.options,
        "-b",
        dest="calling",
        metavar="TITLE",
        help=f"calling AE title, yours (default: {DEFAULT_CALLING_AE})",
    )
    titles.add_argument(
        *Field.CALLED_AE.row.options,
        metavar="TITLE",
        help=f"called AE title, the peer's (default: {DEFAULT_CALLED_AE})",
    )
    titles.add_argument(
        "-c", dest="dcm4che_peer", metavar="AET@HOST:PORT", help="the peer, as dcm4che writes it"
    )


def _add_limits(parser: Parser) -> None:
    limits = parser.add_argument_group("network options")
    for flags, default, what in (
        (Field.CONNECT_TIMEOUT_S.row.options, CONNECT_TIMEOUT_S, "the TCP connection"),
        (("-ts", "--socket-timeout"), SOCKET_TIMEOUT_S, "one blocked send"),
        (Field.ACSE_TIMEOUT_S.row.options, ACSE_TIMEOUT_S, "association messages (ACSE)"),
        (Field.DIMSE_TIMEOUT_S.row.options, DIMSE_TIMEOUT_S, "C-ECHO and other messages (DIMSE)"),
    ):
        limits.add_argument(
            *flags,
            type=read_as(ValueKind.SECONDS),
            metavar="SECONDS",
            default=default,
            help=f"timeout for {what} (default: {default:g})",
        )
    limits.add_argument(
        *Field.MAX_PDU_BYTES.row.options,
        type=read_as(ValueKind.WHOLE),
        metavar="BYTES",
        default=MAX_PDU_BYTES,
        help=f"largest PDU that dcmecho accepts (default: {MAX_PDU_BYTES})",
    )
    limits.add_argument(
        "--repeat", type=counted(None), metavar="N", default=1, help="send C-ECHO N times"
    )
    limits.add_argument(
        "+ma",
        "--multi-associations",
        action="store_true",
        help="with --repeat N, open a new association for each C-ECHO, 1 s apart",
    )
    limits.add_argument(
        "--abort", action="store_true", help="abort the association instead of releasing it"
    )
    limits.add_argument(
        "-pts",
        "--propose-ts",
        type=counted(_MAX_TRANSFER_SYNTAXES),
        metavar="N",
        default=1,
        help="propose N transfer syntaxes",
    )
    limits.add_argument(
        "-ppc",
        "--propose-pc",
        type=counted(_MAX_CONTEXTS),
        metavar="N",
        default=1,
        help="propose N presentation contexts",
    )


def _target(parser: Parser, given: argparse.Namespace) -> Target:
    """Return the peer as given. Stage ``profile`` judges values that cannot work."""
    address = peer_address(given.dcm4che_peer or given.peer)
    if given.dcm4che_peer and (address is None or given.peer):
        parser.error("-c takes AET@HOST:PORT; leave out HOST PORT")
    if address is None:
        if given.port is None:
            parser.error(f"{given.peer}: PORT is missing. Add it, or write AET@HOST:PORT")
        try:
            port = whole_number(given.port)
        except ValueError:
            parser.error(f"PORT: {not_a_port(given.port)}")
        host, called = given.peer, DEFAULT_CALLED_AE
    elif given.port is not None:
        parser.error(f"{given.peer} already has a port; leave out {given.port}")
    else:
        host, port, called = address.host, address.port, address.called_ae
    return Target(
        host=host,
        port=port,
        called_ae=called if given.call is None else given.call,
        calling_ae=DEFAULT_CALLING_AE if given.calling is None else given.calling,
        connect_timeout_s=given.timeout,
        acse_timeout_s=given.acse_timeout,
        dimse_timeout_s=given.dimse_timeout,
        max_pdu_bytes=given.max_pdu,
        tls=tls_settings(parser, given),
    )


def _options(given: argparse.Namespace) -> RunOptions:
    return RunOptions(
        repeat=1 if given.multi_associations else given.repeat,
        abort=given.abort,
        transfer_syntaxes=given.propose_ts,
        presentation_contexts=given.propose_pc,
        socket_timeout_s=given.socket_timeout,
    )


def _associations(parser: Parser, given: argparse.Namespace) -> int:
    """Return how many associations to open in a row, or exit with a usage error."""
    if not given.multi_associations:
        return 1
    from dcmecho.diagnosis.investigation import MAX_ASSOCIATIONS

    if given.repeat > MAX_ASSOCIATIONS:
        parser.error(f"--repeat {given.repeat} with +ma: use {MAX_ASSOCIATIONS} or fewer")
    return int(given.repeat)


def _console(given: argparse.Namespace) -> int:
    from dcmecho.cli.console import open_console

    return open_console(given)
