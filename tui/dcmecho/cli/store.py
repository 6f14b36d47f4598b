"""``dcmecho store-test``: stores a synthetic object, or says what prevents it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from dcmecho.cli.diagnose.follow_up import add_peer, ask_after_diagnosis, peer
from dcmecho.cli.options.parser import Parser
from dcmecho.cli.options.selection import profile_path
from dcmecho.cli.vantage.options import add_from, print_commands, vantages_in, vantages_of
from dcmecho.diagnosis.services.consent import store_sentence
from dcmecho.diagnosis.store.model import new_test_image
from dcmecho.diagnosis.store.size import size_bytes
from dcmecho.diagnosis.survey.survey import SurveyRequest
from dcmecho.exit_codes import ExitCode

_USAGE = "dcmecho store-test [--size 512k] [options] TARGET"
_DESCRIPTION = """Stores a synthetic image (patient TEST^DCMECHO, not a real person). Says whether
the peer refuses it, or the transfer stalls or is slow. The image stays at the
peer, because DICOM storage has no delete command."""
_EPILOG = """examples:
  dcmecho store-test "Main PACS"
  dcmecho store-test --size 5M PACS@10.1.2.3:104

exit codes:
  0 stored                    20 not stored, or only in small segments
  10 to 19 as in dcmecho --help: C-ECHO failed
  2 wrong command line, or consent not given
  130 interrupted, or you answered no"""
_DEFAULT_SIZE = "512k"


def run(argv: Sequence[str]) -> int:
    """Run the command and return the exit code."""
    parser = Parser("dcmecho store-test", _USAGE, _DESCRIPTION)
    parser.epilog = _EPILOG
    parser.add_argument(
        "--size",
        type=_size,
        default=_DEFAULT_SIZE,
        metavar="SIZE",
        help=f"size of the image, such as 512k or 5M (default: {_DEFAULT_SIZE})",
    )
    add_peer(parser)
    add_from(parser)
    given = parser.read(argv)
    vantages = vantages_of(parser, given, lambda: vantages_in([profile_path(given)]))
    if given.dry_run:
        return print_commands(vantages)
    if len(vantages) > 1:
        parser.error("--from: a test image is stored from one vantage point")
    target = peer(given)
    if target is None:
        return ExitCode.USAGE
    sent = new_test_image(given.size)
    request = SurveyRequest(store=sent)
    sentence, vantage = store_sentence(sent, target), next(iter(vantages), None)
    return ask_after_diagnosis(parser, given, target, request, sentence, vantage)


def _size(text: str) -> int:
    try:
        return size_bytes(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
