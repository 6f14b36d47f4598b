"""The history of a target: the states it was in, each to open, and two to compare."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen

from dcmecho.console.command import Pane
from dcmecho.console.commands import COMMANDS, bindings
from dcmecho.console.diagnose.report_screen import ReportScreen
from dcmecho.console.diagnose.report_text import ReportText, ReportTexts, texts_of
from dcmecho.console.history.rows import State, state_rows, states
from dcmecho.console.saving import Saving
from dcmecho.console.screens.unused_keys import Keys
from dcmecho.console.screens.wide_or_narrow import BREAKPOINTS, arrange
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.widgets.key_bar import KeyBar
from dcmecho.console.widgets.lines import Lines
from dcmecho.console.widgets.notice import Notice
from dcmecho.console.widgets.row_keys import MovesRows
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.sanitize import error_text
from dcmecho.journal.kinds import CHECKS
from dcmecho.journal.listing import Kept
from dcmecho.report.compare import comparison, render
from dcmecho.report.json.layout import indented

if TYPE_CHECKING:
    from dcmecho.report.redaction.redaction import Redaction


class HistoryScreen(MovesRows, Screen[None]):
    """Shows what the journal has kept of one target."""

    HORIZONTAL_BREAKPOINTS = BREAKPOINTS

    BINDINGS = bindings(Pane.HISTORY)

    def __init__(
        self, name: str, kept: Future[list[Kept]], saving: Saving, symbols: Symbols
    ) -> None:
        super().__init__()
        self._target_name = name
        self._kept = kept
        self._saving = saving
        self._symbols = symbols
        self._states: Sequence[State] = ()
        self._marked: int | None = None

    def compose(self) -> ComposeResult:
        """Yield the states and the keys."""
        yield Lines(id="history", cursor_sign=self._symbols.cursor)
        yield Notice(self._symbols)
        yield KeyBar()

    async def on_mount(self) -> None:
        """Show the keys, and the states as soon as they are read."""
        arrange(self)
        self.list.border_title = Content(f"History of {self._target_name}")
        self.list.focus()
        self.query_one(KeyBar).show([each for each in COMMANDS[Pane.HISTORY] if each.label])
        self.run_worker(self._load())

    async def _load(self) -> None:
        runs: list[Kept] = await asyncio.wrap_future(self._kept)
        try:
            self._states = states(runs)
        except ValueError as error:
            self.query_one(Notice).say(
                f"The history cannot be read: {error_text(error)}", Mark.ERROR
            )
        checks = sum(each.checks for each in self._states if each.kind in CHECKS)
        told = f"{count(checks, 'check')}, {count(len(self._states), 'state')}"
        self.list.border_subtitle = told if self._states else "No check has been kept yet"
        self._show()

    def _show(self) -> None:
        now = datetime.now(UTC)
        shown, marked, symbols = self._states, self._marked, self._symbols
        self.list.show(lambda width: state_rows(shown, marked, width, now, symbols))

    def keys_now(self) -> Keys:
        """Return the keys of the history."""
        return Keys((Pane.HISTORY,))

    @property
    def list(self) -> Lines:
        """The list of states."""
        return self.query_one("#history", Lines)

    @property
    def moved_pane(self) -> Lines:
        """The list of states."""
        return self.list

    @property
    def _chosen(self) -> State | None:
        cursor = self.list.cursor
        return self._states[cursor] if 0 <= cursor < len(self._states) else None

    def action_open(self) -> None:
        """Open the report of the state under the cursor, as if it were one of now."""
        if (chosen := self._chosen) is None:
            return
        if chosen.report is not None:
            self._open(texts_of(self._target_name, chosen.report))
        else:
            self._open(ReportTexts(partial(_call, self._target_name, chosen.newest.body)))

    def action_mark(self) -> None:
        """Mark the state under the cursor, to compare another one with it."""
        if self._chosen is not None:
            self._marked = None if self._marked == self.list.cursor else self.list.cursor
            self._show()

    def action_compare(self) -> None:
        """Compare the state under the cursor with the marked one, or else with the one before."""
        chosen = self._chosen
        other = self.list.cursor + 1 if self._marked is None else self._marked
        if (
            chosen is None
            or not other < len(self._states)
            or self._states[other] is chosen
            or None in (chosen.report, self._states[other].report)
        ):
            text = "Nothing to compare with. Press space on one state, and c on another."
            self.query_one(Notice).say(text, Mark.WARNING)
            return
        older, newer = sorted((chosen, self._states[other]), key=lambda each: each.newest.began)
        bodies = (older.newest.body, newer.newest.body)
        self._open(ReportTexts(partial(_compared, self._target_name, *bodies)))

    def _open(self, texts: ReportTexts) -> None:
        self.app.push_screen(ReportScreen(texts, self._saving, self._symbols))

    def action_help(self) -> None:
        """Show the keys of the history."""
        from dcmecho.console.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(Pane.HISTORY, self._symbols))

    def action_leave(self) -> None:
        """Go back to the console."""
        self.dismiss(None)


def _call(name: str, body: Mapping[str, Any], redaction: Redaction | None) -> ReportText:
    if redaction is not None:
        name, body = redaction.name(name), redaction.data(body)
    return ReportText(f"{name}: a call", indented(body))


def _compared(
    name: str, before: Mapping[str, Any], after: Mapping[str, Any], redaction: Redaction | None
) -> ReportText:
    if redaction is not None:
        name, before, after = redaction.name(name), redaction.data(before), redaction.data(after)
    found = comparison("earlier", before, "later", after)
    return ReportText(f"{name}: two states", render(found))
