"""The input for one value of a target. While it is empty, it shows the inherited value."""

from __future__ import annotations

from rich.highlighter import Highlighter
from rich.text import Text
from textual.message import Message
from textual.widgets import Input

from dcmecho.console.editing.field_values import is_title
from dcmecho.console.symbols import Symbols
from dcmecho.diagnosis.target.tls_keys import TargetKey
from dcmecho.profiles.book.tables.written_tls import is_secret


class _SpacesShown(Highlighter):
    """Shows every space of an AE title as a sign."""

    def __init__(self, sign: str) -> None:
        self._sign = sign

    def highlight(self, text: Text) -> None:
        """Replace each space by the sign."""
        text.plain = text.plain.replace(" ", self._sign)


class ValueInput(Input):
    """An input for one field. What is typed replaces the text that it starts with.

    An arrow key keeps that text. Backspace in it restores the inherited value.
    """

    DEFAULT_CSS = """
    ValueInput { background: $panel; }
    """

    class Emptied(Message):
        """Backspace was pressed in an empty input."""

    class BackspaceChanged(Message):
        """Backspace now restores the inherited value, or no longer does."""

    def __init__(self, field: TargetKey, text: str, symbols: Symbols) -> None:
        self._symbols = symbols
        self._at_focus = text
        self._inherits = False
        self._had_inherited_offer = False
        shown = _SpacesShown(symbols.space) if is_title(field) else None
        super().__init__(text, highlighter=shown, compact=True)
        self.field = field
        self.cursor_blink = False
        self.password = is_secret(field)

    def update_node_styles(self, animate: bool = True) -> None:
        """Wait for the mount, which applies the styles anyway: each starting class costs 1 ms."""
        if self.is_running:
            super().update_node_styles(animate)

    def change_field(self, field: TargetKey, text: str) -> None:
        """Become the input of another field, starting with ``text``."""
        self.field = field
        self.highlighter = _SpacesShown(self._symbols.space) if is_title(field) else None
        with self.prevent(Input.Changed):
            self.value = text
        self.cursor_position = len(text)
        self._at_focus = text
        self.password = is_secret(field) and bool(text)

    def watch_value(self, value: str) -> None:
        """Hide where a passphrase comes from, until the user begins to type it anew."""
        if self.password and len(value) <= 1:
            self.password = False

    def inherit(self, text: str, otherwise: str = "") -> None:
        """Show the inherited value while nothing is typed; ``otherwise`` if there is none."""
        self.placeholder = text or otherwise
        self._inherits = bool(text)

    @property
    def returns_to_inherited(self) -> bool:
        """True if backspace restores the inherited value."""
        untouched = self.value == self._at_focus and self.cursor_at_end
        return self._inherits and self.has_focus and bool(self.value) and untouched

    def on_focus(self) -> None:
        """Note the text as unchanged; ``Input`` selects it."""
        self._at_focus = self.value

    def watch_selection(self) -> None:
        """Report when moving the cursor changes what backspace does."""
        if self.returns_to_inherited != self._had_inherited_offer:
            self._had_inherited_offer = self.returns_to_inherited
            self.post_message(self.BackspaceChanged())

    def action_delete_left(self) -> None:
        """Restore the inherited value, or delete the character before the cursor."""
        if self.returns_to_inherited and self.selection.is_empty:
            self.value = ""
        elif not self.value:
            self.post_message(self.Emptied())
        else:
            super().action_delete_left()
