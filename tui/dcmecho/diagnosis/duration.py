"""Durations as text."""

from __future__ import annotations


def duration(elapsed_ms: float) -> str:
    """Return a measured duration as text, with two or three digits: ``3.4 ms``, ``1.2 s``."""
    if elapsed_ms < 9.95:
        return f"{elapsed_ms:.1f} ms"
    if elapsed_ms < 1000:
        return f"{elapsed_ms:.0f} ms"
    return f"{elapsed_ms / 1000:.1f} s"
