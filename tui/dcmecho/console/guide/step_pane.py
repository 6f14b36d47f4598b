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
from dcmecho.console.guide.pages import Choice, Page
from dcmecho.console.guide.rows import choice_rows, page_rows
from dcmecho.console.symbols import Symbols
from dcmecho.console.widgets.lines import Lines
from dcmecho.diagnosis.guide.walk import Ask
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.validation import Complaint

Judge = Callable[[Field, str], Sequence[Complaint]]
"""Tells what is wrong with a text that is typed for a field."""


class StepPane(Vertical):
    """Text above, choices below; the text scrolls where the room is small."""

    DEFAULT_CSS = """
    StepPane {
        & > #choices { margin-top: 1; }
        & > QuestionRow { margin: 1 2 0 2; }
    }
    """

    class Answered(Message):
        """A value was typed for the question of the page."""

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
        """Text and choices; the field between them is seen where a question asks for a value."""
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
        """What is typed in answer to a question."""
        return self.query_one(QuestionRow)

    @property
    def _box(self) -> Input:
        return self.query_one(Input)

    @property
    def chosen(self) -> Choice | None:
        """The choice that the cursor is on."""
        index = self.choices.cursor
        return self._page.choices[index] if 0 <= index < len(self._page.choices) else None

    @property
    def is_typing(self) -> bool:
        """True while the cursor is in the field."""
        return self.screen.focused is self._box

    def show(self, page: Page) -> None:
        """Show a page; a new one from its beginning, with its first choice or its field ready.

        The focus moves at once, so that keys typed ahead of a slow line meet what they were meant
        for.
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
        """The mouse and tab move the focus too: the cursor is where enter works."""
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
        """To the choice above, or into the field."""
        if self.choices.cursor > 0 or not self.field.display:
            self.choices.action_up()
        else:
            self._to_field()

    def down(self) -> None:
        """To the choice below, or out of the field."""
        if self.is_typing:
            self._to_choices()
        else:
            self.choices.action_down()

    @property
    def wanted_height(self) -> int:
        """The lines that the page would take."""
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
        """Share the new room out."""
        self._arrange()


def _identity(page: Page) -> tuple[object, ...]:
    """What makes a page another one: not a time that counts up."""
    return (page.title, page.choices, page.question)
