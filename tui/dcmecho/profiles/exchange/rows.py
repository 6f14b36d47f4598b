"""What a foreign file says: rows with their place, before they are held against our own file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import assert_never

from dcmecho.diagnosis.sanitize import printable
from dcmecho.diagnosis.target.fields import Field, Kind, Value
from dcmecho.profiles.book.wording import shown


class Format(StrEnum):
    """The formats, one row each; the value is the name that ``--format`` takes."""

    label: str
    """What a person calls a file of it."""
    suffix: str
    """How the name of such a file ends."""
    turn: int
    """When it is its turn to be recognised: what has marks of its own comes first, from 1."""

    def __new__(cls, name: str, label: str = "", suffix: str = "", turn: int = 0) -> Format:
        """Make a member of its row."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.label, member.suffix, member.turn = label, suffix, turn
        return member

    DCMQRSCP = "dcmqrscp", "a dcmqrscp.cfg of DCMTK", ".cfg", 2
    ORTHANC = "orthanc", "an Orthanc configuration", ".json", 3
    CSV = "csv", "a table (CSV)", ".csv", 5
    LDIF = "ldif", "an LDIF of dcm4che", ".ldif", 4
    LINES = "lines", "AET@host:port lines", ".txt", 7
    COMMAND = "command", "command lines", ".sh", 6
    TOML = "toml", "a profiles.toml", ".toml", 1


class Channel(Enum):
    """Whether a peer is to be reached over TLS, as far as the file says it."""

    UNSAID = "unsaid"
    PLAIN = "plain"
    TLS = "TLS"


@dataclass(frozen=True, slots=True)
class Row:
    """One peer of a foreign file.

    ``line`` counts from 1. ``values`` has only what the file says; without a name the target is
    to be named after its title. ``problem`` tells why the row cannot be used, empty where it can.
    """

    line: int
    values: Mapping[Field, Value] = field(default_factory=dict)
    channel: Channel = Channel.UNSAID
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to know about the file that is no fault of a row. ``line`` 0 is the whole file."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read from a file, in its order."""

    format: Format
    rows: tuple[Row, ...]
    remarks: tuple[Remark, ...] = ()


_NUMBER = re.compile(r"(?P<whole>-?[0-9]+)(?:[.,]0{1,2})?")
"""Spreadsheets write 104 as 104.0; what has more zeros can be a thousand."""

_ODD_SPACE = re.compile(r"[^\S ]+")
"""Line breaks inside a cell, tabs, and spaces that do not break a line."""


def row_of(line: int, texts: Mapping[Field, str], channel: Channel = Channel.UNSAID) -> Row:
    """Make a row of texts, where an empty one says nothing.

    Spaces around a value go, also the hard ones of spreadsheets; they have no meaning in DICOM.
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
    return Row(line, values, channel, "; ".join(problems))


def _value(key: Field, text: str) -> Value:
    """Convert a text to the type of its key. Raises ``ValueError``."""
    match kind := key.row.kind:
        case Kind.WHOLE:
            number = _NUMBER.fullmatch(text)
            if number is None:
                raise ValueError(f"{shown(text)} must be a number")
            return int(number["whole"])
        case Kind.SECONDS:
            try:
                return kind.read(text.replace(",", "."))
            except ValueError:
                raise ValueError(f"{shown(text)} must be a number of seconds") from None
        case Kind.HOST if text.startswith("[") and text.endswith("]"):
            return text[1:-1]
        case Kind.AE_TITLE | Kind.TEXT:
            return text
        case Kind.LINE | Kind.HOST | Kind.REFUSAL:
            return printable(_ODD_SPACE.sub(" ", text))
        case _:
            assert_never(kind)
