"""The listener's screen: it listens as long as the screen is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import assert_never

from textual import on
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from dcmecho.console.command import Need, Pane, why_not
from dcmecho.console.commands import need_of, offered
from dcmecho.console.listen.callers import CallerList, Calls
from dcmecho.console.listen.context import ListenContext
from dcmecho.console.listen.form import ListenForm
from dcmecho.console.listen.request import (
    ListenField,
    ListenFieldFault,
    explanations,
    first_entries,
    read_request,
)
from dcmecho.console.listen.rows import (
    call_rows,
    callers_title,
    expectation_line,
    heading,
    registration_line,
    registration_text,
    waiting_rows,
)
from dcmecho.console.listen.session import ListenSession
from dcmecho.console.saving import SavedKind, SaveResult, Saving
from dcmecho.console.screens.unused_keys import Keys
from dcmecho.console.screens.wide_or_narrow import BREAKPOINTS, arrange
from dcmecho.console.symbols import Mark
from dcmecho.console.terminal.terminal import Terminal
from dcmecho.console.widgets.key_bar import KeyBar
from dcmecho.console.widgets.notice import Notice
from dcmecho.diagnosis.listen.absence import absence
from dcmecho.diagnosis.listen.book import ListeningOutcome
from dcmecho.dicom.listen.binding import CannotListenError
from dcmecho.dicom.listen.local_firewall import local_firewall
from dcmecho.report.listen import render_book


class ListenerScreen(Screen[None]):
    """First a form; then the calls, newest first, and the selected one in full."""

    HORIZONTAL_BREAKPOINTS = BREAKPOINTS

    def __init__(
        self,
        listening: ListenSession,
        around: ListenContext,
        terminal: Terminal,
        saving: Saving,
    ) -> None:
        super().__init__()
        self._listening = listening
        self._around = around
        self._saving = saving
        self._symbols = terminal.symbols
        self._drain_interval_s = terminal.drain_interval_s
        self._heading = ""
        self._absences: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """Yield where it listens, what the peer needs, the form or the calls, and the keys."""
        yield Static(id="listener-heading", markup=False)
        yield Static(id="registration", markup=False)
        yield Static(id="expectation", markup=False)
        yield ListenForm(
            first_entries(self._around),
            explanations(self._around.addresses),
        )
        yield Calls(self._symbols)
        yield Notice(self._symbols)
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin with the form; earlier calls are shown below it."""
        arrange(self)
        self.query_one(Calls).details.border_title = "Call"
        self._show_form()
        self._show_calls()
        self.set_interval(self._drain_interval_s, self._drain)

    def on_unmount(self) -> None:
        """Stop the listener with its screen."""
        self._listening.stop()

    @property
    def _form(self) -> ListenForm:
        return self.query_one(ListenForm)

    def _show_form(self) -> None:
        self._form.display = True
        self._show_lines(False)
        self._form.go_to(ListenField.ADDRESS)
        self._show_heading()
        self._refresh_keys()

    def _show_lines(self, shown: bool) -> None:
        for line in ("#registration", "#expectation"):
            self.query_one(line).display = shown

    def _show_calls(self) -> None:
        book = self._listening.book
        self.query_one("#expectation", Static).update(
            expectation_line(book, self._listening.host, looking_up=self._listening.looking_up)
        )
        callers = self.query_one(CallerList)
        first = book.calls > 0 and not callers.display
        callers.display = book.calls > 0
        callers.show(book.newest_first)
        callers.border_title = callers_title(book)
        self.query_one("#calls").display = book.started is not None
        self._show_details()
        if first and not self._form.display:
            callers.focus()

    def _show_details(self) -> None:
        book, names = self._listening.book, self._around.names
        judged = self.query_one(CallerList).selected
        details = self.query_one(Calls).details
        if judged is not None:
            details.show(lambda width: call_rows(judged, names, width, self._symbols))
        elif book.started is not None:
            details.show(lambda width: waiting_rows(book, self._absences, width, self._symbols))

    def _show_heading(self) -> None:
        """Show the heading. It is drawn when the minutes left change, not every second."""
        content = heading(self._listening.book, datetime.now(UTC))
        if content.plain != self._heading:
            self._heading = content.plain
            self.query_one("#listener-heading", Static).update(content)

    def _drain(self) -> None:
        running = self._listening.running
        if self._listening.absorb():
            self._show_calls()
            self._refresh_keys()
        if running:
            self._show_heading()

    @on(CallerList.Selected)
    def _selected(self) -> None:
        self._show_details()

    @property
    def _pane(self) -> Pane:
        return Pane.LISTEN_FORM if self._form.display else Pane.LISTENER

    def _refresh_keys(self) -> None:
        self.query_one(KeyBar).show(offered(self._pane, self.meets))

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        return self.meets(need_of(action, Pane.LISTENER))

    def keys_now(self) -> Keys:
        """Return the keys of the form, or of the calls."""
        return Keys((self._pane,), self.meets)

    def meets(self, need: Need) -> bool:
        """Return whether what a command of this screen needs is there now."""
        match need:
            case Need.IDLE:
                return not self._listening.running
            case Need.RESULT:
                return self._listening.book.calls > 0
            case (
                Need.NOTHING
                | Need.TARGETS
                | Need.TARGET
                | Need.RUNNABLE
                | Need.RUN
                | Need.EXPERIMENT
                | Need.CHANGE
                | Need.HIDDEN
                | Need.OFFER
                | Need.ANSWER
                | Need.WALK
            ):
                return True
            case _:
                assert_never(need)

    @on(ListenForm.Submitted)
    def _submitted(self) -> None:
        self._begin()

    def _begin(self) -> None:
        order = read_request(self._form.entries, self._around.targets)
        notice = self.query_one(Notice)
        if isinstance(order, ListenFieldFault):
            notice.say(f"{order.entry}: {order.text}", Mark.FAILED)
            self._form.go_to(order.entry)
            return
        try:
            self._listening.begin(order)
        except CannotListenError as error:
            notice.say(str(error), Mark.FAILED)
            return
        notice.clear()
        self._listening.absorb()
        self._show_listening()

    def _show_listening(self) -> None:
        book, addresses = self._listening.book, self._around.addresses
        bound = book.started.bound if book.started else ()
        self._absences = absence(bound, book.expected, addresses, local_firewall())
        self._form.display = False
        self.query_one("#registration", Static).update(registration_line(book, addresses))
        self._show_lines(True)
        self._show_heading()
        self._show_calls()
        calls = self.query_one(Calls)
        (calls.callers if book.calls else calls.details).focus()
        self._refresh_keys()

    def action_start(self) -> None:
        """Listen, or listen again with the same values."""
        if not self._listening.running:
            self._begin()

    def action_change(self) -> None:
        """Stop, and change the values."""
        self._listening.stop()
        self._show_calls()
        self._show_form()

    def action_save(self) -> None:
        """Save the calls to a new file."""
        self._keep(lambda name, text: self._saving.keep(SavedKind.CALLERS, name, text))

    def action_copy(self) -> None:
        """Copy and save the calls; before the first call, what the peer's administrator needs."""
        book, copy = self._listening.book, self.app.copy_to_clipboard
        needed = registration_text(book, self._around.addresses)
        if needed and book.calls == 0:
            said = self._saving.copy_and_keep(
                copy,
                SavedKind.REGISTRATION,
                str(book.expected.title),
                f"{needed}\n",
            )
            self.query_one(Notice).say(said.text, said.mark)
            return
        self._keep(
            lambda name, text: self._saving.copy_and_keep(copy, SavedKind.CALLERS, name, text)
        )

    def _keep(self, kept: Callable[[str, str], SaveResult]) -> None:
        book = self._listening.book
        if book.calls == 0:
            self.query_one(Notice).say(why_not(Need.RESULT), Mark.SKIPPED)
            return
        absences = self._absences if book.outcome is ListeningOutcome.NOTHING else ()
        name = str(book.expected.title or "any")
        said = kept(name, render_book(book, absences))
        self.query_one(Notice).say(said.text, said.mark)

    def action_next_pane(self) -> None:
        """Go from the calls to the selected one in full, and back."""
        callers = self.query_one(CallerList)
        if callers.display:
            (self.query_one(Calls).details if callers.has_focus else callers).focus()

    def action_help(self) -> None:
        """Show the keys."""
        from dcmecho.console.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self._pane, self._symbols))

    def action_leave(self) -> None:
        """Stop listening, and go back to the console."""
        self.dismiss()
