"""The words about each finding, read from ``findings.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from dcmecho.diagnosis.model import Confidence, Who
from dcmecho.diagnosis.services.model import Finding, FindingId

_FILE = "findings.toml"


def finding(
    finding_id: FindingId, confidence: Confidence, values: Mapping[str, str] | None = None
) -> Finding:
    """Put ``values`` (printable, by placeholder) into the words about a finding."""
    table = _tables()[finding_id]
    filled = values or {}

    def words(text: str) -> str:
        return " ".join(text.format_map(filled).split())

    return Finding(
        id=finding_id,
        confidence=confidence,
        title=words(table["title"]),
        explanation=words(table["explanation"]),
        who=Who(table["who"]),
        actions=tuple(words(action) for action in table["actions"]),
        reference=table["reference"],
    )


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(files(__package__).joinpath(_FILE).read_text(encoding="utf-8"))
