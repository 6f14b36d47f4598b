"""Moving from field to field, for every form with inputs."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widgets import Input


def step(boxes: Sequence[Input], direction: int) -> None:
    """Focus the next or previous input of a form, starting again at its end."""
    at = next((number for number, box in enumerate(boxes) if box.has_focus), 0)
    boxes[(at + direction) % len(boxes)].focus()
