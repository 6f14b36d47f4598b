"""Short texts about the rows of a foreign file, for assertions."""

from __future__ import annotations

from pathlib import Path

from dcmecho.diagnosis.target.fields import Field
from dcmecho.profiles.book.model import ProfileBook
from dcmecho.profiles.exchange.rows import ExchangeRow, Reading

EMPTY = ProfileBook(Path("profiles.toml"), exists=False, writable=True)


def peers(reading: Reading) -> list[str]:
    """Return each good row as ``NAME: AET@host:port``; the name is empty if the file has none."""
    return [_peer(row) for row in reading.rows if not row.problem]


def problems(reading: Reading) -> list[str]:
    """Return each refused row as ``LINE: why``."""
    return [f"{row.line}: {row.problem}" for row in reading.rows if row.problem]


def _peer(row: ExchangeRow) -> str:
    keys = (Field.NAME, Field.CALLED_AE, Field.HOST, Field.PORT)
    name, title, host, port = (row.values.get(key, "") for key in keys)
    return f"{name}: {title}@{host}:{port}"
