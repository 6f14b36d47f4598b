"""The left half of the guide: a page's text, the value that it asks for, and its choices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from dcmecho.console.editing.field_row import QuestionRow
from dcmecho.console.guide.page import Choice, Page
from dcmecho.console.guide.rows import choice_rows, page_rows
from dcmecho.console.symbols import Symbols
from dcmecho.console.widgets.lines import Lines
from dcmecho.diagnosis.guide.walk import Ask
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.validation import Complaint

Judge = Callable[[Field, str], Sequence[Complaint]]
"""Returns the complaints about a text typed for a field."""


class StepPane(Vertical):
    """Text above, choices below; the text scrolls if the room is small."""

    DEFAULT_CSS = """
    StepPane {
        & > #choices { margin-top: 1; }
        & > QuestionRow { margin: 1 2 0 2; }
    }
    """

    class Answered(Message):
        """The user typed a value in answer to the page's question."""

        def __init__(self, ask: Ask, text: str) -> None:
            self.ask = ask
            self.text = text
            super().__init__()

    def __init__(self, symbols: Symbols, judge: Judge) -> None:
        super().__init__(id="step")
        self._symbols = symbols
        self._judge = judge
        self._page = Page("", (), ())

    def compose(self) -> ComposeResult:
        """Yield text and choices, and between them the field, which is visible for questions."""
        yield Lines(id="text")
        field = QuestionRow(Field.CALLED_AE, self._symbols)
        field.display = False
        yield field
        yield Lines(id="choices", cursor_sign=self._symbols.cursor)

    @property
    def text(self) -> Lines:
        """The text of the page."""
        return self.query_one("#text", Lines)

    @property
    def choices(self) -> Lines:
        """The choices."""
        return self.query_one("#choices", Lines)

    @property
    def field(self) -> QuestionRow:
        """The field for the answer to a question."""
        return self.query_one(QuestionRow)

    @property
    def _box(self) -> Input:
        return self.query_one(Input)

    @property
    def chosen(self) -> Choice | None:
        """The choice under the cursor."""
        index = self.choices.cursor
        return self._page.choices[index] if 0 <= index < len(self._page.choices) else None

    @property
    def is_typing(self) -> bool:
        """True while the cursor is in the field."""
        return self.screen.focused is self._box

    def show(self, page: Page) -> None:
        """Show a page; a new one from its beginning, at its first choice or its field.

        The focus moves at once, so keys typed ahead on a slow line reach the page they were
        meant for.
        """
        before, self._page = self._page, page
        is_new = _identity(before) != _identity(page)
        self.text.show(partial(self._rows, page))
        self.choices.show(lambda _: choice_rows(page.choices))
        if is_new:
            self.text.scroll_to(y=0, animate=False, force=True)
            self.choices.move_to(0, by_user=False)
            self._show_field(page.question)
        self._arrange()

    def _rows(self, page: Page, width: int) -> list[Content]:
        return list(page_rows(page, width, self._symbols))

    def _show_field(self, ask: Ask | None) -> None:
        self.field.display = ask is not None
        if ask is None:
            self.screen.set_focus(self.choices)
        else:
            self.field.change_field(ask.question.field)
            self._to_field()

    def _to_field(self) -> None:
        self.choices.leave()
        self.screen.set_focus(self._box)

    def _to_choices(self) -> None:
        self.choices.move_to(max(0, self.choices.cursor), by_user=False)
        self.screen.set_focus(self.choices)

    def on_descendant_focus(self) -> None:
        """Let enter act where the focus is: the mouse and tab move it too."""
        if self.is_typing:
            self.choices.leave()
        elif self.choices.has_focus and self.choices.cursor < 0:
            self.choices.move_to(0, by_user=False)

    @on(QuestionRow.Changed)
    def _typed(self, event: QuestionRow.Changed) -> None:
        event.stop()
        typed = self.field.text
        self.field.show(self._judge(self.field.field, typed) if typed else ())
        self.call_after_refresh(self._arrange)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._page.question is not None:
            self.post_message(self.Answered(self._page.question, event.value))

    def up(self) -> None:
        """Go to the choice above, or into the field."""
        if self.choices.cursor > 0 or not self.field.display:
            self.choices.action_up()
        else:
            self._to_field()

    def down(self) -> None:
        """Go to the choice below, or out of the field."""
        if self.is_typing:
            self._to_choices()
        else:
            self.choices.action_down()

    @property
    def wanted_height(self) -> int:
        """Return the lines that the whole page would need."""
        return self.text.row_count + self._height_below

    @property
    def _height_below(self) -> int:
        field = 1 + max(1, self.field.size.height) if self.field.display else 0
        return field + max(1, len(self._page.choices)) + 1

    def _arrange(self) -> None:
        """Give the choices what they need, and the text the rest."""
        room = max(1, self.size.height - self._height_below)
        self.choices.styles.height = max(1, len(self._page.choices))
        self.text.styles.height = min(max(1, self.text.row_count), room)
        hint = "PgUp PgDn scroll" if self.text.row_count > room else ""
        if self.border_title != hint:
            self.border_title = hint

    def on_resize(self) -> None:
        """Share the new height."""
        self._arrange()


def _identity(page: Page) -> tuple[object, ...]:
    """Return what distinguishes one page from another; running times do not count."""
    return (page.title, page.choices, page.question)
