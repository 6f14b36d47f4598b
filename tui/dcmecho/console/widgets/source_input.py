"""The input for a source: a file path, one line, or pasted lines."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Input


class SourceInput(Input):
    """An input that does not cut pasted lines down to the first one."""

    class PastedLines(Message):
        """Several lines were pasted: read these."""

        def __init__(self, text: str) -> None:
            self.text = text
            super().__init__()

    def __init__(self, placeholder: str) -> None:
        super().__init__(placeholder=placeholder, compact=True, select_on_focus=False)
        self.cursor_blink = False

    def on_paste(self, event: events.Paste) -> None:
        """Take all pasted lines; ``Input`` itself would take only the first."""
        if "\n" in event.text.replace("\r", "\n").strip():
            event.stop()
            event.prevent_default()
            self.post_message(self.PastedLines(event.text))
