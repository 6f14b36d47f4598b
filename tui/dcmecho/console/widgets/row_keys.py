"""The keys that move the cursor, for screens where they work in every focus."""

from __future__ import annotations

from abc import abstractmethod

from dcmecho.console.widgets.row_view import RowView


class MovesRows:
    """Passes the movements of its screen to one of its panes."""

    @property
    @abstractmethod
    def moved_pane(self) -> RowView:
        """The pane that the keys move in now."""

    def action_up(self) -> None:
        """Go to the row above, or up one line."""
        self.moved_pane.action_up()

    def action_down(self) -> None:
        """Go to the row below, or down one line."""
        self.moved_pane.action_down()

    def action_page_up(self) -> None:
        """Go up one page."""
        self.moved_pane.action_page_up()

    def action_page_down(self) -> None:
        """Go down one page."""
        self.moved_pane.action_page_down()

    def action_first(self) -> None:
        """Go to the beginning."""
        self.moved_pane.action_first()

    def action_last(self) -> None:
        """Go to the end."""
        self.moved_pane.action_last()
