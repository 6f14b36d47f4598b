"""Options that several commands share: verbosity, output format, profile file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence, Set
from enum import StrEnum
from pathlib import Path
from typing import NoReturn, TypeVar

from dcmecho.cli.formats.format import OutputFormat
from dcmecho.diagnosis.sanitize import PARAGRAPH, printable
from dcmecho.diagnosis.services.service import Service
from dcmecho.diagnosis.target.digits import is_whole
from dcmecho.diagnosis.target.fields import Value, ValueKind
from dcmecho.exit_codes import NagiosCode

Member = TypeVar("Member", bound=StrEnum)


def counted(most: int | None) -> Callable[[str], int]:
    """Return an argparse type: a whole number from 1 up to ``most``, if given."""

    def number(text: str) -> int:
        value = int(read_as(ValueKind.WHOLE)(text))
        if value < 1 or (most is not None and value > most):
            span = f"1 to {most}" if most else "1 or more"
            raise argparse.ArgumentTypeError(f"{text} is out of range. Use {span}")
        return value

    return number


def read_as(kind: ValueKind) -> Callable[[str], Value]:
    """Return an argparse type that reads a value as the console's form does."""

    def value(text: str) -> Value:
        try:
            return kind.read(text)
        except ValueError:
            wanted = "a whole number" if kind is ValueKind.WHOLE else "a number of seconds"
            raise argparse.ArgumentTypeError(f"{text!r} is not {wanted}") from None

    return value


def one_of(members: Sequence[Member]) -> Callable[[str], Member]:
    """Return an argparse type: the member that has this name."""

    def member(text: str) -> Member:
        for each in members:
            if each == text:
                return each
        names = ", ".join(members)
        raise argparse.ArgumentTypeError(f"{text!r} is not one of {names}")

    return member


class Parser(argparse.ArgumentParser):
    """A parser for DCMTK's options (one dash, several letters), without abbreviations."""

    def __init__(self, prog: str, usage: str, description: str) -> None:
        super().__init__(
            prog=prog,
            usage=usage,
            description=description,
            prefix_chars="-+",
            allow_abbrev=False,
            add_help=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        self._for_a_monitor = False

    def error(self, message: str) -> NoReturn:
        """Print a usage error and exit: with 3 for a monitor, which takes 2 for a failing peer."""
        if self._for_a_monitor:
            sys.stdout.write(f"DCMECHO UNKNOWN - {printable(message)}\n")
            self.exit(NagiosCode.UNKNOWN)
        super().error(printable(message, PARAGRAPH))

    def read(self, argv: Sequence[str], commands: Set[str] = frozenset()) -> argparse.Namespace:
        """Parse the command line, or exit with a usage error.

        ``commands`` are the words that only general options can precede.
        """
        self._for_a_monitor = any(
            word.endswith(form) for word in argv for form in OutputFormat if form.is_for_a_monitor
        )
        if not commands.isdisjoint(argv):
            self._require_first(commands, argv)
        return self.parse_args(argv)

    def _require_first(self, commands: Set[str], argv: Sequence[str]) -> None:
        """Exit with a usage error if a command comes where a peer is read."""
        given, unknown = self.parse_known_args(argv)
        if given.peer in commands and (unknown or not is_whole(given.port or "")):
            self.error(
                f"{given.peer} is a command. Write it before its options:"
                f" {self.prog} {given.peer} [options]"
            )

    def add_help_option(self) -> None:
        """Add ``-h``, for a command without the general options."""
        _add_help(self)

    def add_general(self) -> None:
        """Add ``-h``, ``-v``, ``-d``, ``-q``."""
        general = self.add_argument_group("general options")
        _add_help(general)
        verbosity = general.add_mutually_exclusive_group()
        verbosity.add_argument(
            "-q", "--quiet", action="store_true", help="print nothing; only the exit code"
        )
        verbosity.add_argument("-v", "--verbose", action="store_true", help="print each step")
        verbosity.add_argument(
            "-d", "--debug", action="store_true", help="print each step, each PDU and its bytes"
        )

    def add_format(self, formats: Sequence[OutputFormat] = tuple(OutputFormat)) -> None:
        """``--json`` and ``--format``, which offers ``formats``."""
        output = self.add_argument_group("output options")
        output.add_argument(
            "--json",
            dest="format",
            action="store_const",
            const=OutputFormat.JSON,
            default=OutputFormat.TEXT,
            help="print the report as JSON",
        )
        output.add_argument(
            "--format",
            type=one_of(formats),
            choices=list(formats),
            default=OutputFormat.TEXT,
            help="; ".join(f"{each}: {each.meaning}" for each in formats),
        )

    def add_experiments(self) -> None:
        """Add ``--experiments``."""
        self.add_argument(
            "--experiments",
            metavar="all|ID[,ID...]",
            help="after the check, run experiments to tell the causes apart (one association each)."
            " own.calling=TITLE and source.address=IP give the values to use",
        )

    def add_services(self) -> None:
        """Add ``--services``, ``--like``, ``--query``, ``--pdu-probe``."""
        group = self.add_argument_group("after the check, over further associations")
        for service in Service:
            if not service.row.option:
                continue
            if service is Service.LIKE:
                group.add_argument(
                    service.row.option, type=Path, metavar="FILE", help=service.row.meaning
                )
            else:
                group.add_argument(
                    service.row.option, action="store_true", help=service.row.meaning
                )

    def add_console(self) -> None:
        """Add what only the console takes: ``--low-bandwidth`` and ``--no-mouse``."""
        self.add_argument(
            "--low-bandwidth",
            action="store_true",
            help="console over a slow line: few colors, no bars, drawn at most once a second",
        )
        self.add_argument(
            "--no-mouse",
            action="store_false",
            dest="mouse",
            help="console without the mouse, which then selects and pastes as usual (default over"
            " SSH and in GNU screen)",
        )

    def add_profiles(self) -> None:
        """Add ``--profiles``."""
        self.add_argument(
            "--profiles",
            type=Path,
            metavar="FILE",
            help="file of targets (default: $DCMECHO_PROFILES, ./profiles.toml, or profiles.toml in"
            " your configuration folder)",
        )


def _add_help(options: argparse._ActionsContainer) -> None:
    options.add_argument("-h", "--help", action="help", help="print this text and exit")
