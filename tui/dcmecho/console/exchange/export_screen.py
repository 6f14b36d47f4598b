"""Export targets to a new file, for another program or for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen

from dcmecho.console.command import Pane
from dcmecho.console.commands import COMMANDS, bindings
from dcmecho.console.exchange.export_job import LINE, ExportJob, ExportRequest
from dcmecho.console.saving import SaveResult, Saving
from dcmecho.console.screens.unused_keys import Keys
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.widgets.key_bar import KeyBar
from dcmecho.console.widgets.lines import Lines
from dcmecho.console.widgets.notice import Notice
from dcmecho.console.widgets.row_keys import MovesRows
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.exchange.rows import ExchangeFormat

_LINE_NAME = "one line per target: AE title, host, port"
_CHOICES: Mapping[ExchangeFormat | None, tuple[str, str]] = MappingProxyType(
    {form: (str(form), form.label) for form in ExchangeFormat} | {None: (LINE, _LINE_NAME)}
)
"""What can be written: a format, or ``None`` for lines that people read."""


class ExportScreen(MovesRows, Screen[SaveResult | None]):
    """The formats to choose from. The result tells where the file is."""

    BINDINGS = bindings(Pane.EXPORT)

    def __init__(
        self, targets: Sequence[Target], words: str, saving: Saving, symbols: Symbols
    ) -> None:
        """``words`` name the targets, such as ``2 marked targets``."""
        super().__init__()
        self._targets = targets
        self._words = words
        self._saving = saving
        self._symbols = symbols
        self._job: ExportJob | None = None

    def compose(self) -> ComposeResult:
        """Yield the formats, a notice and the keys."""
        formats = Lines(id="export-formats", cursor_sign=self._symbols.cursor)
        formats.border_title = f"Write {self._words} as"
        yield formats
        yield Notice(self._symbols)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the formats."""
        self._formats.show(lambda _: _rows())
        self._formats.focus()
        self.query_one(KeyBar).show([each for each in COMMANDS[Pane.EXPORT] if each.label])

    def keys_now(self) -> Keys:
        """Return the keys of the export."""
        return Keys((Pane.EXPORT,))

    @property
    def moved_pane(self) -> Lines:
        """The formats."""
        return self._formats

    @property
    def _formats(self) -> Lines:
        return self.query_one("#export-formats", Lines)

    def action_choose(self) -> None:
        """Write the file."""
        if self._job is not None:
            return
        request = ExportRequest(self._targets, list(_CHOICES)[self._formats.cursor], self._saving)
        self._job = ExportJob(request, self.post_message)
        self._say(f"Writing {self._words}. Press esc to cancel.", Mark.RUNNING)

    @on(ExportJob.Done)
    def _written(self, event: ExportJob.Done) -> None:
        """Close and report where the file is."""
        if event.job is self._job:
            self.dismiss(event.result)

    def action_leave(self) -> None:
        """Cancel the writing, or go back to the console."""
        if self._job is None:
            self.dismiss(None)
        elif self._job.give_up():
            self._job = None
            self._say("Writing was cancelled.", Mark.CANCELLED)
        else:
            self._say("The file is being written.", Mark.RUNNING)

    def action_help(self) -> None:
        """Show the keys of the export."""
        from dcmecho.console.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(Pane.EXPORT, self._symbols))

    def on_unmount(self) -> None:
        """Let nothing be written for a screen that is closed."""
        if self._job is not None:
            self._job.give_up()

    def _say(self, text: str, mark: Mark) -> None:
        self.query_one(Notice).say(text, mark)


def _rows() -> Iterator[Content]:
    width = max(len(word) for word, _ in _CHOICES.values())
    for word, name in _CHOICES.values():
        yield Content.assemble((f"{word:{width}}", "bold"), "  ", (name, "$quiet"))
