"""The command palette: every command of the console, found by its words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from textual.command import (
    CommandInput,
    CommandPalette,
    DiscoveryHit,
    Hit,
    Hits,
    Provider,
    SearchIcon,
)
from textual.content import Content

from dcmecho.console.command import Command, CommandChosen, Pane
from dcmecho.console.commands import COMMANDS

_KEY_WIDTH = 6
_LISTED = (Pane.ANYWHERE, Pane.TARGETS, Pane.DIAGNOSIS, Pane.LOG)


def palette_commands() -> Iterator[tuple[Pane, Command]]:
    """Yield the commands of the palette: all but the movements within a pane."""
    for pane in _LISTED:
        for command in COMMANDS[pane]:
            if command.in_palette:
                yield pane, command


def palette_text(pane: Pane, command: Command) -> str:
    """Return a command's text in the palette: its footer label and what it does."""
    place = "" if pane is Pane.ANYWHERE else f"{pane.value}: "
    is_named = command.label.lower() in command.sentence.lower()
    return f"{place}{'' if is_named else f'{command.label}: '}{command.sentence}"


class CommandProvider(Provider):
    """Provides the declared commands to Textual's palette."""

    async def discover(self) -> Hits:
        """Yield every command, before anything is typed."""
        for pane, command in palette_commands():
            text = palette_text(pane, command)
            yield DiscoveryHit(_shown(command, Content(text)), self._call(pane, command), text)

    async def search(self, query: str) -> Hits:
        """Yield the commands that match what is typed."""
        matcher = self.matcher(query)
        for pane, command in palette_commands():
            text = palette_text(pane, command)
            score = matcher.match(text)
            if score > 0:
                shown = _shown(command, matcher.highlight(text))
                yield Hit(score, shown, self._call(pane, command), text)

    def _call(self, pane: Pane, command: Command) -> Callable[[], object]:
        return partial(self.screen.post_message, CommandChosen(pane, command))


class Palette(CommandPalette):
    """Textual's palette without its emoji and its blinking cursor."""

    def __init__(self) -> None:
        super().__init__([CommandProvider], placeholder="Type part of what you want to do")

    def on_mount(self) -> None:
        """Stop the cursor from blinking and remove the emoji."""
        self.query_one(SearchIcon).icon = ":"
        self.query_one(CommandInput).cursor_blink = False


def _shown(command: Command, text: Content) -> Content:
    return Content.assemble((command.key_text.rjust(_KEY_WIDTH), "bold $accent"), "  ", text)
