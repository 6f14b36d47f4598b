"""Which of two arrangements a screen takes: side by side, or stacked."""

from __future__ import annotations

from typing import ClassVar

from textual.screen import Screen

WIDE_FROM = 100
"""Columns from which panes stand side by side."""


class WideOrNarrow:
    """Mixed into a screen: it has the class ``-wide`` or ``-narrow`` by the room there is."""

    HORIZONTAL_BREAKPOINTS: ClassVar[list[tuple[int, str]] | None] = [
        (0, "-narrow"),
        (WIDE_FROM, "-wide"),
    ]

    def on_mount(self) -> None:
        """Take the right one before anything is drawn.

        Textual does so only afterwards, with the first ``Resize``; no upstream issue found.
        """
        assert isinstance(self, Screen), "mixed into a screen"
        self.add_class("-wide" if self.app.size.width >= WIDE_FROM else "-narrow")
