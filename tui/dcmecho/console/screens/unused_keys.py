"""Says why a key that was pressed does nothing now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from textual.events import Key
from textual.screen import Screen
from textual.widgets import Input

from dcmecho.console.command import Need, Pane, why_not
from dcmecho.console.commands import COMMANDS
from dcmecho.console.symbols import Mark
from dcmecho.console.widgets.notice import Notice

Meets = Callable[[Need], bool]
"""Reports whether what a command needs is there."""


def explain(
    screen: Screen[Any],
    event: Key,
    panes: Iterable[Pane],
    meets: Meets,
    why: Callable[[Need], str] = why_not,
) -> None:
    """Say in the notice of the screen why a key does nothing. In an input, every key is text."""
    if not isinstance(screen.focused, Input):
        text = _why_unused(event, panes, meets, why)
        if text:
            screen.query_one(Notice).say(text, Mark.SKIPPED)


def _why_unused(event: Key, panes: Iterable[Pane], meets: Meets, why: Callable[[Need], str]) -> str:
    commands = [each for pane in panes for each in COMMANDS[pane] if event.key in each.keys]
    if not commands:
        key = event.character if event.character and event.is_printable else event.key
        return f"{key} does nothing here. Press ? for the keys."
    return "" if any(meets(each.need) for each in commands) else why(commands[0].need)
