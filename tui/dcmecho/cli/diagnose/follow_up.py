"""Commands that leave traces at the peer: one target, consent, a check, then the request."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace

from dcmecho.cli.formats.format import OutputFormat
from dcmecho.cli.options.forbidden import files_of, slots_heeding
from dcmecho.cli.options.history import add_history, memory_of
from dcmecho.cli.options.parser import Parser, read_as
from dcmecho.cli.options.redaction import add_redact, redacting
from dcmecho.cli.options.selection import named, profile_book
from dcmecho.cli.vantage.options import asked_from, is_mute
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.survey.survey import SurveyRequest, refusal
from dcmecho.diagnosis.target.fields import ValueKind
from dcmecho.diagnosis.target.target import DEFAULT_CALLING_AE, Target
from dcmecho.diagnosis.vantage.vantage import Vantage
from dcmecho.exit_codes import ExitCode
from dcmecho.profiles.address import peer_address


def add_peer(parser: Parser) -> None:
    """Add the target, ``-aet``, ``-td``, ``--yes`` and the general options."""
    parser.add_argument(
        "target", metavar="TARGET", help="a target of the profile file, or AET@HOST:PORT"
    )
    parser.add_argument(
        "-aet",
        "--aetitle",
        dest="title",
        metavar="TITLE",
        help="your AE title, if not the target's",
    )
    parser.add_argument(
        "-td",
        "--dimse-timeout",
        type=read_as(ValueKind.SECONDS),
        metavar="SECONDS",
        help="timeout for each message (DIMSE), if not the target's",
    )
    parser.add_argument("--yes", action="store_true", help="go on without asking")
    parser.add_general()
    parser.add_format((OutputFormat.TEXT, OutputFormat.JSON, OutputFormat.JSONL))
    parser.add_profiles()
    add_redact(parser)
    add_history(parser)


def peer(given: argparse.Namespace) -> Target | None:
    """Return the target, or ``None`` after saying why it cannot be found."""
    address = peer_address(given.target)
    if address is not None:
        target = Target(address.host, address.port, address.called_ae, DEFAULT_CALLING_AE)
    else:
        selection = named(profile_book(given), [given.target])
        selection.tell()
        if not selection.targets:
            return None
        target = selection.targets[0]
    if given.title is not None:
        target = replace(target, calling_ae=given.title)
    if given.dimse_timeout is not None:
        target = replace(target, dimse_timeout_s=given.dimse_timeout)
    return target


def ask_after_diagnosis(
    parser: Parser,
    given: argparse.Namespace,
    target: Target,
    asked: SurveyRequest,
    sentence: str,
    vantage: Vantage | None = None,
) -> int:
    """Say what will be sent, ask for consent, check, send, and return the exit code.

    All of it is sent from ``vantage``, if there is one.
    """
    around = redacting(parser, given)
    if why := refusal(target):
        sys.stderr.write(f"dcmecho: {why}\n")
        return ExitCode.PROFILE
    code = _consent(sentence, input if sys.stdin.isatty() else None, yes=given.yes)
    if code is not ExitCode.OK:
        return code
    from dcmecho.cli.diagnose.headless import FollowUps, Verbosity, diagnose

    book = profile_book(given) if target.name else None
    slots = slots_heeding(given)
    if vantage is not None:
        target, slots = asked_from(vantage, target, slots, is_quiet=is_mute(given))
    return diagnose(
        target,
        RunOptions(),
        given.format,
        Verbosity.of(given),
        slots,
        FollowUps(None, asked),
        memory_of(given, files_of(given), book),
        around,
    )


def _consent(sentence: str, question: Callable[[], str] | None, *, yes: bool) -> ExitCode:
    """Return OK if it is allowed to go on: with ``--yes``, or if the user answers yes."""
    sys.stderr.write(f"{sentence}\n")
    if yes:
        return ExitCode.OK
    if question is None:
        sys.stderr.write(
            "dcmecho: nothing was sent, because there is no terminal to ask on. Add --yes\n"
        )
        return ExitCode.USAGE
    sys.stderr.write("Go on? [y/N] ")
    sys.stderr.flush()
    try:
        answer = question()
    except EOFError:
        answer = ""
    if answer.strip().lower() in ("y", "yes"):
        return ExitCode.OK
    sys.stderr.write("dcmecho: nothing was sent\n")
    return ExitCode.INTERRUPTED
