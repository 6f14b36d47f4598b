"""``dcmecho listen``: shows who calls, and whether it is the expected peer."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from dcmecho.cli.formats.format import OutputFormat
from dcmecho.cli.interruption import Interruption
from dcmecho.cli.options.history import add_history, listening_journal
from dcmecho.cli.options.parser import Parser, read_as
from dcmecho.cli.options.selection import named, profile_book
from dcmecho.cli.output.complaint import complain
from dcmecho.cli.output.printing import print_out
from dcmecho.diagnosis.listen.absence import absence
from dcmecho.diagnosis.listen.book import CallBook, JudgedCall, ListeningOutcome
from dcmecho.diagnosis.listen.calls import AeTitle
from dcmecho.diagnosis.listen.events import (
    Admission,
    Admit,
    CallChanged,
    ListeningEvent,
    ListeningStarted,
    PendingAssociation,
    StopReason,
)
from dcmecho.diagnosis.listen.verdict import Expectation
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.target.fields import ValueKind
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.value_checks import DICOM_PORT, Severity, check_ae_title
from dcmecho.dicom.listen.binding import CannotListenError
from dcmecho.dicom.listen.listener import LISTEN_FOR_S, ListenerConfig, start, verification_only
from dcmecho.dicom.listen.local_firewall import local_firewall
from dcmecho.dicom.listen.origins import addresses_of
from dcmecho.dicom.wire.local_addresses import local_addresses
from dcmecho.exit_codes import ExitCode
from dcmecho.profiles.book.locate import own_file
from dcmecho.report import listen as listen_text
from dcmecho.report.json import listen as listen_json

_USAGE = "dcmecho listen --bind ADDRESS [options]"
_DESCRIPTION = f"""Listens for DICOM callers and shows who calls and what each one really sends.
Answers C-ECHO, keeps no data, never connects to anyone, and stops by itself
(after {LISTEN_FOR_S:g} s)."""
_EPILOG = """examples:
  dcmecho listen --bind 10.1.2.3 -aet MY_WORKSTATION
  dcmecho listen --bind 10.1.2.3 --port 11112 --port 4242 --expect "Main PACS"

exit codes:
  0 called as expected        30 nobody called          31 no expected call
  32 cannot use the port      2 wrong command line
  130 stopped before anyone called"""
_LONGEST_S = 86_400
_MOST_DETAILS = 4_000_000
"""Characters to print before requests are printed without their lists. A caller can send lists of
60 kB ten times a second."""


def run(argv: Sequence[str]) -> int:
    """Run the command and return the exit code."""
    parser = _parser()
    given = parser.parse_args(argv)
    _check(parser, given)
    peer = _peer(given)
    if isinstance(peer, ExitCode):
        return peer
    listening = _Listening(given, _expectation(given, peer), _keeping(given, peer))
    ends = tuple(Address(given.bind, port) for port in given.port or [DICOM_PORT])
    config = ListenerConfig(ends, given.seconds)
    admit = _with_storage if given.accept_storage else verification_only
    try:
        _listen(config, listening, admit)
    except CannotListenError as error:
        complain(str(error))
        return ExitCode.CANNOT_LISTEN
    return listening.finish()


def _parser() -> Parser:
    parser = Parser("dcmecho listen", _USAGE, _DESCRIPTION)
    parser.epilog = _EPILOG
    parser.add_argument(
        "--bind", metavar="ADDRESS", help="address of this machine to listen on, or 0.0.0.0 for all"
    )
    parser.add_argument(
        "--port",
        type=read_as(ValueKind.WHOLE),
        action="append",
        metavar="N",
        help=f"port to listen on (default: {DICOM_PORT}). Repeat it to catch a peer that has"
        " another port registered; list the registered one first",
    )
    parser.add_argument(
        "-aet", "--aetitle", dest="title", metavar="TITLE", help="your AE title (default: any)"
    )
    parser.add_argument(
        "--expect", metavar="TARGET", help="the target of the profile file that should call"
    )
    parser.add_argument(
        "--for",
        dest="seconds",
        type=read_as(ValueKind.SECONDS),
        default=LISTEN_FOR_S,
        metavar="SECONDS",
        help=f"stop after this many seconds (default: {LISTEN_FOR_S:g})",
    )
    parser.add_argument(
        "--accept-storage",
        action="store_true",
        help="accept stored objects, count them and discard them; nothing is kept",
    )
    parser.add_general()
    parser.add_format((OutputFormat.TEXT, OutputFormat.JSON, OutputFormat.JSONL))
    parser.add_profiles()
    add_history(parser)
    return parser


def _check(parser: Parser, given: argparse.Namespace) -> None:
    if given.bind is None:
        parser.error(
            f"--bind is missing. Give the address to listen on: one of"
            f" {', '.join(local_addresses())}, or 0.0.0.0 for all of them"
        )
    if not 0 < given.seconds <= _LONGEST_S:
        parser.error(f"--for must be more than 0 and at most {_LONGEST_S} seconds")
    for flaw in check_ae_title(given.title) if given.title else ():
        if flaw.severity is Severity.ERROR:
            parser.error(f"-aet {flaw.message}")


def _peer(given: argparse.Namespace) -> Target | ExitCode | None:
    """Return the target that should call, ``None``, or the exit code if it is not found."""
    if given.expect is None:
        return None
    selection = named(profile_book(given), [given.expect])
    selection.tell()
    return selection.targets[0] if selection.targets else ExitCode.USAGE


def _keeping(given: argparse.Namespace, peer: Target | None) -> Callable[[JudgedCall], object]:
    """Return what keeps a call: in the history of the target that should call."""
    if peer is None:
        return _forget
    book = profile_book(given)
    journal = listening_journal(given, [book.path, own_file()], book)
    if journal is None:
        return _forget

    def keep(judged: JudgedCall) -> None:
        from dcmecho.report.history.calls import call_entry

        journal.keep([call_entry(judged, peer, journal)])

    return keep


def _forget(_judged: JudgedCall) -> None:
    """Nobody knows whose history a call belongs to."""


def _expectation(given: argparse.Namespace, peer: Target | None) -> Expectation:
    title = given.title or (peer.calling_ae if peer else None)
    port = given.port[0] if given.port else DICOM_PORT
    ours = AeTitle.of(title) if title else None
    if peer is None:
        return Expectation(ours, port)
    addresses = addresses_of(peer.host)
    if not addresses:
        sys.stderr.write(
            f"dcmecho: {peer.host} has no address, so the address {peer.name} calls from is not"
            " checked\n"
        )
    calling = AeTitle.of(peer.called_ae)
    return Expectation(ours, port, addresses, peer.name, calling)


def _with_storage(_inbound: PendingAssociation) -> Admission:
    return Admission.STORAGE


def _listen(config: ListenerConfig, listening: _Listening, admit: Admit) -> None:
    with Interruption() as interruption:
        listener = start(config, listening.take, admit)
        interruption.cancels(listener.ask_to_stop)
        listener.wait()


class _Listening:
    """Prints the events of a listener: messages on stderr, calls on stdout."""

    def __init__(
        self,
        given: argparse.Namespace,
        expected: Expectation,
        keep: Callable[[JudgedCall], object],
    ) -> None:
        self._keep = keep
        self._quiet = given.quiet
        self._whole = given.verbose or given.debug
        self._format: OutputFormat = given.format
        self._book = CallBook(expected)
        self._printed = 0

    def take(self, event: ListeningEvent) -> None:
        """Print an event. Called on the listener's thread."""
        if isinstance(event, ListeningStarted) and self._book.expected.port == 0:
            self._book = CallBook(replace(self._book.expected, port=event.bound[0].port))
        self._book.add(event)
        self._keep_ended(event)
        if self._quiet:
            return
        # The reader of stdout (head, less) can exit early; the listener still runs to its end.
        with suppress(BrokenPipeError):
            self._tell(event)

    def _keep_ended(self, event: ListeningEvent) -> None:
        if not (isinstance(event, CallChanged) and event.call.ending and event.call.request):
            return
        if judged := self._book.find(event.call.number):
            self._keep(judged)

    def finish(self) -> ExitCode:
        """Print the summary and return the exit code."""
        book = self._book
        code = listening_exit_code(
            book.outcome, book.stopped.reason if book.stopped else StopReason.ASKED
        )
        nothing = book.outcome is ListeningOutcome.NOTHING and book.started is not None
        explanations = self._explanations() if nothing else ()
        if not self._quiet:
            print_out(self._summary(explanations, code))
        return code

    def _tell(self, event: ListeningEvent) -> None:
        if isinstance(event, ListeningStarted):
            for line in _announcement(event, self._book.expected):
                sys.stderr.write(f"{line}\n")
            sys.stderr.flush()
        if self._format is OutputFormat.JSONL:
            brief = self._is_long
            self._print(listen_json.render_event(event, self._book, brief=brief) + "\n")
        elif self._format is OutputFormat.TEXT and isinstance(event, CallChanged):
            self._tell_call(event)

    @property
    def _is_long(self) -> bool:
        """Report whether so much was printed that requests are now printed without their lists."""
        return self._printed > _MOST_DETAILS

    def _print(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()
        was_long, self._printed = self._is_long, self._printed + len(text)
        if self._is_long and not was_long:
            complain("from now on, calls are printed without their contexts, roles and extensions")

    def _tell_call(self, event: CallChanged) -> None:
        judged = self._book.find(event.call.number)
        if judged is not None and event.call.ending is not None:
            brief = self._is_long
            self._print(listen_text.render_call(judged, whole=self._whole, brief=brief) + "\n")

    def _explanations(self) -> Sequence[str]:
        bound = self._book.started.bound if self._book.started else ()
        return absence(bound, self._book.expected, local_addresses(), local_firewall())

    def _summary(self, explanations: Sequence[str], code: ExitCode) -> str:
        match self._format:
            case OutputFormat.JSON:
                return listen_json.render(self._book, explanations, code)
            case OutputFormat.JSONL:
                return listen_json.render_line(self._book, explanations, code) + "\n"
            case _:
                return listen_text.render_summary(self._book, explanations)


def _announcement(event: ListeningStarted, expected: Expectation) -> list[str]:
    where = ", ".join(map(str, event.bound))
    title = f" as {expected.title}" if expected.title else ""
    lines = [f"Listening on {where}{title} for {event.for_s:g} s. Press Ctrl-C to stop."]
    if any(address.is_unspecified for address in event.bound):
        lines.append(f"These are all addresses of this machine: {', '.join(local_addresses())}")
    lines += listen_text.expected_callers(expected)
    return [*lines, *listen_text.registration_lines(expected.title, event.bound[:1])]


def listening_exit_code(outcome: ListeningOutcome, reason: StopReason) -> ExitCode:
    """Return the exit code; 130 if it was stopped before anyone called, which proves nothing."""
    match outcome:
        case ListeningOutcome.REACHED:
            return ExitCode.OK
        case ListeningOutcome.WRONG:
            return ExitCode.OTHERS_CALLED
        case ListeningOutcome.NOTHING if reason is StopReason.ASKED:
            return ExitCode.INTERRUPTED
        case ListeningOutcome.NOTHING:
            return ExitCode.NOBODY_CALLED
