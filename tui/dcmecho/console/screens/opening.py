"""A screen with targets, from which the other screens are opened."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING

from dcmecho.console.commands import Pane
from dcmecho.console.engine import Engine
from dcmecho.console.report_text import ReportText, report_text
from dcmecho.console.saving import Kind, copy_and_keep
from dcmecho.console.screens.run_screen import RunScreen
from dcmecho.console.session import profile_key
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.widgets.notice import Notice
from dcmecho.profiles.model import Profile

if TYPE_CHECKING:
    from dcmecho.console.screens.guide import GuideScreen
    from dcmecho.console.screens.services import ServicesScreen


class OpeningScreen(RunScreen):
    """One action a screen; each is imported when it is opened for the first time."""

    def __init__(self, profiles_path: Path, engine: Engine, symbols: Symbols) -> None:
        super().__init__(profiles_path, engine)
        self.symbols = symbols
        self.pane = Pane.TARGETS
        self._guide: GuideScreen | None = None
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

    def action_guide(self) -> None:
        """Walk to the fix of the selected target, from where the walk was left."""
        from dcmecho.console.screens.guide import GuideScreen

        profile = self.chosen
        if profile is not None and profile.target is not None:
            self.query_one(Notice).clear()
            self._guide = GuideScreen(self, profile_key(profile), self.symbols)
            self.app.push_screen(self._guide, self._guide_left)

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
