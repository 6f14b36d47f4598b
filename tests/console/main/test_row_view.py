"""Lines are drawn once and kept; what stands there is always what the rows say now."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.content import Content

from dcmecho.console.widgets.row_view import RowView
from tests.console.terminal.textual_private import screen_lines


class _Words(RowView):
    words: tuple[str, ...] = ("first",)

    @property
    def row_count(self) -> int:
        return len(self.words)

    def row(self, index: int) -> Content:
        return Content(self.words[index])


class _Page(App[None]):
    def compose(self) -> ComposeResult:
        yield _Words(id="words")

    @property
    def words(self) -> _Words:
        return self.query_one(_Words)

    @property
    def shown(self) -> str:
        lines = map(str.strip, screen_lines(self.screen))
        return " ".join(filter(None, lines))


async def test_rows_that_changed_are_drawn_again() -> None:
    page = _Page()
    async with page.run_test() as pilot:
        for words in (("other", "second"), ("second",)):
            page.words.words = words
            page.words.rows_changed()
            await pilot.pause()
            assert page.shown == " ".join(words)


async def test_a_painting_before_the_rows_were_measured_keeps_no_old_line() -> None:
    page = _Page()
    async with page.run_test() as pilot:
        page.words.rows_changed()
        await pilot.pause()
        page.words.words = ("new",)
        page.screen.refresh()
        await pilot.pause()
        page.words.rows_changed()
        await pilot.pause()
        assert page.shown == "new"
