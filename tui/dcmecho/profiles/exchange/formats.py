"""Which reader and writer a format has, and which format a text is in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from dcmecho.diagnosis.target import Target
from dcmecho.profiles.exchange import (
    command_line,
    dcm4che,
    dcmqrscp,
    lines,
    orthanc,
    table,
    toml_targets,
)
from dcmecho.profiles.exchange.decoding import decoded
from dcmecho.profiles.exchange.rows import Format, Reading
from dcmecho.profiles.exchange.writing import Written

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""How the files of Excel and LibreOffice begin, and those of old Excel."""


class UnknownFormatError(Exception):
    """The content is in no format that dcmecho reads; the text says which there are."""


@dataclass(frozen=True, slots=True)
class _Codec:
    """How one format is recognised, read and written."""

    looks_like: Callable[[str], bool]
    read: Callable[[str], Reading]
    write: Callable[[Sequence[Target]], Written]


_CODECS: Mapping[Format, _Codec] = MappingProxyType(
    {
        Format.TOML: _Codec(toml_targets.looks_like, toml_targets.read, toml_targets.write),
        Format.DCMQRSCP: _Codec(dcmqrscp.looks_like, dcmqrscp.read, dcmqrscp.write),
        Format.ORTHANC: _Codec(orthanc.looks_like, orthanc.read, orthanc.write),
        Format.LDIF: _Codec(dcm4che.looks_like, dcm4che.read, dcm4che.write),
        Format.CSV: _Codec(table.looks_like, table.read, table.write),
        Format.COMMAND: _Codec(command_line.looks_like, command_line.read, command_line.write),
        Format.LINES: _Codec(lines.looks_like, lines.read, lines.write),
    }
)
"""In the order of recognition: the ones whose marks occur nowhere else come first."""


def detect(text: str) -> Format | None:
    """Recognise the format of a text, ``None`` where it is in none."""
    return next((form for form, codec in _CODECS.items() if codec.looks_like(text)), None)


def read_text(text: str, form: Format | None = None) -> Reading:
    """Read a text, in this format or in the one that it is recognised to be in.

    Raises ``UnknownFormatError``.
    """
    chosen = form or detect(text)
    if chosen is None:
        known = ", ".join(Format)
        what = "there is nothing in it" if not text.strip() else f"it looks like none of {known}"
        raise UnknownFormatError(f"{what} (a table needs a header with host and AE title)")
    return _CODECS[chosen].read(text)


def read_bytes(content: bytes, form: Format | None = None) -> Reading:
    """Read the bytes of a file as :func:`read_text` does a text."""
    if content.startswith(_WORKBOOKS):
        message = "this is a spreadsheet program's own file: save it as CSV there, and take that"
        raise UnknownFormatError(message)
    source = decoded(content)
    reading = read_text(source.text, form)
    return replace(reading, remarks=(*source.remarks, *reading.remarks))


def write_text(targets: Sequence[Target], form: Format) -> Written:
    """Write targets in a format."""
    return _CODECS[form].write(targets)
