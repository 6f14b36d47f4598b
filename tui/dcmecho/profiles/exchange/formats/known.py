"""The reader and writer of each format, and the detection of a format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol, assert_never

from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.exchange.formats import (
    command_line,
    compose,
    conquest,
    dcm4che,
    dcmqrscp,
    horos,
    lines,
    mercure,
    orthanc,
    table,
    toml_targets,
    weasis,
)
from dcmecho.profiles.exchange.formats.syntax.decoding import decoded
from dcmecho.profiles.exchange.formats.unclaimed import binary_kind, text_kind
from dcmecho.profiles.exchange.rows import (
    MOST_ROWS,
    ExchangeFormat,
    ExchangeRow,
    Reading,
    TooManyRowsError,
)
from dcmecho.profiles.exchange.writing import ExportedText


class UnknownFormatError(Exception):
    """The content is in no known format, or cannot be read; the text says why."""


class _Codec(Protocol):
    """The functions in the module of each format."""

    def looks_like(self, text: str) -> bool: ...

    def read(self, text: str) -> Reading: ...

    def write(self, targets: Sequence[Target]) -> ExportedText: ...


def _codec(form: ExchangeFormat) -> _Codec:
    match form:
        case ExchangeFormat.DCMQRSCP:
            return dcmqrscp
        case ExchangeFormat.ORTHANC:
            return orthanc
        case ExchangeFormat.CSV:
            return table
        case ExchangeFormat.LDIF:
            return dcm4che
        case ExchangeFormat.COMPOSE:
            return compose
        case ExchangeFormat.MERCURE:
            return mercure
        case ExchangeFormat.WEASIS:
            return weasis
        case ExchangeFormat.HOROS:
            return horos
        case ExchangeFormat.CONQUEST:
            return conquest
        case ExchangeFormat.LINES:
            return lines
        case ExchangeFormat.COMMAND:
            return command_line
        case ExchangeFormat.TOML:
            return toml_targets
    assert_never(form)


def detect(text: str) -> ExchangeFormat | None:
    """Return the format of a text, or ``None`` if it is in no known format."""
    in_turn = sorted(ExchangeFormat, key=lambda form: form.turn)
    return next((form for form in in_turn if _codec(form).looks_like(text)), None)


def read_text(text: str, form: ExchangeFormat | None = None) -> Reading:
    """Read a text in this format, or in the detected one.

    Raises ``UnknownFormatError``.
    """
    chosen = form or detect(text)
    if chosen is None:
        raise UnknownFormatError(text_kind(text))
    return _without_risks(_codec(chosen).read(text))


def _without_risks(reading: Reading) -> Reading:
    """Leave out the keys that a file from elsewhere must not bring along."""

    def kept(row: ExchangeRow) -> ExchangeRow:
        values = {key: value for key, value in row.values.items() if not key.row.risk}
        return replace(row, values=values)

    return replace(reading, rows=tuple(map(kept, reading.rows)))


def read_bytes(content: bytes, form: ExchangeFormat | None = None) -> Reading:
    """Read the bytes of a file like :func:`read_text`. Raises nothing else, whatever they are."""
    if kind := binary_kind(content):
        raise UnknownFormatError(kind)
    source = decoded(content)
    try:
        reading = read_text(source.text, form)
    except TooManyRowsError:
        message = f"it has more than {MOST_ROWS:,} peers; split it"
        raise UnknownFormatError(message) from None
    except UnknownFormatError:
        raise
    except Exception as error:
        # A file from elsewhere must not end the console and everything that it watches.
        raise UnknownFormatError(f"a bug in dcmecho, not in the file: {error!r}") from error
    return replace(reading, remarks=(*source.remarks, *reading.remarks))


def write_text(targets: Sequence[Target], form: ExchangeFormat) -> ExportedText:
    """Write targets in a format."""
    return _codec(form).write(targets)
