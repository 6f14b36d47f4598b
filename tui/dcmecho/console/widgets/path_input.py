"""A line for the path of a file, which ``tab`` completes."""

from __future__ import annotations

from collections.abc import Sequence

from textual.message import Message
from textual.widgets import Input

from dcmecho.console.command import Pane
from dcmecho.console.commands import bindings
from dcmecho.console.widgets.typed_path import completed


class PathInput(Input):
    """Completes as a shell does; what the path can still become is told by the screen."""

    BINDINGS = bindings(Pane.PATH)

    class Completed(Message):
        """``tab`` was pressed. ``names`` are those that fit, where it is more than one."""

        def __init__(self, names: Sequence[str]) -> None:
            self.names = names
            super().__init__()

    def action_complete(self) -> None:
        """Add what is certain."""
        completion = completed(self.value)
        self.value = completion.text
        self.action_end()
        self.post_message(self.Completed(completion.names))
