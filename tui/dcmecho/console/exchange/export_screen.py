"""Export targets to a new file, for another program or for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen

from dcmecho.console.command import Pane
from dcmecho.console.commands import COMMANDS, bindings
from dcmecho.console.saving import SavedKind, SaveResult, Saving
from dcmecho.console.screens.unused_keys import Keys
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.widgets.key_bar import KeyBar
from dcmecho.console.widgets.lines import Lines
from dcmecho.console.widgets.notice import Notice
from dcmecho.console.widgets.row_keys import MovesRows
from dcmecho.diagnosis.sanitize import cut
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.exchange.formats.known import write_text
from dcmecho.profiles.exchange.registration import one_line
from dcmecho.profiles.exchange.rows import ExchangeFormat

_LONGEST_NAMES = 200
_LINE, _LINE_NAME = "line", "one line per target: AE title, host, port"
_CHOICES: Mapping[ExchangeFormat | None, tuple[str, str]] = MappingProxyType(
    {form: (str(form), form.label) for form in ExchangeFormat} | {None: (_LINE, _LINE_NAME)}
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

    def compose(self) -> ComposeResult:
        """Yield the formats and the keys."""
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
        """Write the file, then close and report where it is."""
        form = list(_CHOICES)[self._formats.cursor]
        if form is None:
            text = "".join(f"{one_line(target)}\n" for target in self._targets)
            self.dismiss(self._saving.keep(SavedKind.EXPORT, _LINE, text))
            return
        written = write_text(self._targets, form)
        kept = self._saving.keep(SavedKind.EXPORT, str(form), written.text, form.suffix)
        if kept.mark is Mark.OK and written.refused:
            names = cut(", ".join(written.refused), _LONGEST_NAMES)
            kept = SaveResult(
                f"{kept.text} without {names}, which this format cannot store", Mark.WARNING
            )
        self.dismiss(kept)

    def action_help(self) -> None:
        """Show the keys of the export."""
        from dcmecho.console.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(Pane.EXPORT, self._symbols))

    def action_leave(self) -> None:
        """Go back to the console."""
        self.dismiss(None)


def _rows() -> Iterator[Content]:
    width = max(len(word) for word, _ in _CHOICES.values())
    for word, name in _CHOICES.values():
        yield Content.assemble((f"{word:{width}}", "bold"), "  ", (name, "$quiet"))
