"""An input for the path of a file, which ``tab`` completes."""

from __future__ import annotations

from collections.abc import Sequence

from textual.message import Message
from textual.widgets import Input

from dcmecho.console.command import Pane
from dcmecho.console.commands import bindings
from dcmecho.console.widgets.typed_path import completed


class PathInput(Input):
    """Completes paths as a shell does; the screen shows the names that still fit."""

    BINDINGS = bindings(Pane.PATH)

    class Completed(Message):
        """``tab`` was pressed. ``names`` are the names that fit, if there are several."""

        def __init__(self, names: Sequence[str]) -> None:
            self.names = names
            super().__init__()

    def action_complete(self) -> None:
        """Add the characters that all names have in common."""
        completion = completed(self.value)
        self.value = completion.text
        self.action_end()
        self.post_message(self.Completed(completion.names))
