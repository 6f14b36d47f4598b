"""One line that says what just happened: where something was saved, or why not."""

from __future__ import annotations

from time import monotonic

from textual.content import Content
from textual.widget import Widget

from dcmecho.console.symbols import Mark, Symbols

READ_WITHIN_S = 4.0
"""A text that was shown for less than this is not removed by a key."""


class Notice(Widget):
    """Takes no room until it has a text.

    The text goes with the first key after ``READ_WITHIN_S``, so nothing moves while nobody types.
    """

    DEFAULT_CSS = """
    Notice {
        height: auto;
        max-height: 3;
        padding: 0 1;
        background: $panel;
        display: none;
    }
    Notice.-said { display: block; }
    """

    def __init__(self, symbols: Symbols) -> None:
        super().__init__(id="notice")
        self._symbols = symbols
        self._content = Content()
        self._said = ""
        self._said_at = 0.0
        self._mark = Mark.OK

    def say(self, text: str, mark: Mark = Mark.OK) -> None:
        """Show a text; ``mark`` says how it went."""
        self._mark = mark
        self._said = text
        self._said_at = monotonic()
        self._content = Content.assemble((f"{self._symbols.mark(mark)} ", mark.style), text)
        self.add_class("-said")
        self.refresh(layout=True)

    def mention(self, text: str) -> None:
        """Show a text, unless the notice shows a failure, which is more important."""
        if not (self.text and self._mark is Mark.FAILED):
            self.say(text)

    def add(self, text: str) -> None:
        """Add a warning to the text."""
        self.say(f"{self._said} {text}".strip(), Mark.WARNING)

    def age(self) -> None:
        """Remove the text if there was time to read it."""
        if self._said and monotonic() - self._said_at >= READ_WITHIN_S:
            self.clear()

    def clear(self) -> None:
        """Remove the text."""
        self._said = ""
        self.remove_class("-said")

    @property
    def text(self) -> str:
        """The text shown, empty for none."""
        return self._content.plain if self.has_class("-said") else ""

    def render(self) -> Content:
        """Return the text."""
        return self._content
