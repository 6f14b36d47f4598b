"""The line that takes the path of a file, one peer, or a paste of many."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Input


class ImportInput(Input):
    """An input that does not cut a paste of several lines down to its first."""

    class PastedLines(Message):
        """Several lines were pasted: they are what is to be imported."""

        def __init__(self, text: str) -> None:
            self.text = text
            super().__init__()

    def __init__(self) -> None:
        super().__init__(
            placeholder="path of a file, AET@host:port, an echoscu command, or paste lines",
            compact=True,
            select_on_focus=False,
            id="import-source",
        )
        self.cursor_blink = False

    def on_paste(self, event: events.Paste) -> None:
        """Take several lines for what is to be imported; ``Input`` itself takes the first."""
        if "\n" in event.text.replace("\r", "\n").strip():
            event.stop()
            event.prevent_default()
            self.post_message(self.PastedLines(event.text))
