"""The result of an export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ExportedText:
    """The text of a file, and by name why a target could not be written to it."""

    text: str
    refused: Mapping[str, str] = field(default_factory=dict)
