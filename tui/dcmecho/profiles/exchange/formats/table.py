"""CSV as spreadsheets write it: any order of columns, usual names, any separator."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from types import MappingProxyType

from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.book.wording import shown
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
_HEADER_WITHIN_ROWS = 10
_NEEDED = (Field.HOST, Field.CALLED_AE)
_NOT_IN_A_COLUMN_NAME = re.compile(r"[\W_]+")
_TLS = "tls"
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""Text that a spreadsheet takes for a formula, with or without the guard in front."""
_GUARD = "'"

_COLUMNS: Mapping[Field, tuple[str, ...]] = MappingProxyType(
    {field: (field.replace("_", ""), *field.row.columns) for field in Field}
)
"""Column names, as lower-case letters and digits only; the first is preferred."""

_TLS_COLUMNS = ("tls", "usetls", "usedicomtls", "dicomtls", "ssl", "secure", "encryption")
_CHANNELS: Mapping[str, Channel] = MappingProxyType(
    {"": Channel.NOT_GIVEN}
    | dict.fromkeys(("yes", "y", "true", "1", "x", "on", "tls", "ja", "oui", "wahr"), Channel.TLS)
    | dict.fromkeys(
        ("no", "n", "false", "0", "off", "plain", "none", "-", "nein", "non", "falsch"),
        Channel.PLAIN,
    )
)


@dataclass(frozen=True, slots=True)
class _Header:
    """The column of each value. ``row`` is the index of the header among the rows."""

    row: int
    columns: Mapping[Field, int]
    tls: int | None
    ignored: tuple[str, ...]


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
    writer.writerow([*_COLUMNS, _TLS])
    for target in targets:
        tls = "no" if target.tls is None else "yes"
        values = (getattr(target, field) for field in _COLUMNS)
        writer.writerow([*(_guarded(v) if isinstance(v, str) else v for v in values), tls])
    return ExportedText(out.getvalue())


def _guarded(text: str) -> str:
    return _GUARD + text if _FORMULA.match(text) else text


def _unguarded(text: str) -> str:
    return text.removeprefix(_GUARD) if _FORMULA.match(text) else text


def _separator_and_header(text: str) -> tuple[str, _Header] | None:
    """Find the separator that gives the best header."""
    best: tuple[str, _Header] | None = None
    for separator in _SEPARATORS:
        header = _header(islice(_rows(text, separator), _HEADER_WITHIN_ROWS))
        if header and (best is None or len(header.columns) > len(best[1].columns)):
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


def _header(rows: Iterable[_Cells]) -> _Header | None:
    for number, row in enumerate(each.cells for each in rows):
        names = [_NOT_IN_A_COLUMN_NAME.sub("", cell.lower()) for cell in row]
        columns: dict[Field, int] = {}
        for field, aliases in _COLUMNS.items():
            free = [alias for alias in aliases if alias in names]
            place = next((i for i in map(names.index, free) if i not in columns.values()), None)
            if place is not None:
                columns[field] = place
        if all(field in columns for field in _NEEDED):
            tls = next((names.index(alias) for alias in _TLS_COLUMNS if alias in names), None)
            used = {*columns.values(), tls}
            ignored = [cell for i, cell in enumerate(row) if i not in used and cell.strip()]
            return _Header(number, columns, tls, tuple(ignored))
    return None


def _row(header: _Header, row: _Cells) -> ExchangeRow:
    if row.problem:
        return ExchangeRow(row.line, problem=row.problem)
    texts = {field: _cell(row.cells, place) for field, place in header.columns.items()}
    said = "" if header.tls is None else _cell(row.cells, header.tls).strip().lower()
    channel = _CHANNELS.get(said)
    read = row_of(row.line, texts, channel or Channel.NOT_GIVEN)
    if channel is not None:
        return read
    problem = f"{_TLS}: {shown(said)} must be yes or no"
    return replace(read, problem="; ".join(filter(None, (read.problem, problem))))


def _cell(cells: Sequence[str], place: int) -> str:
    return _unguarded(cells[place]) if place < len(cells) else ""


def _remarks(header: _Header, cells: Sequence[_Cells]) -> Iterator[Remark]:
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
