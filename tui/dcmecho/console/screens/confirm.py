"""A question with two answers."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static


class ConfirmScreen(ModalScreen[bool | None]):
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

    @property
    def text(self) -> Content:
        """The question, details and the two keys."""
        return Content.assemble(
            (f"{self._question}\n\n", "bold"),
            (f"{self._details}\n\n", "$foreground"),
            (" y ", "bold $accent"),
            f"{self._yes}    ",
            (" n ", "bold $accent"),
            self._no,
        )

    def compose(self) -> ComposeResult:
        """Yield the text."""
        yield Static(self.text, id="dialog")

    def action_answer(self, answer: bool | None) -> None:
        """Close with the answer."""
        self.dismiss(answer)


class LaterScreen(ConfirmScreen, inherit_bindings=False):
    """A question that can be left open: ``None`` for every key but ``y`` and ``n``."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes"),
        Binding("n", "answer(False)", "No"),
        Binding("escape,enter,q", "answer(None)", "Later"),
    ]

    def compose(self) -> ComposeResult:
        """Yield question, details and the three keys."""
        yield Static(
            self.text + Content.assemble("   ", (" esc ", "bold $accent"), "later"), id="dialog"
        )
