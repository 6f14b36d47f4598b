"""The last line of the screen: the keys of the focused pane."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from dcmecho.console.command import Command


class KeyBar(Widget):
    """Keys and labels in order; the last two (help and quit) always stay.

    One widget for all keys: a footer with one widget per key costs more than all panes together.
    """

    DEFAULT_CSS = """
    KeyBar { height: 1; background: $panel; color: $foreground; text-wrap: nowrap; }
    """

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._commands: Sequence[Command] = ()

    def show(self, commands: Sequence[Command]) -> None:
        """Show these commands, if they differ from those shown."""
        if commands != self._commands:
            self._commands = commands
            self.refresh()

    @property
    def shown(self) -> Sequence[Command]:
        """The commands that fit into the width."""
        kept = list(self._commands)
        while len(kept) > 2 and sum(map(_width, kept)) > self.size.width:
            del kept[-3]
        return kept

    def render(self) -> Content:
        """Return the line."""
        parts: list[tuple[str, str | Style]] = []
        for command in self.shown:
            parts.append((f" {command.key_text}", "bold $accent"))
            parts.append((f" {command.label} ", ""))
        return Content.assemble(*parts)


def _width(command: Command) -> int:
    return len(command.key_text) + len(command.label) + 3
