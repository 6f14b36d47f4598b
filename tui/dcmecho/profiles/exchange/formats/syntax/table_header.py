"""The header of a table: which column has which value, whatever language names it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType

from dcmecho.diagnosis.target.fields import Field

COLUMNS: Mapping[Field, tuple[str, ...]] = MappingProxyType(
    {field: (field.replace("_", ""), *field.row.columns) for field in Field}
)
"""Column names, as lower-case letters and digits only; the first is preferred."""

_HEADER_WITHIN_ROWS = 10
_IN_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
_NOT_IN_A_NAME = re.compile(r"[\W_]+")
_WHOSE = re.compile(
    r"(?:dicom|remote|target|peer|destination|dest|pacs|scp|device|modality|station|node|server)+"
)
_AND = re.compile(r"(?<=[a-z])(?:and|und|y|e|et)(?=port|puerto|porta)")

_PLACES: Mapping[str, tuple[tuple[int, int], ...]] = MappingProxyType(
    {
        alias: tuple(
            (number, names.index(alias))
            for number, names in enumerate(COLUMNS.values())
            if alias in names
        )
        for alias in {name for names in COLUMNS.values() for name in names}
    }
)
"""For each name, the numbers of the fields that it can mean, and its place among their names."""

_HOST_AND_PORT = frozenset(
    host + port for host, port in product(COLUMNS[Field.HOST], COLUMNS[Field.PORT])
)
_TLS = re.compile(
    r"(?:use|uses|is|with|enable|requires?|dicom|over)*"
    r"(?:tls|ssl|secured?|encrypt(?:ed|ion)?|verschlusselt|verschlusselung"
    r"|cifrad[oa]|criptografad[oa]|criptografia|chiffre|chiffrement|securise)+"
    r"(?:enabled?|active|aktiv|activo|ativo|actif|on|used|required|dicom)*"
)


@dataclass(frozen=True, slots=True)
class Header:
    """The column of each value. ``row`` is the index of the header among the rows.

    ``hosts`` are all columns with a name or an address, the preferred one first; a port can follow
    in those of ``with_port``.
    """

    row: int
    columns: Mapping[Field, int]
    hosts: tuple[int, ...]
    with_port: frozenset[int]
    tls: int | None
    ignored: tuple[str, ...]

    @property
    def known(self) -> int:
        """The number of columns that are understood."""
        return len(self.columns) + len(self.hosts)


def find_header(rows: Iterable[Sequence[str]]) -> Header | None:
    """Return the first row that names a host and an AE title, among the first ten."""
    for number, cells in zip(range(_HEADER_WITHIN_ROWS), rows, strict=False):
        header = _header(number, cells)
        if header.hosts and Field.CALLED_AE in header.columns:
            return header
    return None


def lacking(cells: Sequence[str]) -> str:
    """Return which of host and AE title a row names no column for, if it names the other values."""
    header = _header(0, cells)
    has_title, has_port = (field in header.columns for field in (Field.CALLED_AE, Field.PORT))
    if header.hosts and has_port and not has_title:
        return "AE title"
    return "host" if has_title and has_port and not header.hosts else ""


def folded(text: str) -> str:
    """Return a text in lower case and without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def _header(number: int, cells: Sequence[str]) -> Header:
    names = [tuple(_names(cell)) if cell.strip() else () for cell in cells]
    both = frozenset(i for i, each in enumerate(names) if _HOST_AND_PORT.intersection(each))
    columns, hosts = _assigned(names, both)
    used = {*columns.values(), *hosts}
    secure = (i for i, each in enumerate(names) if i not in used and any(map(_TLS.fullmatch, each)))
    tls = next(secure, None)
    ignored = (cell for i, cell in enumerate(cells) if i not in {*used, tls} and cell.strip())
    return Header(number, columns, hosts, both, tls, tuple(ignored))


def _names(cell: str) -> Iterator[str]:
    """Yield what a column can be called: in full, then without brackets, and without its owner."""
    text = folded(cell)
    inside, outside = " ".join(_IN_BRACKETS.findall(text)), _IN_BRACKETS.sub(" ", text)
    for words in (text, f"{inside} {outside}", outside):
        name = _NOT_IN_A_NAME.sub("", words)
        yield name
        yield _AND.sub("", name, count=1)
    yield _WHOSE.sub("", name, count=1) if _WHOSE.match(name) else name


def _assigned(
    names: Sequence[Sequence[str]], both: frozenset[int]
) -> tuple[Mapping[Field, int], tuple[int, ...]]:
    """Give each column to one field, and all columns with a host to ``HOST``."""
    found = sorted(
        (rank, field, place, column)
        for column, called in enumerate(names)
        if column not in both
        for rank, name in enumerate(called)
        for field, place in _PLACES.get(name, ())
    )
    fields, columns, hosts = tuple(COLUMNS), dict[Field, int](), dict[int, None]()
    for _, number, _, column in found:
        field = fields[number]
        if column in columns.values() or column in hosts:
            continue
        if field is Field.HOST:
            hosts[column] = None
        elif field not in columns:
            columns[field] = column
    return columns, (*hosts, *sorted(both))
