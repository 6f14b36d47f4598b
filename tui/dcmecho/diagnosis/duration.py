"""How a time is written, wherever a person reads it."""

from __future__ import annotations


def duration(elapsed_ms: float) -> str:
    """A measured duration, with as many digits as it deserves."""
    if elapsed_ms < 9.95:
        return f"{elapsed_ms:.1f} ms"
    if elapsed_ms < 1000:
        return f"{elapsed_ms:.0f} ms"
    return f"{elapsed_ms / 1000:.1f} s"
