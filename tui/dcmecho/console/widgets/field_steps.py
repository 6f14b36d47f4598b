"""The keys that go from field to field, for every form of typed values."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from textual.widgets import Input


class StepsFields:
    """Goes round the inputs of a form, from the focused one or the first."""

    @property
    @abstractmethod
    def boxes(self) -> Sequence[Input]:
        """The inputs, in the order they are gone through."""

    def action_next_field(self) -> None:
        """To the next field."""
        self._step(1)

    def action_previous_field(self) -> None:
        """To the field before."""
        self._step(-1)

    def _step(self, direction: int) -> None:
        boxes = self.boxes
        at = next((number for number, box in enumerate(boxes) if box.has_focus), 0)
        boxes[(at + direction) % len(boxes)].focus()
