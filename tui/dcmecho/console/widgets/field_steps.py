"""The keys that go from field to field, for every form of typed values."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widgets import Input


def step(boxes: Sequence[Input], direction: int) -> None:
    """Go round the inputs of a form, from the focused one or the first."""
    at = next((number for number, box in enumerate(boxes) if box.has_focus), 0)
    boxes[(at + direction) % len(boxes)].focus()
