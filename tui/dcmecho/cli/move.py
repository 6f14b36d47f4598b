"""``dcmecho move``: asks a peer to send a study to this machine, and says which leg fails."""

from __future__ import annotations

from collections.abc import Sequence

from dcmecho.cli.diagnose.follow_up import add_peer, ask_after_diagnosis, peer
from dcmecho.cli.options.parser import Parser, read_as
from dcmecho.diagnosis.move.model import MoveRequest
from dcmecho.diagnosis.move.study import uid_fault
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.services.consent import move_sentence
from dcmecho.diagnosis.survey.survey import SurveyRequest
from dcmecho.diagnosis.target.fields import ValueKind
from dcmecho.diagnosis.target.value_checks import DICOM_PORT, MAX_PORT, not_a_port
from dcmecho.exit_codes import ExitCode

_USAGE = "dcmecho move --study UID [--bind ADDRESS] [--port N ...] [options] TARGET"
_DESCRIPTION = """Asks a peer to send a study to your own AE title (C-MOVE), listens, and says
which part of the return connection fails. By default the peer's call is read
and rejected, so no image is moved."""
_EPILOG = """examples:
  dcmecho move --study 1.2.3.4 "Main PACS"
  dcmecho move --study 1.2.3.4 --port 4242 PACS@10.1.2.3:104

exit codes:
  0 the peer reached you      20 it did not, or not everything was stored
  32 cannot use the port      10 to 19 as in dcmecho --help: C-ECHO failed
  2 wrong command line, or consent not given
  130 interrupted, or you answered no"""


def run(argv: Sequence[str]) -> int:
    """Run the command and return the exit code."""
    parser = Parser("dcmecho move", _USAGE, _DESCRIPTION)
    parser.epilog = _EPILOG
    parser.add_argument(
        "--study",
        metavar="UID",
        required=True,
        help="Study Instance UID of a phantom or test study",
    )
    parser.add_argument(
        "--bind",
        metavar="ADDRESS",
        default="",
        help="address of this machine to listen on (default: the one that can reach the peer)",
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
        "--accept", action="store_true", help="accept what arrives, count it and discard it"
    )
    add_peer(parser)
    given = parser.read(argv)
    if fault := uid_fault(given.study):
        parser.error(f"--study {given.study}: {fault}")
    ports = given.port or [DICOM_PORT]
    for port in ports:
        if not 0 <= port <= MAX_PORT:
            parser.error(f"--port: {not_a_port(port)}")
    target = peer(given)
    if target is None:
        return ExitCode.USAGE
    order = MoveRequest(
        given.study, tuple(Address(given.bind, port) for port in ports), given.accept
    )
    request = SurveyRequest(move=order)
    return ask_after_diagnosis(parser, given, target, request, move_sentence(order, target))
