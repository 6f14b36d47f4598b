"""The configuration of DCMTK's dcmqrscp: HostTable, and the peers in its AETable.

Read the way DCMTK 3.6 does: a value ends at a space, comma or equals sign, or is enclosed in quotes
or parentheses; the AE title of a peer comes first, then the host, whatever its comments say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.diagnosis.target.digits import DIGITS
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.book.wording import shown
from dcmecho.profiles.exchange.rows import (
    MOST_ROWS,
    ExchangeFormat,
    ExchangeRow,
    Reading,
    Remark,
    TooManyRowsError,
    row_of,
)
from dcmecho.profiles.exchange.writing import ExportedText

_VALUE = re.compile(r"""["'(](?P<quoted>[^"'()]*)["')]?|(?P<plain>[^\s=,]+)""")
_TABLE = re.compile(r"(?P<table>HostTable|VendorTable|AETable)\s+(?P<edge>BEGIN|END)\b")
_ENTRY = re.compile(rf"""(?:"[^"]*"|[^\s="(]+)\s*=\s*\([^(),]*,[^(),]*,\s*{DIGITS}\s*\)""")
_PORT = re.compile(rf"NetworkTCPPort\s*=?\s*(?P<port>{DIGITS})")
_GAPS = re.compile(r"""[\s=,"'()]""")
_NOT_IN_A_NAME = re.compile(r"""["'()#,]""")
_PEER_VALUES = 3
_AE_COLUMNS = 4


@dataclass(slots=True)
class _Tables:
    """The state while reading.

    ``has_peers`` says of each symbolic name whether it is an entry with peers, not only a group.
    ``groups`` has the first group that refers to each entry; later ones change nothing.
    """

    rows: list[tuple[str, ExchangeRow]] = field(default_factory=list)
    has_peers: dict[str, bool] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    own_titles: list[str] = field(default_factory=list)
    port: str = "104"

    def add(self, name: str, row: ExchangeRow) -> None:
        """Keep a row of this symbolic name, if any. Raises ``TooManyRowsError``."""
        if len(self.rows) == MOST_ROWS:
            raise TooManyRowsError
        self.rows.append((name, row))


def looks_like(text: str) -> bool:
    """Report whether a text is a dcmqrscp.cfg, or starts with an entry of a HostTable."""
    said = (line.strip() for line in text.splitlines())
    first = next((line for line in said if line and not line.startswith("#")), "")
    return _holds_tables(text) or _ENTRY.match(first) is not None


def read(text: str) -> Reading:
    """Read all peers. A symbolic name that refers to others becomes their group."""
    tables = _Tables()
    table = "" if _holds_tables(text) else "HostTable"
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or raw.startswith("#"):
            continue
        if edge := _TABLE.match(line):
            table = edge["table"] if edge["edge"] == "BEGIN" else ""
        elif table == "HostTable":
            _read_host_entry(tables, number, line)
        elif table == "AETable":
            _read_area(tables, number, line)
        elif port := _PORT.match(line):
            tables.port = port["port"]
    rows = (_with_group(row, tables.groups.get(name, "")) for name, row in tables.rows)
    return Reading(ExchangeFormat.DCMQRSCP, tuple(rows), tuple(_remarks(tables)))


def write(targets: Sequence[Target]) -> ExportedText:
    """Write a HostTable, leaving out targets that DCMTK cannot read, with the reason."""
    lines, refused = [], {}
    used: dict[str, int] = {}
    for target in targets:
        values = (target.called_ae.strip(" "), target.host, str(target.port))
        if any(_GAPS.search(value) for value in values):
            reason = "a dcmqrscp.cfg cannot have a title or host with a space or =,\"'()"
            refused[target.name] = reason
            continue
        name = _unused(_NOT_IN_A_NAME.sub("_", target.name), used)
        quoted = f'"{name}"' if _GAPS.search(name) else name
        lines.append(f"{quoted} = ({', '.join(values)})\n")
    return ExportedText("".join(["HostTable BEGIN\n", *lines, "HostTable END\n"]), refused)


def _unused(name: str, used: dict[str, int]) -> str:
    """Return the name, with a number added if another target already has it.

    ``used`` has for each name the last number added to it.
    """
    free = name
    while free in used:
        used[name] += 1
        free = f"{name}_{used[name]}"
    used[free] = 1
    return free


def _holds_tables(text: str) -> bool:
    return any(_TABLE.match(line.strip()) for line in text.splitlines())


def _values(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the values of a line, and whether each was enclosed."""
    for match in _VALUE.finditer(text):
        enclosed = match["quoted"] is not None
        yield (match["quoted"] if enclosed else match["plain"]), enclosed


def _read_host_entry(tables: _Tables, number: int, line: str) -> None:
    (name, _), *entries = list(_values(line)) or [("", False)]
    if not name:
        tables.add("", ExchangeRow(number, problem=f"{shown(line)} has no name before the ="))
        return
    if not entries:
        problem = f"{shown(name)} has no value; write {name} = (AE_TITLE, host, port)"
        tables.add("", ExchangeRow(number, problem=problem))
    peers = [value for value, enclosed in entries if enclosed and "," in value]
    others = [value for value, enclosed in entries if not (enclosed and "," in value)]
    tables.has_peers[name] = bool(peers)
    for peer in peers:
        alone = len(entries) == 1
        title = next(iter(_values(peer)), ("", False))[0]
        tables.add(name, _peer(number, name if alone else f"{name} {title}", peer))
        if not alone:
            tables.groups.setdefault(name, name)
    for other in others:
        _add_to_group(tables, number, name, other)


def _add_to_group(tables: _Tables, number: int, group: str, member: str) -> None:
    if member not in tables.has_peers:
        problem = f"{shown(member)} is not defined above; DCMTK refuses this line too"
        tables.add("", ExchangeRow(number, problem=problem))
        return
    if tables.has_peers[member]:
        tables.groups.setdefault(member, group)


def _read_area(tables: _Tables, number: int, line: str) -> None:
    values = list(_values(line))
    if not values:
        tables.add("", ExchangeRow(number, problem=f"{shown(line)} is not an entry of the AETable"))
        return
    tables.own_titles.append(values[0][0])
    for value, enclosed in values[_AE_COLUMNS:]:
        if enclosed:
            tables.add("", _peer(number, "", value))


def _peer(number: int, name: str, triple: str) -> ExchangeRow:
    parts = [value for value, _ in _values(triple)]
    if len(parts) != _PEER_VALUES:
        problem = f"({PeerText(triple)}) must have an AE title, a host and a port"
        return ExchangeRow(number, {Field.NAME: name}, problem=problem)
    title, host, port = parts
    texts = {Field.NAME: name, Field.HOST: host, Field.PORT: port, Field.CALLED_AE: title}
    return row_of(number, texts)


def _with_group(row: ExchangeRow, group: str) -> ExchangeRow:
    if not group:
        return row
    return ExchangeRow(row.line, {**row.values, Field.GROUP: group}, row.channel, row.problem)


def _remarks(tables: _Tables) -> Iterator[Remark]:
    if not tables.rows:
        yield Remark(0, "the HostTable is empty; its examples are comments (#)")
    if tables.own_titles:
        titles = ", ".join(dict.fromkeys(tables.own_titles))
        yield Remark(
            0,
            f"this dcmqrscp itself is called {titles}, at port {tables.port} of its host; "
            "to check it, add it as AET@host:port",
        )
