"""A screen with targets, from which the other screens are opened."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.timer import Timer

from dcmecho.console.commands import Pane
from dcmecho.console.engine import Engine
from dcmecho.console.file_edits import BookReading, Written, import_targets
from dcmecho.console.report_text import ReportText, report_text
from dcmecho.console.saving import Kept, Kind, copy_and_keep
from dcmecho.console.screens.presence import is_there
from dcmecho.console.screens.run_screen import RunScreen
from dcmecho.console.session import profile_key
from dcmecho.console.symbols import Mark
from dcmecho.console.terminal import Terminal
from dcmecho.console.watching import tally
from dcmecho.console.widgets.heading import Heading
from dcmecho.console.widgets.notice import Notice
from dcmecho.console.words import count
from dcmecho.console.writes import Writes
from dcmecho.diagnosis.sanitize import printable
from dcmecho.profiles.model import Profile

if TYPE_CHECKING:
    from dcmecho.console.listening import Listening
    from dcmecho.console.screens.guide import GuideScreen
    from dcmecho.console.screens.importing import ImportScreen
    from dcmecho.console.screens.services import ServicesScreen
    from dcmecho.console.screens.watch import WatchScreen
    from dcmecho.profiles.exchange.planning import ImportPlan


class OpeningScreen(RunScreen):
    """One action a screen; each is imported when it is opened for the first time."""

    def __init__(self, profiles_path: Path, engine: Engine, terminal: Terminal) -> None:
        super().__init__(profiles_path, engine, terminal)
        self.symbols = terminal.symbols
        self._engine = engine
        self.writes = Writes(self, self.session, terminal.symbols)
        self.pane = Pane.TARGETS
        self._guide: GuideScreen | None = None
        self._listening: Listening | None = None
        self._watch: WatchScreen | None = None
        self._watch_news: Timer | None = None
        self._services: ServicesScreen | None = None

    @property
    @abstractmethod
    def chosen(self) -> Profile | None:
        """The profile that a command is about, if there is one."""

    def action_help(self) -> None:
        """Show the keys of the focused pane."""
        from dcmecho.console.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.pane, self.symbols))

    def action_palette(self) -> None:
        """Open the command palette."""
        from dcmecho.console.palette import Palette

        self.app.push_screen(Palette())

    def action_report(self) -> None:
        """Show the last run's report as text."""
        from dcmecho.console.screens.report import ReportScreen

        if (text := self._report_text()) is not None:
            self.app.push_screen(ReportScreen(text.name, text.page, self.symbols))

    def action_copy(self) -> None:
        """Copy the last run's report, and save it as well."""
        if (text := self._report_text()) is not None:
            copy = self.app.copy_to_clipboard
            self.say_kept(copy_and_keep(copy, Kind.REPORT, text.name, text.page))

    def _report_text(self) -> ReportText | None:
        profile = self.chosen
        text = report_text(self.session, profile) if profile else None
        if text is None:
            self.say("There is no report yet: enter diagnoses the target.", Mark.WARNING)
        return text

    def action_import_targets(self) -> None:
        """Add targets from a file or from pasted text, in the group of the selected one."""
        from dcmecho.console.screens.importing import ImportScreen

        def write(planned: ImportPlan) -> None:
            work = partial(import_targets, self.session.path, planned)
            written = partial(self._imported, screen, planned)
            self.writes.write(work, written, partial(self._not_imported, screen))

        group = self.chosen.group if self.chosen else ""
        screen = ImportScreen(self.session.book, group, self.symbols, write)
        self.app.push_screen(screen)

    def _imported(
        self, screen: ImportScreen, planned: ImportPlan, written: Written, reading: BookReading
    ) -> None:
        from dcmecho.console.import_rows import result_of

        self.session.wrote(written, reading)
        self.show_file(planned.written[0].name)
        self.say_kept(result_of(planned))
        if is_there(screen):
            screen.written(planned)

    def _not_imported(self, screen: ImportScreen, reason: str) -> None:
        text = f"Nothing was written: {reason}"
        if is_there(screen):
            screen.not_written(text)
        else:
            self.say(text, Mark.FAILED)

    def action_export_targets(self) -> None:
        """Write the marked targets, or all, to a file for another program."""
        from dcmecho.console.screens.exporting import ExportScreen

        marked = self.session.marked
        chosen = [each.target for each in marked if each.target is not None]
        if marked and not chosen:
            self.say("What is marked has errors, and cannot be exported.", Mark.WARNING)
            return
        targets = chosen or self.session.book.targets
        words = count(len(targets), "marked target" if marked else "target")
        self.app.push_screen(ExportScreen(targets, words, self.symbols), self._exported)

    def _exported(self, kept: Kept | None) -> None:
        if kept is not None:
            self.say_kept(kept)

    def action_guide(self) -> None:
        """Walk to the fix of the selected target, from where the walk was left."""
        from dcmecho.console.screens.guide import GuideScreen

        profile = self.chosen
        if profile is not None and profile.target is not None:
            self.query_one(Notice).clear()
            self._guide = GuideScreen(
                self, self.writes, profile_key(profile), self.symbols, self.say_kept
            )
            self.app.push_screen(self._guide, self._guide_left)

    def action_listen(self) -> None:
        """Show who calls us. What came stays until the next listener begins."""
        from dcmecho.console.listening import Listening
        from dcmecho.console.screens.listener import ListenerScreen
        from dcmecho.console.surroundings import surroundings

        if self._listening is None:
            self._listening = Listening(self._engine)
        around = surroundings(self.session.book, self.chosen, self._engine.addresses())
        self.app.push_screen(ListenerScreen(self._listening, around, self.terminal))

    def action_services(self) -> None:
        """Ask what the selected target accepts beyond C-ECHO."""
        from dcmecho.console.screens.services import ServicesScreen

        profile = self.chosen
        if profile is not None and profile.target is not None:
            self.query_one(Notice).clear()
            self._services = ServicesScreen(self, profile_key(profile), self.symbols)
            self.app.push_screen(self._services, self._services_left)

    def _services_left(self, _: None) -> None:
        self._services = None

    def _guide_left(self, _: None) -> None:
        self._guide = None

    def action_watch(self) -> None:
        """Watch the marked targets, or the selected one, too; show everything that is watched."""
        watching = self.session.watching
        if (profile := self.chosen) is not None:
            self.watch_over(self.session.marked or [profile])
        if watching.targets:
            from dcmecho.console.screens.watch import WatchScreen

            self._watch = WatchScreen(watching, self.symbols)
            self.app.push_screen(self._watch, self._watch_left)
        self._show_watch()

    def watch_over(self, profiles: Sequence[Profile]) -> None:
        """Watch these profiles beside those that are watched already, where that is possible."""
        for profile in profiles:
            if (reason := _unwatchable(profile)) is not None:
                self.say(f"{printable(profile.name)} is not watched: {reason}.", Mark.WARNING)
        self.session.watching.watch(
            [
                (profile_key(profile), profile.target)
                for profile in profiles
                if profile.target is not None and not profile.target.do_not_probe
            ]
        )

    @on(RunScreen.WatchNews)
    def _watch_told(self) -> None:
        if self._watch_news is None:
            self._watch_news = self.set_timer(self.terminal.drain_interval_s, self._show_watch)

    def _show_watch(self) -> None:
        self._watch_news = None
        self.query_one(Heading).show_watch(tally(self.session.watching.state))
        if self._watch is not None and is_there(self._watch):
            self._watch.update()

    def _watch_left(self, key: str | None) -> None:
        self._watch = None
        self._show_watch()
        if key is not None:
            self.show_file(key)


def _unwatchable(profile: Profile) -> str | None:
    if profile.target is None:
        return "it has values that cannot work"
    forbidden = profile.target.do_not_probe
    return f"it must not be probed ({printable(forbidden)})" if forbidden else None
