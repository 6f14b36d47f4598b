"""The keys that move about, for screens where they work whatever has the focus."""

from __future__ import annotations

from abc import abstractmethod

from dcmecho.console.widgets.row_view import RowView


class MovesRows:
    """Hands the movement of its screen on to one of its panes."""

    @property
    @abstractmethod
    def moved_pane(self) -> RowView:
        """The pane that the keys move in now."""

    def action_up(self) -> None:
        """To the row above, or one line up."""
        self.moved_pane.action_up()

    def action_down(self) -> None:
        """To the row below, or one line down."""
        self.moved_pane.action_down()

    def action_page_up(self) -> None:
        """One page up."""
        self.moved_pane.action_page_up()

    def action_page_down(self) -> None:
        """One page down."""
        self.moved_pane.action_page_down()

    def action_first(self) -> None:
        """To the beginning."""
        self.moved_pane.action_first()

    def action_last(self) -> None:
        """To the end."""
        self.moved_pane.action_last()
