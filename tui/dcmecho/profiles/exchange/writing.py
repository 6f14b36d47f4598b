"""What an export gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Written:
    """The text of a file, and for targets that it cannot hold, by name, why."""

    text: str
    refused: Mapping[str, str] = field(default_factory=dict)
