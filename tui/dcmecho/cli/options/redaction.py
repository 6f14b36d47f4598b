"""``--redact``: pseudonyms for the values of a site in what a command prints."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from dcmecho.cli.formats.format import Around, OutputFormat
from dcmecho.cli.options.parser import Parser

if TYPE_CHECKING:
    from dcmecho.report.redaction.redaction import Redaction

_OPTION = "--redact"


def add_redact(parser: Parser) -> None:
    """Add ``--redact``."""
    parser.add_argument(
        _OPTION,
        action="store_true",
        help="print pseudonyms for AE titles, hosts, addresses, names and the like, always the same"
        " ones for the same values, so that you can hand the report over",
    )


def redacting(parser: Parser, given: argparse.Namespace) -> Around | None:
    """Return what goes around the output, if anything, or exit with a usage error."""
    if not given.redact:
        return None
    form: OutputFormat = given.format
    if form.is_for_a_monitor:
        parser.error(f"{_OPTION} is not for --format {form}, because a monitor needs the names")
    from dcmecho.cli.formats.redacting import RedactingOutput

    redaction = own_redaction(parser)
    return lambda output: RedactingOutput(output, redaction)


def own_redaction(parser: Parser) -> Redaction:
    """Return the redaction with the user's own key, or exit with a usage error."""
    from dcmecho.journal.errors import JournalError
    from dcmecho.journal.secret import own_secret
    from dcmecho.report.redaction.redaction import Redaction

    try:
        return Redaction(own_secret())
    except JournalError as error:
        parser.error(str(error))
