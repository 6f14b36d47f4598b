"""What the tests use of Textual that is private. No other test does."""

from __future__ import annotations

from textual.drivers._writer_thread import WriterThread
from textual.screen import Screen

__all__ = ["WriterThread", "screen_lines"]


def screen_lines(screen: Screen[object]) -> list[str]:
    """What stands on a screen, line by line."""
    return [strip.text for strip in screen._compositor.render_strips()]
