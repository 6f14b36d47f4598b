"""``AET@host:port``, one per line; the name can follow after a #."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dcmecho.diagnosis.target.digits import DIGITS
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.address import PeerAddress, peer_address
from dcmecho.profiles.book.wording import shown
from dcmecho.profiles.exchange.rows import ExchangeFormat, ExchangeRow, Reading, counted, row_of
from dcmecho.profiles.exchange.writing import ExportedText

_LINE = re.compile(rf"(?P<address>.+?@(?:\[[^]@]+\]|[^:@\s]+):{DIGITS})(?:\s+#\s*(?P<name>.*))?")


def looks_like(text: str) -> bool:
    """Report whether any line is an address: people send them among other words."""
    return any(_LINE.fullmatch(line.strip()) for line in text.splitlines())


def read(text: str) -> Reading:
    """Read the lines, ignoring blank ones and those that start with #."""
    numbered = enumerate(text.splitlines(), start=1)
    said = ((number, line.strip()) for number, line in numbered)
    rows = (_row(number, line) for number, line in said if line and not line.startswith("#"))
    return Reading(ExchangeFormat.LINES, tuple(counted(rows)))


def write(targets: Sequence[Target]) -> ExportedText:
    """Write one line for each target."""
    lines, refused = [], {}
    for target in targets:
        title = target.called_ae.strip(" ")
        if title.startswith("#"):
            refused[target.name] = "a line that starts with # is a comment"
        else:
            lines.append(f"{PeerAddress(title, target.host, target.port)}  # {target.name}\n")
    return ExportedText("".join(lines), refused)


def _row(number: int, line: str) -> ExchangeRow:
    match = _LINE.fullmatch(line)
    address = peer_address(match["address"]) if match else None
    if match is None or address is None:
        return ExchangeRow(number, problem=f"{shown(line)} must be AET@host:port")
    texts = {
        Field.NAME: match["name"] or "",
        Field.HOST: address.host,
        Field.PORT: str(address.port),
        Field.CALLED_AE: address.called_ae,
    }
    return row_of(number, texts)
