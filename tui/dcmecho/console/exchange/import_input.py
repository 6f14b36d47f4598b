"""The input for a file path, one peer, or pasted lines."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Input


class ImportInput(Input):
    """An input that does not cut pasted lines down to the first one."""

    class PastedLines(Message):
        """Several lines were pasted: import these."""

        def __init__(self, text: str) -> None:
            self.text = text
            super().__init__()

    def __init__(self) -> None:
        super().__init__(
            placeholder="file path, AET@host:port, an echoscu command, or pasted lines",
            compact=True,
            select_on_focus=False,
            id="import-source",
        )
        self.cursor_blink = False

    def on_paste(self, event: events.Paste) -> None:
        """Take all pasted lines; ``Input`` itself would take only the first."""
        if "\n" in event.text.replace("\r", "\n").strip():
            event.stop()
            event.prevent_default()
            self.post_message(self.PastedLines(event.text))
