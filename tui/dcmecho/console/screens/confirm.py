"""A question with two answers."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static


class ConfirmScreen(ModalScreen[bool]):
    """``True`` if the user pressed ``y``; every other key that closes it means no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes"),
        Binding("n,escape,enter,q", "answer(False)", "No"),
    ]

    def __init__(self, question: str, details: str, yes: str, no: str) -> None:
        super().__init__()
        self._question = question
        self._details = details
        self._yes = yes
        self._no = no

    def compose(self) -> ComposeResult:
        """Yield question, details and the two keys."""
        text = Content.assemble(
            (f"{self._question}\n\n", "bold"),
            (f"{self._details}\n\n", "$foreground"),
            (" y ", "bold $accent"),
            f"{self._yes}    ",
            (" n ", "bold $accent"),
            self._no,
        )
        yield Static(text, id="dialog")

    def action_answer(self, answer: bool) -> None:
        """Close with the answer."""
        self.dismiss(answer)
