"""Whether a screen can be written to: news may come before it is mounted, and behind its end."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen


def is_usable(screen: Screen[Any]) -> bool:
    """True from when a screen has its widgets until it is left or the app closes."""
    is_up = screen.is_mounted and screen.is_attached and screen.app.is_running
    return is_up and screen in screen.app.screen_stack
