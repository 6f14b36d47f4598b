"""Reports if a screen can be updated: events can arrive before its mount and after it closes."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen


def is_usable(screen: Screen[Any]) -> bool:
    """Return whether a screen has its widgets and was neither left nor closed with the app."""
    is_up = screen.is_mounted and screen.is_attached and screen.app.is_running
    return is_up and screen in screen.app.screen_stack
