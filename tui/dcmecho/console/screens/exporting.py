"""All targets, written to a new file for another program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen

from dcmecho.console.commands import COMMANDS, Pane, bindings
from dcmecho.console.saving import Kept, Kind, keep
from dcmecho.console.screens.moving import MovesRows
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.widgets.key_bar import KeyBar
from dcmecho.console.widgets.lines import Choices
from dcmecho.diagnosis.sanitize import printable
from dcmecho.profiles.exchange.formats import write_text
from dcmecho.profiles.exchange.rows import FORMAT_NAMES, Format
from dcmecho.profiles.model import ProfileBook

_SUFFIXES: Mapping[Format, str] = MappingProxyType(
    {
        Format.DCMQRSCP: ".cfg",
        Format.ORTHANC: ".json",
        Format.CSV: ".csv",
        Format.LDIF: ".ldif",
        Format.LINES: ".txt",
        Format.COMMAND: ".sh",
        Format.TOML: ".toml",
    }
)
_FORMATS = tuple(FORMAT_NAMES)


class ExportScreen(MovesRows, Screen[Kept | None]):
    """The formats to choose from; the result tells where the file is."""

    BINDINGS = bindings(Pane.EXPORT)

    def __init__(self, book: ProfileBook, symbols: Symbols) -> None:
        super().__init__()
        self._book = book
        self._symbols = symbols

    def compose(self) -> ComposeResult:
        """The formats and the keys."""
        formats = Choices(self._symbols.cursor, id="export-formats")
        formats.border_title = f"Write {len(self._book.targets)} targets as"
        yield formats
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the formats."""
        self._formats.show(lambda _: _rows())
        self._formats.focus()
        self.query_one(KeyBar).show([each for each in COMMANDS[Pane.EXPORT] if each.label])

    @property
    def moved_pane(self) -> Choices:
        """The formats."""
        return self._formats

    @property
    def _formats(self) -> Choices:
        return self.query_one(Choices)

    def action_choose(self) -> None:
        """Write the file, and go back to say where it is."""
        form = _FORMATS[self._formats.cursor]
        written = write_text(self._book.targets, form)
        kept = keep(Kind.EXPORT, str(form), written.text, _SUFFIXES[form])
        if kept.mark is Mark.OK and written.refused:
            names = printable(", ".join(written.refused), limit=200)
            kept = Kept(f"{kept.text} without {names}, which it cannot hold", Mark.WARNING)
        self.dismiss(kept)

    def action_leave(self) -> None:
        """Back to the console."""
        self.dismiss(None)


def _rows() -> Iterator[Content]:
    width = max(map(len, _FORMATS))
    for form in _FORMATS:
        name = FORMAT_NAMES[form]
        yield Content.assemble((f"{form:{width}}", "bold"), "  ", (name, "$quiet"))
