"""The two arrangements of a screen: side by side, or stacked."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen

WIDE_FROM = 100
"""With this many columns or more, panes are side by side."""


BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-narrow"), (WIDE_FROM, "-wide")]
"""The class of a screen by its width: its ``HORIZONTAL_BREAKPOINTS``."""

TALL_FROM = 44
"""With this many lines or more, the log has room besides a whole diagnosis."""

ROWS: list[tuple[int, str]] | None = [(0, "-low"), (TALL_FROM, "-tall")]
"""The class of a screen by its height: its ``VERTICAL_BREAKPOINTS``."""


def arrange(screen: Screen[Any]) -> None:
    """Give a screen the right class before anything is drawn.

    Textual does so only afterwards, with the first ``Resize``; no upstream issue found.
    """
    screen.add_class("-wide" if screen.app.size.width >= WIDE_FROM else "-narrow")
    if screen.VERTICAL_BREAKPOINTS:
        screen.add_class("-tall" if screen.app.size.height >= TALL_FROM else "-low")
