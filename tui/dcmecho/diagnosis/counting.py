"""A number with its noun, in the singular or the plural."""

from __future__ import annotations


def count(number: int, noun: str) -> str:
    """Return ``1 target`` or ``14 targets``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
