"""Opens the other screens from the main one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING

from textual.screen import Screen

from dcmecho.console.diagnose.report_text import ReportTexts, report_texts
from dcmecho.console.file.edits import BookReading, SavedChange, import_targets
from dcmecho.console.main.panes import Panes
from dcmecho.console.runs.engine import Engine
from dcmecho.console.runs.runs import Runs
from dcmecho.console.runs.session import Session, profile_key
from dcmecho.console.runs.writes import Writes
from dcmecho.console.saving import SavedKind, SaveResult
from dcmecho.console.screens.mounted import is_usable
from dcmecho.console.symbols import Mark
from dcmecho.console.terminal.terminal import Terminal
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.target.tls_keys import TargetKey

if TYPE_CHECKING:
    from dcmecho.console.exchange.import_screen import ImportScreen
    from dcmecho.console.guide.screen import GuideScreen
    from dcmecho.console.listen.session import ListenSession
    from dcmecho.console.services.screen import ServicesScreen
    from dcmecho.profiles.exchange.planning import ImportPlan


class Opener:
    """One method per screen; each screen is imported when it is opened for the first time."""

    def __init__(
        self,
        screen: Screen[None],
        session: Session,
        panes: Panes,
        writes: Writes,
        runs: Runs,
        engine: Engine,
        terminal: Terminal,
    ) -> None:
        self._screen = screen
        self._session = session
        self._panes = panes
        self._writes = writes
        self._runs = runs
        self._engine = engine
        self._terminal = terminal
        self._symbols = terminal.symbols
        self._guide: GuideScreen | None = None
        self._listening: ListenSession | None = None
        self._services: ServicesScreen | None = None

    def show_changes(self, keys: Collection[str]) -> None:
        """Show the profiles with these keys as they are now, on the screens that are open."""
        if self._guide is not None:
            self._guide.show_changes(keys)
        if self._services is not None:
            self._services.show_changes(keys)

    def file_changed(self) -> None:
        """Leave the screens about a target that was deleted or now has errors."""
        for about_a_target in (self._guide, self._services):
            if about_a_target is not None and is_usable(about_a_target):
                about_a_target.leave_if_gone()

    @property
    def guided(self) -> str | None:
        """The key of the target in the open guide."""
        return self._guide.controller.key if self._guide is not None else None

    def help(self) -> None:
        """Show the keys of the focused pane."""
        from dcmecho.console.screens.help import HelpScreen

        self._screen.app.push_screen(HelpScreen(self._panes.at, self._symbols))

    def palette(self) -> None:
        """Open the command palette."""
        from dcmecho.console.palette import Palette

        self._screen.app.push_screen(Palette())

    def report(self) -> None:
        """Show the last report as text."""
        from dcmecho.console.diagnose.report_screen import ReportScreen

        if (texts := self._report_texts()) is not None:
            screen = ReportScreen(texts, self._session.saving, self._symbols)
            self._screen.app.push_screen(screen)

    def history(self) -> None:
        """Show what earlier checks of the selected target found."""
        from dcmecho.console.history.screen import HistoryScreen

        profile, memory = self._panes.chosen, self._session.memory
        if memory is None:
            self._panes.say("No history is kept (--no-history, or no home folder).", Mark.WARNING)
        elif profile is not None and profile.target is not None:
            kept = memory.timeline(profile.target, self._session.journal_book)
            self._screen.app.push_screen(
                HistoryScreen(profile.name, kept, self._session.saving, self._symbols)
            )

    def copy(self) -> None:
        """Copy the last report and save it too."""
        if (texts := self._report_texts()) is not None:
            text = texts.plain(None)
            copy = self._screen.app.copy_to_clipboard
            self._panes.show_save_result(
                self._session.saving.copy_and_keep(copy, SavedKind.REPORT, text.name, text.page)
            )

    def _report_texts(self) -> ReportTexts | None:
        profile = self._panes.chosen
        texts = report_texts(self._session, profile) if profile else None
        if texts is None:
            self._panes.say("No report yet. Press enter to check the target.", Mark.WARNING)
        return texts

    def import_targets(self) -> None:
        """Import targets from a file or from pasted text, into the group of the selected one."""
        from dcmecho.console.exchange.import_screen import ImportScreen

        def write(planned: ImportPlan) -> None:
            work = partial(import_targets, self._session.path, planned)
            written = partial(self._imported, screen, planned)
            self._writes.write(work, written, partial(self._not_imported, screen))

        group = self._panes.chosen.group if self._panes.chosen else ""
        screen = ImportScreen(self._session.book, group, self._symbols, write)
        self._screen.app.push_screen(screen)

    def _imported(
        self, screen: ImportScreen, planned: ImportPlan, written: SavedChange, reading: BookReading
    ) -> None:
        from dcmecho.console.exchange.import_rows import result_of

        self._session.after_write(written, reading)
        self._panes.show_file(planned.written[0].name)
        self._panes.show_save_result(result_of(planned))
        if is_usable(screen):
            screen.written(planned)

    def _not_imported(self, screen: ImportScreen, reason: str) -> None:
        text = f"Nothing was written: {reason}"
        if is_usable(screen):
            screen.not_written(text)
        else:
            self._panes.say(text, Mark.FAILED)

    def explain(self, new: Callable[[Mapping[TargetKey, str]], object]) -> None:
        """Explain what other software wrote; ``new`` adds a target with the values in it."""
        from dcmecho.console.explain.screen import ExplainScreen

        def add(values: Mapping[TargetKey, str] | None) -> None:
            if values is not None:
                new(values)

        self._screen.app.push_screen(ExplainScreen(self._symbols, self._session.saving), add)

    def export_targets(self) -> None:
        """Export the marked targets, or all shown, to a file for another program."""
        from dcmecho.console.exchange.export_screen import ExportScreen

        marked, listed = self._session.marked, self._panes.targets
        targets = [each.target for each in marked or listed.shown if each.target is not None]
        which = "marked " if marked else "shown " if listed.leaves_out else ""
        if which and not targets:
            text = f"No {which}target can be exported: each has errors, or there is none."
            self._panes.say(text, Mark.WARNING)
            return
        words = count(len(targets), f"{which}target")
        self._screen.app.push_screen(
            ExportScreen(targets, words, self._session.saving, self._symbols), self._exported
        )

    def _exported(self, kept: SaveResult | None) -> None:
        if kept is not None:
            self._panes.show_save_result(kept)

    def guide(self) -> None:
        """Open the guide of the selected target, where it was left."""
        from dcmecho.console.guide.screen import GuideScreen

        profile = self._panes.chosen
        if profile is not None and profile.target is not None:
            self._panes.notice.clear()
            self._guide = GuideScreen(
                self._session,
                self._runs,
                self._writes,
                self._panes.show_file,
                profile_key(profile),
                self._symbols,
                self._panes.show_save_result,
            )
            self._screen.app.push_screen(self._guide, self._guide_left)

    def listen(self) -> None:
        """Show who calls. The calls stay until the next listener begins."""
        from dcmecho.console.listen.context import listen_context
        from dcmecho.console.listen.screen import ListenerScreen
        from dcmecho.console.listen.session import ListenSession

        if self._listening is None:
            self._listening = ListenSession(self._engine, self._session.keep_call)
        around = listen_context(self._session.book, self._panes.chosen, self._engine.addresses())
        self._screen.app.push_screen(
            ListenerScreen(self._listening, around, self._terminal, self._session.saving)
        )

    def services(self) -> None:
        """Show what the selected target accepts beyond C-ECHO."""
        from dcmecho.console.services.screen import ServicesScreen

        profile = self._panes.chosen
        if profile is not None and profile.target is not None:
            self._panes.notice.clear()
            self._services = ServicesScreen(
                self._session, self._runs, profile_key(profile), self._symbols
            )
            self._screen.app.push_screen(self._services, self._services_left)

    def _services_left(self, _: None) -> None:
        self._services = None

    def _guide_left(self, _: None) -> None:
        self._guide = None
