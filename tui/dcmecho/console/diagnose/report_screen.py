"""The report of one check as text, to read, to save and to send to the peer's administrator."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from dcmecho.console.command import Pane
from dcmecho.console.commands import COMMANDS, bindings
from dcmecho.console.saving import SavedKind, SaveResult, Saving
from dcmecho.console.screens.unused_keys import Keys
from dcmecho.console.screens.wide_or_narrow import BREAKPOINTS, arrange
from dcmecho.console.symbols import Symbols
from dcmecho.console.widgets.key_bar import KeyBar
from dcmecho.console.widgets.notice import Notice


class ReportScreen(Screen[None]):
    """The text that ``dcmecho check`` would print."""

    HORIZONTAL_BREAKPOINTS = BREAKPOINTS

    BINDINGS = bindings(Pane.REPORT)

    def __init__(self, name: str, text: str, saving: Saving, symbols: Symbols) -> None:
        super().__init__()
        self._target_name = name
        self._text = text
        self._saving = saving
        self._symbols = symbols

    def compose(self) -> ComposeResult:
        """Yield the text, which the arrow keys scroll, and the keys."""
        with VerticalScroll(id="report") as box:
            box.border_title = Content(f"Report of {self._target_name}")
            yield Static(Content("\n".join(self._text.splitlines())))
        yield Notice(self._symbols)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the keys."""
        arrange(self)
        self.query_one(KeyBar).show([each for each in COMMANDS[Pane.REPORT] if each.label])
        self.query_one("#report").focus()

    def keys_now(self) -> Keys:
        """Return the keys of the report."""
        return Keys((Pane.REPORT,))

    def action_save(self) -> None:
        """Save the text to a new file and say where."""
        self._say(self._saving.keep(SavedKind.REPORT, self._target_name, self._text))

    def action_copy(self) -> None:
        """Copy the text and save it too."""
        copy = self.app.copy_to_clipboard
        self._say(self._saving.copy_and_keep(copy, SavedKind.REPORT, self._target_name, self._text))

    def _say(self, kept: SaveResult) -> None:
        self.query_one(Notice).say(kept.text, kept.mark)

    def action_help(self) -> None:
        """Show the keys of the report."""
        from dcmecho.console.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(Pane.REPORT, self._symbols))

    def action_close(self) -> None:
        """Go back to the console."""
        self.dismiss()
