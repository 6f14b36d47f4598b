"""CSV as spreadsheets write it: any order of columns, usual names, any separator."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from types import MappingProxyType

from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.diagnosis.target.digits import DIGITS
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.book.wording import shown
from dcmecho.profiles.exchange.formats.syntax.table_header import (
    COLUMNS,
    Header,
    find_header,
    folded,
    lacking,
)
from dcmecho.profiles.exchange.rows import (
    MOST_ROWS,
    Channel,
    ExchangeFormat,
    ExchangeRow,
    Reading,
    Remark,
    counted,
    row_of,
)
from dcmecho.profiles.exchange.writing import ExportedText

_SEPARATORS = ",;\t|"
_EXCEL_SEPARATOR = "sep="
"""Excel's own first line, which names the separator."""
_TLS = "tls"
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""Text that a spreadsheet takes for a formula, with or without the guard in front."""
_GUARD = "'"

_YES = (
    *("yes", "y", "true", "t", "1", "x", "on", "enabled", "active", "required", "✓", "✔", "☑"),
    *("ja", "j", "wahr", "aktiv", "si", "s", "verdadero", "activo", "sim", "verdadeiro", "ativo"),
    *("oui", "o", "vrai", "actif", "secure", "encrypted"),
)
_NO = (
    *("no", "n", "false", "f", "0", "off", "plain", "none", "-", "disabled", "inactive", "☐"),
    *("nein", "falsch", "inaktiv", "falso", "inactivo", "nao", "inativo", "non", "faux", "inactif"),
)
_CHANNELS: Mapping[str, Channel] = MappingProxyType(
    {"": Channel.NOT_GIVEN, "n/a": Channel.NOT_GIVEN, "?": Channel.NOT_GIVEN}
    | dict.fromkeys(_YES, Channel.TLS)
    | dict.fromkeys(_NO, Channel.PLAIN)
)
_A_VERSION = re.compile(r"(?:tls|ssl)[\s_v]*[0-9.]*")
_PORT = rf"(?P<port>{DIGITS})"
_HOST = r"(?P<host>\[[^]]{1,50}\]|[^:\s/]+)"
_HOST_COLON_PORT = re.compile(f"{_HOST}:{_PORT}")
_HOST_AND_PORT = re.compile(rf"{_HOST}\s{{0,3}}[:/\s]\s{{0,3}}{_PORT}")
_NUMERIC = re.compile(
    r"[0-9.]+(?:\s{0,3}[:/\s]\s{0,3}[0-9]+)?|\[?[0-9a-f]*:[0-9a-f]*:.*", re.IGNORECASE
)
"""An address in digits, right or wrong: it counts before a name in another column."""


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of a row that is not empty, and the line where it starts.

    ``problem`` says why it cannot be read; it then has no cells.
    """

    line: int
    cells: Sequence[str]
    problem: str = ""


def looks_like(text: str) -> bool:
    """Report whether a text starts with the header of a table."""
    return _separator_and_header(text) is not None


def read(text: str) -> Reading:
    """Read the rows below the header, which can itself be below a title."""
    found = _separator_and_header(text)
    if found is None:
        wanted = ", ".join((Field.NAME, Field.HOST, Field.PORT, Field.CALLED_AE))
        problem = f"no header; the first row must name the columns, such as {wanted}"
        return Reading(ExchangeFormat.CSV, (ExchangeRow(1, problem=problem),))
    separator, header = found
    cells = list(islice(_rows(text, separator), header.row + 1 + MOST_ROWS + 1))
    rows = tuple(counted(_row(header, each) for each in cells[header.row + 1 :]))
    return Reading(ExchangeFormat.CSV, rows, tuple(_remarks(header, cells)))


def write(targets: Sequence[Target]) -> ExportedText:
    """Write a table with a header, comma-separated, as RFC 4180 has it.

    A text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV
    injection), which :func:`read` removes again.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*COLUMNS, _TLS])
    for target in targets:
        tls = "no" if target.tls is None else "yes"
        values = (getattr(target, field) for field in COLUMNS)
        writer.writerow([*(_guarded(v) if isinstance(v, str) else v for v in values), tls])
    return ExportedText(out.getvalue())


def missing_column(text: str) -> str:
    """Return the value for which a table lacks a column; empty if it is no table."""
    rows = (row.cells for separator in _SEPARATORS for row in islice(_rows(text, separator), 10))
    return next(filter(None, map(lacking, rows)), "")


def _guarded(text: str) -> str:
    return _GUARD + text if _FORMULA.match(text) else text


def _unguarded(text: str) -> str:
    return text.removeprefix(_GUARD) if _FORMULA.match(text) else text


def _separator_and_header(text: str) -> tuple[str, Header] | None:
    """Find the separator that gives the best header."""
    best: tuple[str, Header] | None = None
    for separator in _SEPARATORS:
        header = find_header(row.cells for row in _rows(text, separator))
        if header and (best is None or header.known > best[1].known):
            best = separator, header
    return best


def _rows(text: str, separator: str) -> Iterator[_Cells]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _Cells(line, (), f"cannot be read as a row of a table: {error}")
            continue
        if any(cell.strip() for cell in row):
            yield _Cells(line, row)


def _row(header: Header, row: _Cells) -> ExchangeRow:
    if row.problem:
        return ExchangeRow(row.line, problem=row.problem)
    texts = {field: _cell(row.cells, place) for field, place in header.columns.items()}
    texts |= _peer(header, row.cells, texts.get(Field.PORT, ""))
    said = "" if header.tls is None else folded(_cell(row.cells, header.tls).strip())
    channel = Channel.TLS if _A_VERSION.fullmatch(said) else _CHANNELS.get(said)
    read = row_of(row.line, texts, channel or Channel.NOT_GIVEN)
    if channel is not None:
        return read
    problem = f"{_TLS}: {shown(said)} must be yes or no"
    return replace(read, problem="; ".join(filter(None, (read.problem, problem))))


def _peer(header: Header, cells: Sequence[str], port: str) -> Mapping[Field, str]:
    """Return the host, and what else the columns of hosts say: a port, or a name beside an address.

    An address counts before a name in another column, which can be a mere label.
    """
    said = {place: text for place in header.hosts if (text := _cell(cells, place).strip())}
    numeric = (place for place, text in said.items() if _NUMERIC.fullmatch(text))
    chosen = next(numeric, next(iter(said), None))
    if chosen is None:
        return {}
    host = said.pop(chosen)
    label = next(iter(said.values()), "")
    named = {Field.NAME: label} if label and Field.NAME not in header.columns else {}
    pattern = _HOST_AND_PORT if chosen in header.with_port else _HOST_COLON_PORT
    both = None if port.strip() else pattern.fullmatch(host)
    if both is None:
        return {**named, Field.HOST: host}
    return {**named, Field.HOST: both["host"], Field.PORT: both["port"]}


def _cell(cells: Sequence[str], place: int) -> str:
    return _unguarded(cells[place]) if place < len(cells) else ""


def _remarks(header: Header, cells: Sequence[_Cells]) -> Iterator[Remark]:
    line = cells[header.row].line
    for above in cells[: header.row]:
        if above.cells and above.cells[0].startswith(_EXCEL_SEPARATOR):
            continue
        yield Remark(above.line, "is above the header, and was ignored")
    if header.ignored:
        names = PeerText(", ".join(name.strip() for name in header.ignored))
        yield Remark(line, f"unknown columns, ignored: {names}")
    if len(cells) == header.row + 1:
        yield Remark(line, "there are no rows below the header")
