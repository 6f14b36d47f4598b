"""Lines as programs print them, by family, with their truth: ``tests/corpora/lines``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parents[2] / "corpora" / "lines"


class Line(NamedTuple):
    """A line, or a few, with its truth."""

    family: str
    text: str
    stage: str
    first: frozenset[str]
    proves: frozenset[str]


def _lines(path: Path) -> list[Line]:
    rows: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["lines"]
    return [
        Line(
            path.stem,
            row["text"],
            row["stage"],
            frozenset(row.get("first", ())),
            frozenset(row.get("proves", ())),
        )
        for row in rows
    ]


LINES = [line for path in sorted(FOLDER.glob("*.toml")) for line in _lines(path)]
