"""What the commands share: addresses as people write them, output formats, the profile file."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

CALLED_AE = "ANY-SCP"
CALLING_AE = "DCMECHO"
"""What is sent where the command line names no title."""


class Format(StrEnum):
    """What goes to stdout."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


@dataclass(frozen=True, slots=True)
class PeerAddress:
    """``AET@HOST:PORT`` taken apart."""

    called_ae: str
    host: str
    port: int


_AET_HOST_PORT = re.compile(r"(?P<ae>[^@]+)@(?P<host>\[[^]]+\]|[^:]+):(?P<port>-?\d+)")


def peer_address(text: str) -> PeerAddress | None:
    """``text`` as ``AET@HOST:PORT`` (``AET@[IPV6]:PORT``), else ``None``."""
    match = _AET_HOST_PORT.fullmatch(text)
    if match is None:
        return None
    return PeerAddress(match["ae"], match["host"].strip("[]"), int(match["port"]))


class Parser(argparse.ArgumentParser):
    """DCMTK's way of options (one dash, several letters), no guessing of half-typed ones."""

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

    def add_general(self) -> None:
        """``-h``, ``-v``, ``-d``, ``-q``."""
        general = self.add_argument_group("general options")
        general.add_argument("-h", "--help", action="help", help="print this text and exit")
        talk = general.add_mutually_exclusive_group()
        talk.add_argument(
            "-q", "--quiet", action="store_true", help="print nothing, exit code only"
        )
        talk.add_argument("-v", "--verbose", action="store_true", help="print the steps")
        talk.add_argument(
            "-d", "--debug", action="store_true", help="print the steps, each PDU and its bytes"
        )

    def add_format(self) -> None:
        """``--json`` and ``--format``."""
        output = self.add_argument_group("output options")
        output.add_argument(
            "--json",
            dest="format",
            action="store_const",
            const=Format.JSON,
            default=Format.TEXT,
            help="print the report as JSON",
        )
        output.add_argument(
            "--format",
            type=Format,
            choices=list(Format),
            default=Format.TEXT,
            help="text, json, or jsonl: each event as it happens, then the report",
        )

    def add_experiments(self) -> None:
        """``--experiments``."""
        self.add_argument(
            "--experiments",
            metavar="all|ID[,ID...]",
            help="after the run make experiments that split its causes, one association each;"
            " own.calling=TITLE and source.address=IP name what to use",
        )

    def add_services(self) -> None:
        """``--services``, ``--like``, ``--query``, ``--pdu-probe``."""
        group = self.add_argument_group("after the diagnosis, over further associations")
        group.add_argument(
            "--services",
            action="store_true",
            help="ask which SOP classes the peer accepts with which transfer syntaxes",
        )
        group.add_argument(
            "--like",
            type=Path,
            metavar="FILE",
            help="ask whether the peer would take an object like this DICOM file (nothing is sent)",
        )
        group.add_argument(
            "--query",
            action="store_true",
            help="send one C-FIND that matches nothing: does the peer let us query?",
        )
        group.add_argument(
            "--pdu-probe",
            action="store_true",
            help="send association requests from 0.3 to 16 kB: does the way lose big packets?",
        )

    def add_profiles(self) -> None:
        """``--profiles``."""
        self.add_argument(
            "--profiles",
            type=Path,
            metavar="FILE",
            help="targets (else DCMECHO_PROFILES, ./profiles.toml, your configuration folder)",
        )
