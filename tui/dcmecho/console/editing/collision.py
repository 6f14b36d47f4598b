"""A save that collided with another one: the user chooses the value to keep, field by field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from dcmecho.console.editing.field_values import written_text
from dcmecho.console.symbols import Symbols
from dcmecho.console.widgets.lines import Lines
from dcmecho.diagnosis.sanitize import own_text
from dcmecho.diagnosis.target.fields import Value
from dcmecho.profiles.book.change import Collision
from dcmecho.profiles.book.tables.written_tls import WrittenTls, is_secret

_ROWS_A_COLLISION = 3


class CollisionScreen(ModalScreen[frozenset[Collision] | None]):
    """Returns the collisions in which our value replaces theirs; ``None`` to keep editing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "choose(True)", "Mine"),
        Binding("t", "choose(False)", "Theirs"),
        Binding("up,k", "step(-1)", "Up"),
        Binding("down,j", "step(1)", "Down"),
        Binding("enter", "save", "Save"),
        Binding("escape,q", "dismiss(None)", "Back"),
    ]

    DEFAULT_CSS = """
    CollisionScreen {
        #dialog { width: 76; }
        .collision-text { height: auto; }
    }
    """

    def __init__(self, collisions: Sequence[Collision], symbols: Symbols) -> None:
        super().__init__()
        self._collisions = collisions
        self._symbols = symbols
        self._ours: set[Collision] = set()

    def compose(self) -> ComposeResult:
        """Yield what happened, both values of each field, and the keys."""
        with Vertical(id="dialog"):
            head = (
                "Someone else changed this file while you were editing. Choose the value to keep.\n"
            )
            yield Static(Content.styled(head, "bold"), classes="collision-text")
            yield Lines(id="collisions", cursor_sign=self._symbols.cursor)
            keys = Content.assemble(
                ("\n m ", "bold $accent"),
                "mine  ",
                (" t ", "bold $accent"),
                "theirs  ",
                (" enter ", "bold $accent"),
                "save  ",
                (" esc ", "bold $accent"),
                "keep editing",
            )
            yield Static(keys, classes="collision-text")

    def on_mount(self) -> None:
        """Begin with their values chosen."""
        self._show()

    @property
    def _choices(self) -> Lines:
        return self.query_one("#collisions", Lines)

    def _show(self) -> None:
        rows = [row for each in self._collisions for row in self._rows(each)]
        self._choices.show(lambda _: rows)
        self._choices.styles.height = min(12, len(rows))

    def _rows(self, collision: Collision) -> tuple[Content, ...]:
        is_ours = collision in self._ours
        head = f"{collision.name}: {collision.field.row.label}"
        return (
            Content.styled(head, "bold"),
            self._value_row("mine", _shown(collision, collision.ours), chosen=is_ours),
            self._value_row("theirs", _shown(collision, collision.theirs), chosen=not is_ours),
        )

    def _value_row(self, whose: str, shown: str, *, chosen: bool) -> Content:
        sign = self._symbols.bullet if chosen else " "
        style = "$foreground" if chosen else "$quiet"
        said = f"  {sign} {whose:<8}{shown}{'   kept' if chosen else ''}"
        return Content.styled(said, style)

    def action_choose(self, ours: bool) -> None:
        """Choose one of the two values, and go on to the next field."""
        number = self._choices.cursor // _ROWS_A_COLLISION
        collision = self._collisions[number]
        if ours:
            self._ours.add(collision)
        else:
            self._ours.discard(collision)
        self._show()
        self.action_step(1)

    def action_step(self, direction: int) -> None:
        """Go to another field."""
        number = self._choices.cursor // _ROWS_A_COLLISION + direction
        if 0 <= number < len(self._collisions):
            self._choices.move_to(number * _ROWS_A_COLLISION, by_user=False)

    def action_save(self) -> None:
        """Save the chosen values."""
        self.dismiss(frozenset(self._ours))


def _shown(collision: Collision, value: Value | WrittenTls | None) -> str:
    if value is None:
        return "not set: inherited"
    if is_secret(collision.field):
        return "a value that is not shown"
    return own_text(written_text(value))
