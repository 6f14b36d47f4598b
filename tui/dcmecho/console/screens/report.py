"""The report of one run as text, to read, to save and to send to the peer's administrator."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from dcmecho.console.commands import COMMANDS, Pane, bindings
from dcmecho.console.saving import save_text
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.widgets.key_bar import KeyBar
from dcmecho.console.widgets.notice import Notice
from dcmecho.diagnosis.sanitize import printable


class ReportScreen(Screen[None]):
    """The text that ``dcmecho check`` would print."""

    BINDINGS = bindings(Pane.REPORT)

    def __init__(self, name: str, text: str, symbols: Symbols) -> None:
        super().__init__()
        self._target_name = name
        self._text = text
        self._symbols = symbols

    def compose(self) -> ComposeResult:
        """The text, scrolled with the arrows."""
        with VerticalScroll(id="report") as box:
            box.border_title = Content(f"Report of {printable(self._target_name)}")
            yield Static(Content("\n".join(map(_one_line, self._text.splitlines()))))
        yield Notice(self._symbols)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the keys."""
        self.query_one(KeyBar).show([each for each in COMMANDS[Pane.REPORT] if each.label])
        self.query_one("#report").focus()

    def action_save(self) -> None:
        """Write the text to a new file and say where."""
        notice = self.query_one(Notice)
        at = datetime.now(UTC)
        try:
            path = save_text(Path.cwd(), "report", self._target_name, at, self._text)
        except OSError as error:
            notice.say(f"The report was not saved: {error}", Mark.FAILED)
        else:
            notice.say(f"Saved {path}")

    def action_close(self) -> None:
        """Back to the console."""
        self.dismiss()


def _one_line(text: str) -> str:
    return printable(text, limit=4096)
