"""Import targets from another program's file or from pasted text, with a preview before writing."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input

from dcmecho.console.command import Pane
from dcmecho.console.commands import COMMANDS, bindings
from dcmecho.console.exchange.import_job import ImportJob
from dcmecho.console.exchange.import_rows import preview_rows, waiting_rows
from dcmecho.console.exchange.import_source import NothingToImportError
from dcmecho.console.screens.unused_keys import Keys
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.widgets.key_bar import KeyBar
from dcmecho.console.widgets.lines import Lines
from dcmecho.console.widgets.notice import Notice
from dcmecho.console.widgets.row_keys import MovesRows
from dcmecho.console.widgets.source_input import SourceInput
from dcmecho.profiles.book.model import ProfileBook
from dcmecho.profiles.exchange.planning import ImportPlan
from dcmecho.profiles.exchange.rows import Reading


class ImportScreen(MovesRows, Screen[None]):
    """Enter reads the source and shows a preview; enter in the preview writes it."""

    BINDINGS = bindings(Pane.IMPORT)

    def __init__(
        self,
        book: ProfileBook,
        group: str,
        symbols: Symbols,
        write: Callable[[ImportPlan], object],
    ) -> None:
        """``write`` starts to write a plan; :meth:`written` or :meth:`not_written` follows.

        New targets go into ``group``, and only targets of this group are changed, unless it is
        empty.
        """
        super().__init__()
        self._book = book
        self._group = group
        self._symbols = symbols
        self._write = write
        self._plan: ImportPlan | None = None
        self._job: ImportJob | None = None

    def compose(self) -> ComposeResult:
        """Yield the source, the preview, a notice and the keys."""
        yield SourceInput("file path, AET@host:port, an echoscu command, or pasted lines")
        yield Lines(id="import-preview")
        yield Notice(self._symbols)
        yield KeyBar()

    def on_mount(self) -> None:
        """Put the cursor into the source."""
        self._source.border_title = "Import from"
        if self._group:
            self._source.border_subtitle = Content(f"into group {self._group}")
        self._preview.border_title = "Preview"
        self._preview.show(waiting_rows)
        self.query_one(KeyBar).show([each for each in COMMANDS[Pane.IMPORT] if each.label])
        self._source.focus()

    def keys_now(self) -> Keys:
        """Return the keys of the import."""
        return Keys((Pane.IMPORT,))

    @property
    def _source(self) -> SourceInput:
        return self.query_one(SourceInput)

    @property
    def moved_pane(self) -> Lines:
        """The preview; the source has only one line."""
        return self._preview

    @property
    def _preview(self) -> Lines:
        return self.query_one("#import-preview", Lines)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self._read(self._source.value)

    @on(SourceInput.PastedLines)
    def _pasted(self, event: SourceInput.PastedLines) -> None:
        self._source.value = ""
        self._read(event.text)

    @on(Input.Changed)
    def _source_changed(self) -> None:
        """Forget the plan, because the preview no longer belongs to the source."""
        if self._source.has_focus:
            self._forget()

    def _read(self, given: str) -> None:
        self._forget()
        self._job = ImportJob(given, self._book, self._group, self.post_message)
        self._say("Reading. Press esc to cancel.", Mark.RUNNING)

    @on(ImportJob.Done)
    def _read_to_its_end(self, event: ImportJob.Done) -> None:
        if event.job is not self._job:
            return
        self._job = None
        if isinstance(event.result, NothingToImportError):
            self._say(str(event.result), Mark.FAILED)
        else:
            self._show(event.result.reading, event.result.planned)

    def _show(self, reading: Reading, planned: ImportPlan) -> None:
        self._plan = planned
        self._preview.border_title = Content(f"Preview: {planned.counts}")
        self._preview.show(lambda width: preview_rows(reading, planned, width, self._symbols))
        self._preview.action_first()
        self._preview.focus()
        if planned.writes:
            self._say("Press enter to write this, esc to go back.", Mark.NOT_RUN)
        else:
            self._say("Nothing to write.", Mark.WARNING)

    def _forget(self) -> None:
        self._give_up()
        self._plan = None
        self._preview.border_title = "Preview"
        self._preview.show(waiting_rows)
        self.query_one(Notice).clear()

    def _give_up(self) -> None:
        if self._job is not None:
            self._job.give_up()
        self._job = None

    def on_unmount(self) -> None:
        """Let nothing be read for a screen that is closed."""
        self._give_up()

    def action_write(self) -> None:
        """Write the new and the changed targets."""
        planned = self._plan
        if self._job is not None:
            return
        if planned is None:
            self._submitted()
        elif planned.writes:
            self._write(planned)
        else:
            self._say("Nothing to write.", Mark.WARNING)

    def written(self, planned: ImportPlan) -> None:
        """Close, unless a different plan is previewed by now."""
        if self._plan is planned:
            self.dismiss()

    def not_written(self, reason: str) -> None:
        """Say why the plan was not written; it stays in the preview and can be written again."""
        self._say(reason, Mark.FAILED)

    def action_help(self) -> None:
        """Show the keys of the import."""
        from dcmecho.console.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(Pane.IMPORT, self._symbols))

    def action_leave(self) -> None:
        """Cancel the reading, or go from the preview to the source, or to the console."""
        if self._job is not None:
            self._forget()
            self._say("Reading was cancelled.", Mark.CANCELLED)
        elif self._preview.has_focus:
            self._source.focus()
        else:
            self.dismiss()

    def action_other(self) -> None:
        """Go to the preview, or back to the source."""
        (self._source if self._preview.has_focus else self._preview).focus()

    def _say(self, text: str, mark: Mark) -> None:
        self.query_one(Notice).say(text, mark)
