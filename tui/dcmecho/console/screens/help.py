"""The keys of the focused pane, and the meaning of the signs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from dcmecho.console.command import Command, Pane
from dcmecho.console.commands import COMMANDS
from dcmecho.console.screen_commands import MOVE
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.diagnosis.events import Direction

_KEY_WIDTH = 12
_IN_THE_CONSOLE = (Pane.TARGETS, Pane.DIAGNOSIS, Pane.LOG)
"""The panes in which the keys of :attr:`Pane.ANYWHERE` work too."""
_SHOWN = (
    (Mark.OK, Mark.WARNING, Mark.FAILED),
    (Mark.CANCELLED, Mark.RUNNING, Mark.NOT_REACHED, Mark.RULED_OUT),
)


class HelpScreen(ModalScreen[None]):
    """The help, made from the same declarations as the keys themselves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,enter", "close", "Back")
    ]

    def __init__(self, pane: Pane, symbols: Symbols) -> None:
        super().__init__()
        self._pane = pane
        self._symbols = symbols

    def compose(self) -> ComposeResult:
        """Yield the keys of the pane, the signs, and the keys that work anywhere."""
        with VerticalScroll(id="help") as box:
            box.border_title = Content(f"Keys in {self._pane.value}")
            box.border_subtitle = Content("esc closes")
            yield Static(Content("\n").join(help_lines(self._pane, self._symbols)))

    def action_close(self) -> None:
        """Close the help."""
        self.dismiss()


def help_lines(pane: Pane, symbols: Symbols) -> list[Content]:
    """Return the help text of one pane."""
    own = [command for command in COMMANDS[pane] if command not in MOVE]
    lines = [*_section(pane.value, own)]
    lines += [Content(), Content.styled("Signs", "bold $accent"), *_signs(symbols)]
    if pane in _IN_THE_CONSOLE:
        lines += [Content(), *_section(Pane.ANYWHERE.value, COMMANDS[Pane.ANYWHERE])]
    if len(own) < len(COMMANDS[pane]):
        lines += [Content(), *_section("Moving", MOVE)]
    lines += [
        Content(),
        Content("  Select text with shift+drag. --no-mouse leaves the mouse alone."),
    ]
    return lines


def _section(title: str, commands: Sequence[Command]) -> Iterator[Content]:
    yield Content.styled(title, "bold $accent")
    for command in commands:
        keys = " ".join((command.key_text, *_further_keys(command)))
        yield Content.assemble((f"  {keys:<{_KEY_WIDTH}} ", "bold"), command.sentence)


def _further_keys(command: Command) -> list[str]:
    if " " in command.shown_key:
        return []
    shown = command.shown_key if command.shown_key in command.keys else command.keys[0]
    return [key for key in command.keys if key != shown]


def _signs(symbols: Symbols) -> Iterator[Content]:
    for marks in _SHOWN:
        yield Content("  ") + Content("   ").join(
            Content.assemble((symbols.marks[mark], mark.style), f" {mark.word}") for mark in marks
        )
    yield Content("  ") + Content("   ").join(
        Content(f"{symbols.directions[direction]} {direction.words}") for direction in Direction
    )
