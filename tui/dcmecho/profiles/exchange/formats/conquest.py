"""Conquest's acrnema.map: ``AE host port compression``, one peer on each line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dcmecho.diagnosis.target.digits import DIGITS
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.book.wording import shown
from dcmecho.profiles.exchange.rows import ExchangeFormat, ExchangeRow, Reading, counted, row_of
from dcmecho.profiles.exchange.writing import ExportedText

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_LINE_COMMENTS = ("#", ";", "//")
_ENTRY = re.compile(rf"\S+\s+\S+\s+{DIGITS}\s+(?:as|is|u[nlbejr]|n[1-4]|k[0-9]|j[0-9skl])[0-9]*")
_COLUMNS = (Field.CALLED_AE, Field.HOST, Field.PORT)
_UNCOMPRESSED = "un"


def looks_like(text: str) -> bool:
    """Report whether the first line that is no comment is an entry with a compression."""
    _, first = next(_lines(text), (0, ""))
    return _ENTRY.fullmatch(first.lower()) is not None


def read(text: str) -> Reading:
    """Read the entries; a title with ``*`` stands for many peers and is refused."""
    return Reading(ExchangeFormat.CONQUEST, tuple(counted(_row(*each) for each in _lines(text))))


def write(targets: Sequence[Target]) -> ExportedText:
    """Write an entry for each target, uncompressed; a title with a space cannot be written."""
    lines, refused = [], {}
    for target in targets:
        title = target.called_ae.strip(" ")
        if re.search(r"\s|\*|/\*", title) or title.startswith(_LINE_COMMENTS):
            refused[target.name] = (
                "an acrnema.map cannot have a title with a space or *, or a #title"
            )
        else:
            lines.append(f"{title:16} {target.host:24} {target.port:<6} {_UNCOMPRESSED}\n")
    return ExportedText("".join(lines), refused)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are no comment, with their numbers."""
    bare = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
    for number, raw in enumerate(bare.split("\n"), start=1):
        line = raw.strip()
        if line and not line.startswith(_LINE_COMMENTS):
            yield number, line


def _row(number: int, line: str) -> ExchangeRow:
    cells = line.split(None, len(_COLUMNS))
    if len(cells) < len(_COLUMNS):
        problem = f"{shown(line)} must be an AE title, a host, a port and a compression"
        return ExchangeRow(number, problem=problem)
    title, host, port = cells[: len(_COLUMNS)]
    if "*" in f"{title}{host}":
        problem = f"{shown(title)} at {shown(host)} stands for many peers; write each of them"
        return ExchangeRow(number, problem=problem)
    return row_of(number, dict(zip(_COLUMNS, (title, host, port), strict=True)))
