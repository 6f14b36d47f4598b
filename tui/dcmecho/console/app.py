"""The console application: terminal, theme, one screen."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from socket import gethostname
from typing import ClassVar

from rich.cells import cell_len
from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Event, Key, Paste, Resize
from textual.filter import LineFilter
from textual.geometry import Size
from textual.theme import Theme

from dcmecho import garbage
from dcmecho.console.background import Background
from dcmecho.console.main.screen import MainScreen
from dcmecho.console.pasting import keep_one_line
from dcmecho.console.runs.engine import DicomEngine, Engine
from dcmecho.console.runs.memory import ConsoleMemory
from dcmecho.console.screens.unused_keys import explain
from dcmecho.console.symbols import Mark
from dcmecho.console.terminal import terminal
from dcmecho.console.terminal.hangup import Hangup
from dcmecho.console.terminal.lean_driver import LeanDriver
from dcmecho.console.terminal.output_filter import OutputFilter
from dcmecho.console.terminal.terminal import TRUE_COLOUR, Terminal
from dcmecho.console.terminal.theme import NIGHT, SIXTEEN, SPARING
from dcmecho.console.terminal.typeahead import TypeAhead
from dcmecho.console.textual_private import BatchingApp, read_keys_patiently, typed_events
from dcmecho.console.threads import require_room
from dcmecho.console.widgets.notice import Notice
from dcmecho.exit_codes import ExitCode
from dcmecho.journal.journal import Journal
from dcmecho.profiles.book.load import settings
from dcmecho.profiles.book.settings import Settings

INSISTS_WITHIN_S = 2.0
"""A second ctrl+c within this time does not ask."""


_THREADS = 3
"""Without them the screen cannot open: one waits for its loss, Textual's read and write it."""


class ConsoleApp(BatchingApp, inherit_bindings=False):
    """dcmecho on a terminal. ``engine`` starts the runs; tests and screenshots replace it."""

    TITLE = "dcmecho"
    CSS_PATH = "console.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "quit", "Quit", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", "Suspend", show=False, priority=True),
        Binding("ctrl+l", "redraw", "Draw the screen again", show=False, priority=True),
    ]

    def __init__(
        self,
        profiles_path: Path,
        engine: Engine | None = None,
        shown_on: Terminal = TRUE_COLOUR,
        hangup: Hangup | None = None,
        notice: str = "",
        journal: Journal | None = None,
        *,
        lasts: bool = True,
    ) -> None:
        super().__init__(ansi_color=shown_on.sixteen_colours)
        self._profiles_path = profiles_path
        self._engine = engine or DicomEngine()
        self._terminal = shown_on
        self._hangup = hangup
        self._notice = notice
        self._journal = journal
        self._lasts = lasts
        self._type_ahead = TypeAhead(self, super().on_event, self._paint, self._background)
        self._output_filter = OutputFilter(
            super().get_line_filters,
            signs=shown_on.signs,
            plain_lines=shown_on.plain_lines,
            sixteen_colors=shown_on.sixteen_colours,
        )
        self._interrupted_at = float("-inf")
        self._insists = False
        self.animation_level = "none"
        theme = _theme(shown_on)
        self.set_class(shown_on.slow, "-slow")
        self.register_theme(theme)
        # Not self.theme: setting that would parse the whole style sheet a second time.
        self.set_reactive(App.theme, theme.name)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_driver_class(self) -> type[Driver]:
        """Return a driver that writes only what the terminal does not show already."""
        driver = super().get_driver_class()
        return LeanDriver if driver is LinuxDriver else driver

    async def on_event(self, event: Event) -> None:
        """Queue each key behind the one before it."""
        if isinstance(event, Resize):
            self._forget_what_is_shown(event.size)
        if isinstance(event, Paste) and not event.is_forwarded:
            self._say(keep_one_line(event, self.focused))
        if isinstance(event, Key) and not event.is_forwarded:
            if event.key == "ctrl+c":
                self._insists = event.time - self._interrupted_at < INSISTS_WITHIN_S
                self._interrupted_at = event.time
            self._age_notices()
            self._type_ahead.add(event)
        else:
            await super().on_event(event)

    def on_key(self, event: Key) -> None:
        """Say why a key does nothing: it has come here because nobody used it."""
        explain(self.screen, event, self._terminal.symbols)

    def _age_notices(self) -> None:
        for child in self.screen.children if self.screen_stack else ():
            if isinstance(child, Notice):
                child.age()

    def _say(self, text: str) -> None:
        """Say something in the notice of the screen, or of one behind a dialog."""
        notices = [each for screen in self.screen_stack for each in screen.query(Notice)]
        if text and notices:
            notices[-1].say(text, Mark.WARNING)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return only our filter, which applies Textual's own filters first."""
        return [self._output_filter]

    def _paint(self) -> None:
        """Paint the changes that a key has made."""
        if not self.screen_stack:
            return
        if self.missed_an_update:
            self.missed_an_update = False
            self.screen.refresh()
        self.screen.check_idle()

    def on_mount(self) -> None:
        """Show the screen first, then prepare for the keys while the user reads it."""
        screen = self.main_screen()
        self.push_screen(screen)
        for event in typed_events(self._terminal.typed):
            self.post_message(event)
        self.call_after_refresh(self._measure_signs)
        self.call_after_refresh(self._engine.prepare)
        self.app_resume_signal.subscribe(self, lambda _: self.action_redraw())
        if self._hangup is not None:
            leave = partial(self.call_later, self.leave)
            self._hangup.calls(asyncio.get_running_loop(), leave)
        if not self.is_headless:
            self.call_after_refresh(screen.editing.prepare_editors)
            garbage.make_full_collections_rare()
            if self._terminal.title:
                self._entitle(f"dcmecho: {gethostname()}")

    def _measure_signs(self) -> None:
        """Let Rich read its table of widths while there are descriptors: checks can take all."""
        with suppress(OSError):
            for mark in Mark:
                cell_len(self._terminal.symbols.mark(mark))

    def main_screen(self) -> MainScreen:
        """Return a new working screen."""
        memory = ConsoleMemory(self._journal) if self._journal else None
        return MainScreen(
            self._profiles_path,
            self._engine,
            self._terminal,
            self._notice,
            memory,
            lasts=self._lasts,
        )

    def copy_to_clipboard(self, text: str) -> None:
        """Copy with OSC 52, if the terminal does not print unknown sequences."""
        if self._terminal.osc52:
            super().copy_to_clipboard(text)

    def _background(self) -> Background | None:
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                return screen.writes.background
        return None

    async def action_quit(self) -> None:
        """Quit, whichever screen is open; ask first if anything would be lost."""
        if self._insists:
            self.leave()
            return
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                screen.leaving.quit()

    def leave(self) -> None:
        """Quit without a question; what was typed is kept."""
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                screen.leaving.leave()

    def action_redraw(self) -> None:
        """Draw everything again, in case another program has written over it."""
        self._forget_what_is_shown(self.size)
        self.screen.refresh()

    def _entitle(self, title: str) -> None:
        driver = self.driver
        if isinstance(driver, LeanDriver):
            driver.entitle(title)

    def _forget_what_is_shown(self, size: Size) -> None:
        driver = self.driver
        if isinstance(driver, LeanDriver):
            driver.forget(size, slow=self._terminal.slow)


def _theme(shown_on: Terminal) -> Theme:
    if shown_on.slow:
        return SPARING
    return SIXTEEN if shown_on.sixteen_colours else NIGHT


def _terminal(wanted: Settings, *, low_bandwidth: bool, mouse: bool) -> Terminal:
    """Determine what the terminal can show, and what the user wants of it."""
    found = terminal.look(low_bandwidth=low_bandwidth)
    uses_mouse = found.mouse if wanted.mouse is None else wanted.mouse
    found = replace(found, mouse=mouse and uses_mouse)
    if wanted.signs is None:
        return terminal.ask(found)
    return replace(found, signs=wanted.signs)


def run_console(
    profiles_path: Path,
    *,
    low_bandwidth: bool = False,
    mouse: bool = True,
    engine: DicomEngine | None = None,
    notice: str = "",
    journal: Journal | None = None,
    lasts: bool = True,
) -> int:
    """Open the console on a profile file, which need not exist. Return the exit code.

    ``low_bandwidth``: the line is slow, so draw less and less often. ``mouse``: report clicks,
    where that takes nothing away. ``engine`` starts the runs. ``notice`` is shown first.
    ``journal`` keeps what is found. If the file ``lasts``, what was typed when the console had to
    end is kept for it. If the terminal cannot show the console, print one line on stderr that says
    what to use instead.
    """
    reason = terminal.refusal()
    if reason is not None:
        print(f"dcmecho: {reason}", file=sys.stderr)  # noqa: T201
        return ExitCode.USAGE
    require_room(_THREADS)
    engine = engine or DicomEngine()
    shown_on = _terminal(settings(profiles_path), low_bandwidth=low_bandwidth, mouse=mouse)
    read_keys_patiently(shown_on.escape_delay_s)
    hangup = Hangup(sys.stdin.fileno())
    app = ConsoleApp(profiles_path, engine, shown_on, hangup, notice, journal, lasts=lasts)
    garbage.collect_as_usual()
    with hangup.heeded():
        app.run(mouse=shown_on.mouse)
        engine.finish()
    return app.return_code or 0
