"""The watch on the screen: a table of the targets, and the list of changes below it."""

from __future__ import annotations

from datetime import UTC, datetime

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from dcmecho.console.command import Pane
from dcmecho.console.commands import COMMANDS, bindings
from dcmecho.console.screens.unused_keys import Keys
from dcmecho.console.screens.wide_or_narrow import BREAKPOINTS, arrange
from dcmecho.console.symbols import Symbols
from dcmecho.console.watch.rows import change_rows, head, rows, times_before_echo, verdict_row
from dcmecho.console.watch.session import WatchSession, names_of, tally
from dcmecho.console.widgets.key_bar import KeyBar
from dcmecho.console.widgets.lines import Lines
from dcmecho.console.widgets.notice import Notice
from dcmecho.console.widgets.row_keys import MovesRows
from dcmecho.diagnosis.conclusion.clock import zone_words
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.watch.pace import PERIOD_S
from dcmecho.diagnosis.watch.watch import Watched, WatchState


class WatchScreen(MovesRows, Screen[str | None]):
    """Returns the key of the target to go to in the console, if any. The watch continues."""

    HORIZONTAL_BREAKPOINTS = BREAKPOINTS

    BINDINGS = bindings(Pane.WATCH)

    def __init__(self, watching: WatchSession, symbols: Symbols) -> None:
        super().__init__()
        self._watching = watching
        self._symbols = symbols
        self._state: WatchState | None = watching.state

    def compose(self) -> ComposeResult:
        """Yield what is watched, the table, the chosen target, the changes, and the keys."""
        yield Static(id="watch-heading", markup=False)
        yield Static(id="watch-head", markup=False)
        yield Lines(id="watched", cursor_sign=self._symbols.cursor)
        yield Static(id="watch-verdict", markup=False)
        yield Static(id="watch-times", markup=False)
        yield Lines(id="changes")
        yield Notice(self._symbols)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show what is known already."""
        arrange(self)
        self.changes.border_title = f"What changed, times {zone_words(datetime.now(UTC))}"
        self.table.focus()
        self.query_one(KeyBar).show([each for each in COMMANDS[Pane.WATCH] if each.label])
        self.call_after_refresh(self.update)

    def keys_now(self) -> Keys:
        """Return the keys of the watch."""
        return Keys((Pane.WATCH,))

    @property
    def table(self) -> Lines:
        """The table of watched targets."""
        return self.query_one("#watched", Lines)

    @property
    def changes(self) -> Lines:
        """The list of changes."""
        return self.query_one("#changes", Lines)

    def update(self) -> None:
        """Show the watch as it is now; draw only what differs."""
        state = self._watching.state
        if state is None:
            return
        self._state = state
        self._show_heading(state)
        self.table.show(lambda width: rows(state.watched, width, self._symbols))
        self.changes.show(lambda width: change_rows(state, width, self._symbols))
        self._show_verdict()

    def _show_heading(self, state: WatchState) -> None:
        tallied = tally(state)
        failing = f", {tallied.failing} failing" if tallied.failing else ""
        text = Content.assemble(
            (" Watch ", "bold $accent"),
            (f" {count(tallied.watched, 'target')}{failing}", "bold"),
            f"  every {PERIOD_S:g} s, failing ones less often",
        )
        self._show("#watch-heading", text)

    @on(Lines.Moved)
    def _show_verdict(self) -> None:
        if (chosen := self.chosen) is not None:
            row = verdict_row(chosen, self.table.row_width, self._symbols)
            self._show("#watch-verdict", row)
            times = times_before_echo(chosen, self.table.row_width, self._symbols)
            self._show("#watch-times", times)

    def _show(self, selector: str, text: Content) -> None:
        line = self.query_one(selector, Static)
        if line.content != text:
            line.update(text)

    def on_resize(self) -> None:
        """Fit the head of the table to the table's columns."""
        self.call_after_refresh(self._show_head)

    def _show_head(self) -> None:
        width = self.table.row_width
        self._show("#watch-head", head(width, self._symbols))
        self._show_verdict()

    @property
    def chosen(self) -> Watched | None:
        """The target under the cursor."""
        watched = self._state.watched if self._state else ()
        return watched[self.table.cursor] if self.table.cursor < len(watched) else None

    def action_go_to(self) -> None:
        """Go back to the console, to the target under the cursor."""
        self.dismiss(self.chosen.key if self.chosen else None)

    def action_drop(self) -> None:
        """Stop watching the target under the cursor."""
        if (chosen := self.chosen) is not None:
            self._watching.drop(chosen.key)
            if not self._watching.targets:
                self.dismiss(None)
                return
            self.table.move_to(min(self.table.cursor, len(self._watching.targets) - 1))
            self.update()

    def action_stop(self) -> None:
        """Stop watching, after asking."""
        from dcmecho.console.screens.confirm import ConfirmScreen

        question = ConfirmScreen(
            "Stop watching?",
            f"{names_of(self._watching.targets)}\nThe measurements on this screen are lost.",
            "stop",
            "keep watching",
        )
        self.app.push_screen(question, self._stop_if)

    def _stop_if(self, answer: bool | None) -> None:
        if answer:
            self._watching.cancel()
            self.dismiss(None)

    def action_help(self) -> None:
        """Show the keys of the watch."""
        from dcmecho.console.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(Pane.WATCH, self._symbols))

    def action_next_pane(self) -> None:
        """Go from the targets to the list of changes, and back."""
        (self.changes if self.table.has_focus else self.table).focus()

    def action_leave(self) -> None:
        """Go back to the console; watching continues."""
        self.dismiss(None)

    @property
    def moved_pane(self) -> Lines:
        """The list of changes if it has the focus, else the targets."""
        return self.changes if self.changes.has_focus else self.table
