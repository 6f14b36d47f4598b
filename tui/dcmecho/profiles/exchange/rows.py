"""What a foreign file says: rows with their place, before they are held against our own file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import assert_never

from dcmecho.diagnosis.fields import Field, Kind, Value
from dcmecho.diagnosis.sanitize import printable
from dcmecho.profiles.wording import shown


class Format(StrEnum):
    """The formats, by the name that ``--format`` takes."""

    DCMQRSCP = "dcmqrscp"
    ORTHANC = "orthanc"
    CSV = "csv"
    LDIF = "ldif"
    LINES = "lines"
    COMMAND = "command"
    TOML = "toml"


FORMAT_NAMES: Mapping[Format, str] = MappingProxyType(
    {
        Format.DCMQRSCP: "a dcmqrscp.cfg of DCMTK",
        Format.ORTHANC: "an Orthanc configuration",
        Format.CSV: "a table (CSV)",
        Format.LDIF: "an LDIF of dcm4che",
        Format.LINES: "AET@host:port lines",
        Format.COMMAND: "command lines",
        Format.TOML: "a profiles.toml",
    }
)
"""What a person calls a file of each format."""


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
