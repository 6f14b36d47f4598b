"""A list of one-line rows with a cursor, drawn line by line: the base of every pane."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.cache import LRUCache
from textual.content import Content, Span
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual

from dcmecho.console.textual_private import TitleLine, follow_sizes, forget_line


@dataclass(frozen=True, slots=True)
class _Line:
    content: Content
    has_cursor: bool

    def is_same(self, other: _Line) -> bool:
        return self.has_cursor == other.has_cursor and self.content.is_same(other.content)


_KEPT_LINES = 256
"""Drawn lines kept per pane: enough for two or three screens."""

_Look = tuple[str, tuple[Span, ...], Style, int, object]
"""Everything that a line's appearance depends on: text, spans, style, width, frame."""


class RowView(ScrollView, can_focus=True):
    """Rows with a cursor. Only visible rows are rendered, so 100,000 rows cost nothing.

    A subclass defines the number of rows, the text of each row and where the cursor can stop. It
    calls :meth:`rows_changed` when any of these have changed. Rows are ``Content``, never markup:
    what a peer sends is shown, not interpreted.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"row-view--cursor"}

    DEFAULT_CSS = """
    RowView {
        background: $surface;
        color: $foreground;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 0;
        overflow-x: hidden;
        overflow-y: scroll;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        & > .row-view--cursor {
            background: $block-cursor-blurred-background;
            color: $block-cursor-blurred-foreground;
            text-style: $block-cursor-blurred-text-style;
        }
        &:focus > .row-view--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
    }
    """

    ALLOW_SELECT = False

    auto_links: Reactive[bool] = Reactive(False)

    virtual_size: Reactive[Size] = Reactive(Size(0, 0), repaint=False)
    """As in ``ScrollView``, but without a layout of the whole screen for every new row."""

    border_title = TitleLine("top")
    border_subtitle = TitleLine("bottom")

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._kept_lines: LRUCache[_Look, Strip] = LRUCache(_KEPT_LINES)
        self._drawn: dict[int, _Line] = {}
        follow_sizes(self, self._follow_size)
        # A scroll bar that appears or disappears would need a layout of the whole screen, so it
        # stays, blank.
        self.set_reactive(RowView.show_vertical_scrollbar, True)
        self.cursor = 0
        """The row under the cursor; -1 if there is none."""

    @property
    @abstractmethod
    def row_count(self) -> int:
        """Number of rows."""

    @abstractmethod
    def row(self, index: int) -> Content:
        """Return one row, as one line."""

    def is_stop(self, _index: int) -> bool:
        """Return whether the cursor can stop at this row."""
        return True

    def cursor_moved(self) -> None:
        """Called after the user moved the cursor to another row."""

    @property
    def row_width(self) -> int:
        """Cells in a row."""
        return self.scrollable_content_region.width or self.content_size.width

    def rows_changed(self) -> None:
        """Measure, and draw the lines that differ."""
        self._measure()
        for y in range(self.size.height):
            drawn = self._drawn.get(y)
            if drawn is None or not drawn.is_same(self._line(y)):
                self.refresh(Region(0, y, self.size.width, 1))

    def _line(self, y: int) -> _Line:
        index = y + self.scroll_offset.y
        content = self.row(index) if index < self.row_count else Content()
        return _Line(content, index == self.cursor < self.row_count)

    def _measure(self) -> None:
        height = max(self.row_count, self.size.height)
        self.virtual_size = Size(self.row_width, height)
        self.vertical_scrollbar.window_virtual_size = height
        self.scroll_to(y=min(self.scroll_y, self.max_scroll_y), animate=False, force=True)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Render each line only once for as long as it looks the same.

        Most lines are needed again and again: while others change, at another place, with and
        without the focus.
        """
        width, height = self.outer_size
        above, below = self.gutter.top, height - self.gutter.bottom
        frame = (self.styles.border, self.background_colors, width)
        lines = []
        for y in crop.line_range:
            look = self._look(y - above, frame) if above <= y < below else None
            line = self._kept_lines.get(look) if look else None
            if line is None:
                forget_line(self, y)
                line = super().render_lines(Region(0, y, width, 1))[0]
                if look:
                    self._kept_lines[look] = line
            lines.append(line)
        if crop.column_span != (0, width):
            return [line.crop(*crop.column_span) for line in lines]
        return lines

    def _look(self, y: int, frame: object) -> _Look:
        line = self._drawn[y] = self._line(y)
        style, content = self._styled(line)
        return content.plain, tuple(content.spans), style, self.row_width, frame

    def render_line(self, y: int) -> Strip:
        """Return the row at line ``y`` of the visible part."""
        style, content = self._styled(self._line(y))
        return Visual.to_strips(self, content, self.row_width, 1, style, pad=True)[0].simplify()

    def _styled(self, line: _Line) -> tuple[Style, Content]:
        if not line.has_cursor:
            return self.visual_style, line.content
        content = line.content
        if self.app.native_ansi_color and self.has_focus:
            content = content.without_spans
        return self.get_visual_style("row-view--cursor"), content

    def move_to(self, index: int, *, by_user: bool = True) -> None:
        """Move the cursor to a row and scroll until it is visible."""
        if not 0 <= index < self.row_count:
            return
        before, self.cursor = self.cursor, index
        if by_user and index != before:
            self.cursor_moved()
        self.show_row(self.cursor)
        self.refresh_line(before)
        self.refresh_line(index)

    def show_row(self, index: int) -> None:
        """Scroll until a row is visible."""
        self.scroll_to_region(Region(0, index, 1, 1), animate=False, force=True, x_axis=False)

    def action_up(self) -> None:
        """Go to the stop above."""
        self._step(-1, 1)

    def action_down(self) -> None:
        """Go to the stop below."""
        self._step(1, 1)

    def action_page_up(self) -> None:
        """Go up one page."""
        self._step(-1, max(1, self.size.height - 1))

    def action_page_down(self) -> None:
        """Go down one page."""
        self._step(1, max(1, self.size.height - 1))

    def action_first(self) -> None:
        """Go to the first stop, and scroll to the top."""
        self._step(-1, self.row_count)
        self.scroll_to(y=0, animate=False, force=True)

    def action_last(self) -> None:
        """Go to the last stop, and scroll to the end."""
        self._step(1, self.row_count)
        self.scroll_to(y=self.max_scroll_y, animate=False, force=True)

    def _step(self, direction: int, rows: int) -> None:
        """Move ``rows`` lines and on to the next stop; if there is none, scroll."""
        goal = min(max(self.cursor + direction * rows, 0), self.row_count - 1)
        between = range(goal, self.cursor, -direction)
        beyond = range(goal, self.row_count if direction > 0 else -1, direction)
        for index in [*beyond, *between] if rows == 1 else [*between, *beyond]:
            if self.is_stop(index):
                self.move_to(index)
                return
        self.scroll_relative(y=direction * min(rows, self.row_count), animate=False, force=True)

    def _follow_size(self) -> None:
        """Fit the rows to a new size."""
        self.resized()
        self._measure()
        if 0 <= self.cursor < self.row_count:
            self.show_row(self.cursor)

    def resized(self) -> None:
        """Called when the size has changed, before scrolling to the cursor's row."""

    @property
    def is_other_width(self) -> bool:
        """True if the rows were measured for a different width."""
        return self.virtual_size.width != self.row_width

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked row."""
        offset = event.get_content_offset(self)
        if offset is not None:
            index = offset.y + self.scroll_offset.y
            if index < self.row_count and self.is_stop(index):
                self.move_to(index)
