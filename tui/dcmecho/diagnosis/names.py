"""What the people who act are called, and how a time is written, wherever a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dcmecho.diagnosis.cause import Who

WHO_ACTS: Mapping[Who, str] = MappingProxyType(
    {Who.YOU: "you", Who.NETWORK: "network team", Who.PEER: "peer's administrator"}
)


def duration(elapsed_ms: float) -> str:
    """A measured duration, with as many digits as it deserves."""
    if elapsed_ms < 9.95:
        return f"{elapsed_ms:.1f} ms"
    if elapsed_ms < 1000:
        return f"{elapsed_ms:.0f} ms"
    return f"{elapsed_ms / 1000:.1f} s"
