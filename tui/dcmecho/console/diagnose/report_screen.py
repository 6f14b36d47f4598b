"""The report of one check as text, to read, to save and to send to the peer's administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from dcmecho.console.command import Pane
from dcmecho.console.commands import COMMANDS, bindings
from dcmecho.console.diagnose.report_text import ReportTexts
from dcmecho.console.saving import SavedKind, SaveResult, Saving
from dcmecho.console.screens.unused_keys import Keys
from dcmecho.console.screens.wide_or_narrow import BREAKPOINTS, arrange
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.widgets.key_bar import KeyBar
from dcmecho.console.widgets.notice import Notice

if TYPE_CHECKING:
    from dcmecho.report.redaction.redaction import Redaction


class ReportScreen(Screen[None]):
    """The text that ``dcmecho check`` would print, or the same redacted, or as Markdown."""

    HORIZONTAL_BREAKPOINTS = BREAKPOINTS

    BINDINGS = bindings(Pane.REPORT)

    def __init__(self, texts: ReportTexts, saving: Saving, symbols: Symbols) -> None:
        super().__init__()
        self._texts = texts
        self._redaction: Redaction | None = None
        self._is_markdown = False
        self._shown = texts.plain(None)
        self._saving = saving
        self._symbols = symbols

    def compose(self) -> ComposeResult:
        """Yield the text, which the arrow keys scroll, and the keys."""
        with VerticalScroll(id="report"):
            yield Static()
        yield Notice(self._symbols)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the text and the keys."""
        arrange(self)
        self.query_one(KeyBar).show([each for each in COMMANDS[Pane.REPORT] if each.label])
        self._show()
        self.query_one("#report").focus()

    def keys_now(self) -> Keys:
        """Return the keys of the report."""
        return Keys((Pane.REPORT,))

    def action_redact(self) -> None:
        """Show the text with pseudonyms instead of the names of the site, or as it is again."""
        if self._redaction is not None:
            self._redaction = None
        elif (redaction := self._own_redaction()) is not None:
            self._redaction = redaction
            text = "Redacted. S and y take what is shown. x shows the names again."
            self.query_one(Notice).say(text, Mark.OK)
        self._show()

    def action_markdown(self) -> None:
        """Show the report as Markdown for a ticket, or as plain text again."""
        if self._texts.markdown is None:
            self.query_one(Notice).say("This page has no form for a ticket.", Mark.WARNING)
            return
        self._is_markdown = not self._is_markdown
        self._show()

    def _own_redaction(self) -> Redaction | None:
        from dcmecho.journal.errors import JournalError
        from dcmecho.journal.secret import own_secret
        from dcmecho.report.redaction.redaction import Redaction

        try:
            return Redaction(own_secret())
        except JournalError as error:
            self.query_one(Notice).say(f"Not redacted: {error}", Mark.FAILED)
        return None

    def _show(self) -> None:
        texts = self._texts
        render = (self._is_markdown and texts.markdown) or texts.plain
        self._shown = render(self._redaction)
        redacted = " (redacted)" if self._redaction else ""
        box = self.query_one("#report", VerticalScroll)
        box.border_title = Content(f"Report of {self._shown.name}{redacted}")
        self.query_one(Static).update(Content("\n".join(self._shown.page.splitlines())))

    def action_save(self) -> None:
        """Save the text to a new file and say where."""
        name, page = self._shown
        self._say(self._saving.keep(SavedKind.REPORT, name, page, self._suffix))

    def action_copy(self) -> None:
        """Copy the text and save it too."""
        copy = self.app.copy_to_clipboard
        name, page = self._shown
        self._say(self._saving.copy_and_keep(copy, SavedKind.REPORT, name, page, self._suffix))

    @property
    def _suffix(self) -> str:
        return ".md" if self._is_markdown else ".txt"

    def _say(self, kept: SaveResult) -> None:
        self.query_one(Notice).say(kept.text, kept.mark)

    def action_help(self) -> None:
        """Show the keys of the report."""
        from dcmecho.console.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(Pane.REPORT, self._symbols))

    def action_close(self) -> None:
        """Go back to the console."""
        self.dismiss()
