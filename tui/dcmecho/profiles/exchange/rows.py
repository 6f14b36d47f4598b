"""Rows of a foreign file with their lines, before they are compared with the profile file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import assert_never

from dcmecho.diagnosis.target.digits import DIGITS
from dcmecho.diagnosis.target.fields import Field, Value, ValueKind
from dcmecho.profiles.book.values import type_problem
from dcmecho.profiles.book.wording import shown
from dcmecho.profiles.exchange.placeholders import placeholder_problem

MOST_ROWS = 100_000
"""Most peers that are read from one file."""


class TooManyRowsError(Exception):
    """A file has more than ``MOST_ROWS`` peers."""


def counted(rows: Iterable[ExchangeRow]) -> Iterator[ExchangeRow]:
    """Yield the rows. Raises ``TooManyRowsError`` instead of more than ``MOST_ROWS``."""
    for number, row in enumerate(rows):
        if number == MOST_ROWS:
            raise TooManyRowsError
        yield row


class ExchangeFormat(StrEnum):
    """The formats, one row each; the value is the name that ``--format`` takes."""

    label: str
    """The name that people use for such a file."""
    suffix: str
    """The extension of such a file."""
    turn: int
    """Position in the detection order, from 1; the most distinctive formats come first."""

    def __new__(cls, name: str, label: str = "", suffix: str = "", turn: int = 0) -> ExchangeFormat:
        """Make a member from its row."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.label, member.suffix, member.turn = label, suffix, turn
        return member

    DCMQRSCP = "dcmqrscp", "a dcmqrscp.cfg file (DCMTK)", ".cfg", 2
    ORTHANC = "orthanc", "an Orthanc configuration", ".json", 3
    CSV = "csv", "a table (CSV)", ".csv", 9
    LDIF = "ldif", "an LDIF file (dcm4che)", ".ldif", 8
    COMPOSE = "compose", "an Orthanc in docker-compose or .env", ".yml", 7
    MERCURE = "mercure", "a mercure.json file", ".json", 4
    WEASIS = "weasis", "a dicomNodes.xml file (Weasis)", ".xml", 6
    HOROS = "horos", "a list of nodes (Horos, OsiriX)", ".plist", 5
    CONQUEST = "conquest", "an acrnema.map file (Conquest)", ".map", 10
    LINES = "lines", "AET@host:port lines", ".txt", 12
    COMMAND = "command", "command lines", ".sh", 11
    TOML = "toml", "a profiles.toml file", ".toml", 1


class Channel(Enum):
    """The use of TLS by a peer, if the file states it."""

    NOT_GIVEN = "unsaid"
    PLAIN = "plain"
    TLS = "TLS"


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """One peer of a foreign file.

    ``line`` counts from 1. ``values`` has only the values in the file; without a name, the target
    is named after its AE title. ``problem`` says why the row cannot be used; empty if it can.
    """

    line: int
    values: Mapping[Field, Value] = field(default_factory=dict)
    channel: Channel = Channel.NOT_GIVEN
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """A note about the file that makes no row invalid. ``line`` 0 is the whole file."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


@dataclass(frozen=True, slots=True)
class Reading:
    """The rows and remarks of a file, in its order."""

    format: ExchangeFormat
    rows: tuple[ExchangeRow, ...]
    remarks: tuple[Remark, ...] = ()


_NUMBER = re.compile(rf"(?P<whole>-?{DIGITS})(?:[.,]0{{1,2}})?")
"""Spreadsheets write 104 as 104.0; a number with 3 zeros can be a thousand."""

_ODD_SPACE = re.compile(r"[^\S ]+")
"""Line breaks inside a cell, tabs, and non-breaking spaces."""


def row_of(
    line: int, texts: Mapping[Field, str], channel: Channel = Channel.NOT_GIVEN
) -> ExchangeRow:
    """Make a row of texts. Empty texts are left out.

    Spaces around a value are removed, including the non-breaking ones of spreadsheets, because they
    have no meaning in DICOM.
    """
    values: dict[Field, Value] = {}
    problems = []
    for key, text in texts.items():
        stripped = text.strip()
        if not stripped:
            continue
        try:
            values[key] = _value(key, stripped)
        except ValueError as error:
            problems.append(f"{key}: {error}")
    return ExchangeRow(line, values, channel, "; ".join(problems))


def _value(key: Field, text: str) -> Value:
    """Convert a text to the type of its key. Raises ``ValueError``."""
    if unset := placeholder_problem(key, text):
        raise ValueError(unset)
    match kind := key.row.kind:
        case ValueKind.WHOLE:
            number = _NUMBER.fullmatch(text)
            if number is None:
                raise ValueError(f"{shown(text)} must be a number")
            return int(number["whole"])
        case ValueKind.SECONDS:
            try:
                return kind.read(text.replace(",", "."))
            except ValueError:
                raise ValueError(f"{shown(text)} must be a number of seconds") from None
        case ValueKind.HOST if text.startswith("[") and text.endswith("]"):
            return text[1:-1]
        case ValueKind.AE_TITLE | ValueKind.TEXT:
            return text
        case ValueKind.LINE | ValueKind.HOST | ValueKind.REFUSAL:
            line = _ODD_SPACE.sub(" ", text)
            if problem := type_problem(key, line):
                raise ValueError(problem)
            return line
        case _:
            assert_never(kind)
