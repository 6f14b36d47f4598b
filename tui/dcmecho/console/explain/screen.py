"""Explains what other software wrote: a pasted message, or a log."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Input

from dcmecho.console.background import Background
from dcmecho.console.command import Need, Pane
from dcmecho.console.commands import COMMANDS, bindings
from dcmecho.console.diagnose.log_pane import LogView
from dcmecho.console.diagnose.log_text import saved_log
from dcmecho.console.explain.rows import (
    explanation_rows,
    failure_rows,
    log_of,
    mark_of,
    rows_without_failure,
    values_of,
    waiting_rows,
)
from dcmecho.console.explain.source import NothingToExplainError, explained
from dcmecho.console.saving import SavedKind, Saving
from dcmecho.console.screens.unused_keys import Keys
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.widgets.filter_bar import FilterBar
from dcmecho.console.widgets.key_bar import KeyBar
from dcmecho.console.widgets.lines import Lines
from dcmecho.console.widgets.notice import Notice
from dcmecho.console.widgets.row_keys import MovesRows
from dcmecho.console.widgets.row_view import RowView
from dcmecho.console.widgets.source_input import SourceInput
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.observed.association import ObservedAssociation
from dcmecho.diagnosis.target.tls_keys import TargetKey
from dcmecho.diagnosis.texts.explaining import Explained

_READING = "Reading.{} Press esc to cancel."
_PROGRESS_EVERY_S = 0.25


class _GivenUpError(Exception):
    """Nobody waits for the text any longer."""


class ExplainScreen(MovesRows, Screen[Mapping[TargetKey, str] | None]):
    """Returns the values for a new target, if the user wants one."""

    BINDINGS = bindings(Pane.EXPLAIN)

    def __init__(self, symbols: Symbols, saving: Saving) -> None:
        super().__init__()
        self._saving = saving
        self._symbols = symbols
        self._background = Background()
        self._given_up: threading.Event | None = None
        self._found: Explained | None = None
        self._so_far = ""

    def compose(self) -> ComposeResult:
        """Yield the source, the failures, the explanation of one, a notice and the keys."""
        yield SourceInput("paste lines of a log, or type the path of a log or a capture")
        yield Lines(id="failures", cursor_sign=self._symbols.cursor)
        yield Lines(id="explanation")
        yield LogView(self._symbols)
        yield FilterBar()
        yield Notice(self._symbols)
        yield KeyBar()

    def on_mount(self) -> None:
        """Put the cursor into the source."""
        self._source.border_title = "What another program wrote"
        self._explanation.border_title = "Explanation"
        self._failures.display = self._log.display = False
        self._explanation.show(waiting_rows)
        self._show_keys()
        self._source.focus()
        self.set_interval(_PROGRESS_EVERY_S, self._show_progress)

    def keys_now(self) -> Keys:
        """Return the keys of this screen."""
        panes = (Pane.LOG,) if self._log.has_focus else ()
        return Keys((*panes, Pane.EXPLAIN), self.meets)

    def meets(self, need: Need) -> bool:
        """Return whether what a command of this screen needs is there now."""
        match need:
            case Need.RESULT:
                return self._chosen is not None
            case Need.HIDDEN:
                return self._log.hides
            case Need.NOTHING:
                return True
            case _:
                return False

    @property
    def _source(self) -> SourceInput:
        return self.query_one(SourceInput)

    @property
    def _failures(self) -> Lines:
        return self.query_one("#failures", Lines)

    @property
    def _explanation(self) -> Lines:
        return self.query_one("#explanation", Lines)

    @property
    def _log(self) -> LogView:
        return self.query_one(LogView)

    @property
    def moved_pane(self) -> RowView:
        """The pane that the keys move in."""
        if self._log.has_focus:
            return self._log
        return self._failures if self._failures.has_focus else self._explanation

    @property
    def _chosen(self) -> ObservedAssociation | None:
        listed = self._listed
        return listed[self._failures.cursor] if listed else None

    @property
    def _listed(self) -> Sequence[ObservedAssociation]:
        found = self._found
        return () if found is None else (*found.failures, *found.without_failure)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self._read(self._source.value)

    @on(SourceInput.PastedLines)
    def _pasted(self, event: SourceInput.PastedLines) -> None:
        self._source.value = ""
        self._read(event.text)

    def _read(self, given: str) -> None:
        self._give_up()
        given_up = self._given_up = threading.Event()
        self._say(_READING.format(""), Mark.RUNNING)
        self._so_far = ""
        self.run_worker(self._explain(given, given_up), exclusive=True)

    async def _explain(self, given: str, given_up: threading.Event) -> None:
        try:
            work: Callable[[], Explained] = partial(explained, given, partial(self._tell, given_up))
            found = await self._background.run(work)
        except _GivenUpError:
            return
        except NothingToExplainError as error:
            self._say(str(error), Mark.FAILED)
            return
        if not given_up.is_set():
            self._given_up = None
            self._show(found)

    def _tell(self, given_up: threading.Event, so_far: str) -> None:
        """Learn how far the reading is; called on its thread."""
        if given_up.is_set():
            raise _GivenUpError
        self._so_far = so_far

    def _show_progress(self) -> None:
        if self._given_up is not None and self._so_far:
            self._say(_READING.format(f" {self._so_far}."), Mark.RUNNING)

    def _show(self, found: Explained) -> None:
        self._found = found
        self.query_one(Notice).clear()
        listed = self._listed
        self._failures.display = len(listed) > 1
        self._failures.border_title = _list_title(found)
        self._failures.show(lambda _: failure_rows(listed, self._symbols))
        self._log.display = False
        if not listed:
            self._explanation.show(lambda width: rows_without_failure(found, width, self._symbols))
            self._say(_words(found), mark_of(found))
            return
        self._failures.action_first()
        self._show_chosen()
        (self._failures if self._failures.display else self._explanation).focus()

    @on(Lines.Moved)
    def _show_chosen(self) -> None:
        if (chosen := self._chosen) is not None:
            self._explanation.show(lambda width: explanation_rows(chosen, width, self._symbols))
            self._explanation.scroll_home(animate=False)
            self._log.display = bool(chosen.log)
            self._log.show(log_of(chosen))
            self._log.action_first()
        self._show_keys()

    def on_descendant_focus(self) -> None:
        """Show the keys of the pane that has the focus."""
        self._show_keys()

    def _show_keys(self) -> None:
        panes = self.keys_now().panes
        commands = [each for pane in panes for each in COMMANDS[pane]]
        shown = [each for each in commands if each.label and self.meets(each.need)]
        self.query_one(KeyBar).show(shown)

    def _give_up(self) -> None:
        if self._given_up is not None:
            self._given_up.set()
        self._given_up = None

    def on_unmount(self) -> None:
        """Let nothing be read for a screen that is closed."""
        self._give_up()

    def action_read(self) -> None:
        """Go to the explanation of the failure under the cursor."""
        self._explanation.focus()

    def action_other(self) -> None:
        """Go to the next pane."""
        all_panes = (self._source, self._failures, self._explanation, self._log)
        panes = [each for each in all_panes if each.display]
        focused = next((i for i, each in enumerate(panes) if each.has_focus), -1)
        panes[(focused + 1) % len(panes)].focus()

    def action_new_target(self) -> None:
        """Add a target with the values that the text tells."""
        if (chosen := self._chosen) is not None:
            self.dismiss(values_of(chosen))

    def action_filter_log(self) -> None:
        """Start typing the filter of the log."""
        self.query_one(KeyBar).display = False
        self.query_one(FilterBar).open(Pane.LOG, self._log.filter_text)

    def action_show_all(self) -> None:
        """Show all lines of the log, or leave it."""
        if self._log.hides:
            self._log.show_all()
            self._show_keys()
        else:
            self.action_leave()

    @on(FilterBar.Typed)
    def _filter_typed(self, event: FilterBar.Typed) -> None:
        self._log.filter(event.text)

    @on(FilterBar.Closed)
    def _filter_closed(self, event: FilterBar.Closed) -> None:
        self.query_one(KeyBar).display = True
        if event.back:
            self._log.focus()

    @on(LogView.SaveRequested)
    def _save_log(self) -> None:
        chosen = self._chosen
        if chosen is not None:
            target = chosen.report.target
            text = saved_log(target, log_of(chosen), datetime.now(UTC))
            saved = self._saving.keep(SavedKind.LOG, target.called_ae or target.host, text)
            self._say(saved.text, saved.mark)

    def action_help(self) -> None:
        """Show the keys of this screen."""
        from dcmecho.console.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(Pane.EXPLAIN, self._symbols))

    def action_leave(self) -> None:
        """Cancel the reading, or go to the source, or to the console."""
        if self._given_up is not None:
            self._give_up()
            self._say("Reading was cancelled.", Mark.CANCELLED)
        elif self._source.has_focus:
            self.dismiss(None)
        else:
            self._source.focus()

    def _say(self, text: str, mark: Mark) -> None:
        self.query_one(Notice).say(text, mark)


def _list_title(found: Explained) -> str:
    title = count(len(found.failures), "failure")
    if not found.without_failure:
        return title
    return f"{title}, {count(found.fine, 'association')} without one"


def _words(found: Explained) -> str:
    return "No failure seen." if found.is_dicom else "This text is not known."
