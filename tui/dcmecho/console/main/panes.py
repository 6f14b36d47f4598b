"""The panes of the main screen: what they show, and where the focus is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple, assert_never

from textual.screen import Screen
from textual.widget import Widget

from dcmecho.console.command import Need, Pane
from dcmecho.console.commands import ANYWHERE, CANCEL, COMMANDS
from dcmecho.console.diagnose.file_message import file_message
from dcmecho.console.diagnose.log_pane import LogView
from dcmecho.console.diagnose.pane import DiagnosisPane
from dcmecho.console.main.heading import HeadingBar
from dcmecho.console.main.targets import TargetList
from dcmecho.console.main.workbench import Workbench
from dcmecho.console.runs.log_buffer import LogBuffer
from dcmecho.console.runs.session import TEST_KEY, Session, profile_key
from dcmecho.console.runs.state.record import Record
from dcmecho.console.saving import SaveResult
from dcmecho.console.screens.wide_or_narrow import WIDE_FROM
from dcmecho.console.symbols import Mark
from dcmecho.console.widgets.filter_bar import FilterBar
from dcmecho.console.widgets.key_bar import KeyBar
from dcmecho.console.widgets.notice import Notice
from dcmecho.console.widgets.row_view import RowView
from dcmecho.console.words import problem_text
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.book.model import Profile

_ROOMY_FROM = 160
"""From this many columns on, the list shows more than names."""

_LIST_PERCENT = {False: (32, 38), True: (32, 46)}
"""The minimum and the maximum percentage of the width for the list, if that is roomy."""

_WHOLE_LIST_PERCENT = 55
"""The maximum for a roomy list that shows every column."""


class _Place(NamedTuple):
    """Where the focus can be: the class that the screen has then, and the id of an editor."""

    css_class: str
    editor_id: str = ""


_PLACES = {
    Pane.TARGETS: _Place("-at-targets"),
    Pane.DIAGNOSIS: _Place("-at-diagnosis"),
    Pane.LOG: _Place("-at-log"),
    Pane.EDITOR: _Place("-at-editor", "editor"),
    Pane.MANY: _Place("-at-editor", "many"),
    Pane.CELLS: _Place("-at-cells", "cells"),
}
PANES = tuple(pane for pane, place in _PLACES.items() if not place.editor_id)
_TEST_CLASS = "-at-test"
"""The form and the diagnosis share the room while values are tested."""


class Panes:
    """The widgets of the main screen, filled from the session."""

    def __init__(
        self, screen: Screen[None], session: Session, file_shown: Callable[[], object]
    ) -> None:
        """``file_shown`` is called whenever a new state of the file is shown."""
        self.at = Pane.TARGETS
        """The pane with the focus."""
        self._file_shown = file_shown
        self._screen = screen
        self._session = session
        self._shown: Profile | None = None

    @property
    def targets(self) -> TargetList:
        """The target list."""
        return self._screen.query_one(TargetList)

    @property
    def diagnosis(self) -> DiagnosisPane:
        """The diagnosis pane."""
        return self._screen.query_one(DiagnosisPane)

    @property
    def log_view(self) -> LogView:
        """The log pane."""
        return self._screen.query_one(LogView)

    @property
    def heading(self) -> HeadingBar:
        """The first line."""
        return self._screen.query_one(HeadingBar)

    @property
    def notice(self) -> Notice:
        """The line that says what just happened."""
        return self._screen.query_one(Notice)

    @property
    def workbench(self) -> Workbench:
        """The place of the diagnosis and of the forms."""
        return self._screen.query_one(Workbench)

    def say(self, text: str, mark: Mark = Mark.OK) -> None:
        """Say in one line what just happened."""
        self.notice.say(text, mark)

    def say_what_is_ignored(self, notice: str) -> None:
        """Say which file was passed over, or else which keys of the file do not count."""
        found = [problem for problem in self._session.book.problems if problem.is_notice]
        if notice or found:
            self.say(notice or problem_text(found[0]), Mark.WARNING)

    def show_save_result(self, kept: SaveResult) -> None:
        """Say where a text was saved, or why not."""
        self.say(kept.text, kept.mark)

    def not_written(self, lead: str, reason: str) -> None:
        """Say why a change was not written; ``lead`` begins the sentence."""
        self.say(f"{lead} {reason}", Mark.FAILED)

    def widget(self, pane: Pane) -> RowView:
        """Return the widget of one of :data:`PANES`."""
        panes: dict[Pane, RowView] = {
            Pane.TARGETS: self.targets,
            Pane.DIAGNOSIS: self.diagnosis,
            Pane.LOG: self.log_view,
        }
        return panes[pane]

    def go_to(self, pane: Pane) -> None:
        """Focus a pane, which gets the most room on a small screen."""
        self._place(pane)
        self._screen.set_focus(self.widget(pane))

    def step(self, direction: int) -> None:
        """Go to the next pane or to the previous one."""
        at = PANES.index(self.at) if self.at in PANES else 0
        self.go_to(PANES[(at + direction) % len(PANES)])

    def focus_moved(self, focused: Widget) -> None:
        """Let the keys, and the room on a small screen, follow the focus."""
        for pane in PANES:
            if focused is self.widget(pane):
                self._place(pane)
        ids = {node.id for node in focused.ancestors}
        for pane, place in _PLACES.items():
            if place.editor_id in ids:
                self._place(pane)

    def _place(self, pane: Pane) -> None:
        self.at = pane
        has_test = self._session.has_test and pane is Pane.EDITOR
        place = _TEST_CLASS if has_test else _PLACES[pane].css_class
        if not self._screen.has_class(place):
            others = (each.css_class for each in _PLACES.values())
            self._screen.remove_class(_TEST_CLASS, *others, update=False)
            self._screen.add_class(place, update=False)
            self._screen.app.stylesheet.update_nodes(self._placed)
        self.refresh_keys()

    @property
    def _placed(self) -> Sequence[Widget]:
        """The widgets whose room depends on the focus. Only these are styled again."""
        panes = (self.targets, self.log_view)
        is_zoomed = self._screen.has_class("-zoom")
        return (*panes, self._screen.query_one("#body"), self.workbench) if is_zoomed else panes

    def refresh_keys(self) -> None:
        """Show the keys of the focused pane that can do something now."""
        own = [each for each in COMMANDS[self.at] if each.label and self.meets(each.need)]
        if self.at in PANES:
            general = [each for each in ANYWHERE if each.label and self.meets(each.need)]
            first = [each for each in general if each is CANCEL]
            own = [*first, *own, *(each for each in general if each is not CANCEL)]
        self._screen.query_one(KeyBar).show(own)

    def meets(self, need: Need) -> bool:
        """Return whether what a command of this screen needs is there now."""
        profile = self._shown
        match need:
            case Need.TARGETS:
                return bool(self._session.book.profiles)
            case Need.TARGET:
                return profile is not None
            case Need.RUNNABLE:
                return profile is not None and profile.target is not None
            case Need.RUN:
                return self._session.running_check is not None or self._is_running
            case Need.EXPERIMENT:
                return self._has_experiment
            case Need.CHANGE:
                return self._session.file.history.newest is not None
            case Need.HIDDEN:
                hides = self._log_hides or self.targets.hides or bool(self._session.marks)
                return hides and not self.meets(Need.RUN)
            case Need.NOTHING | Need.IDLE | Need.OFFER | Need.ANSWER | Need.WALK | Need.RESULT:
                return True
            case _:
                assert_never(need)

    @property
    def _is_running(self) -> bool:
        return self._shown is not None and self._session.record(self._shown).running

    @property
    def _has_experiment(self) -> bool:
        target = self._shown.target if self._shown else None
        if self._shown is None or target is None:
            return False
        return bool(self._session.record(self._shown).next_experiment(target))

    def show_file(self, select: str | None = None) -> None:
        """Show the profile file as it is now; the cursor goes to the profile with this key."""
        book = self._session.book
        self.targets.show(book.profiles, book.problems, select)
        self.share_width()
        self.heading.show(book)
        self._file_shown()

    def file_written(self, key: str | None) -> None:
        """Show the file after a change, with the cursor in the list."""
        self.show_file(key)
        self.go_to(Pane.TARGETS)

    def share_width(self) -> None:
        """Give long names as much room as there is."""
        width = self._screen.size.width
        if width < WIDE_FROM:
            self.targets.wanted_width(width, columns=False)
            self.targets.styles.clear_rule("width")
            return
        is_roomy = width >= _ROOMY_FROM
        least, most = (width * share // 100 for share in _LIST_PERCENT[is_roomy])
        wanted = self.targets.wanted_width(width, columns=is_roomy)
        if is_roomy and wanted <= width * _WHOLE_LIST_PERCENT // 100:
            most = wanted
        else:
            wanted = self.targets.wanted_width(most, columns=is_roomy)
        self.targets.styles.width = max(min(least, 44), min(wanted, most))

    @property
    def shown(self) -> Profile | None:
        """The profile that the panes show."""
        return self._shown

    @property
    def chosen(self) -> Profile | None:
        """The profile under the cursor. Keys can be faster than the panes: update those first."""
        if self.targets.selected != self._shown:
            self.follow_cursor()
        return self._shown

    def follow_cursor(self) -> None:
        """Show the profile under the cursor."""
        profile = self.targets.selected
        before, self._shown = self._shown, profile
        if self._session.has_test:
            return
        if profile is None or profile.target is None:
            self.log_view.show(LogBuffer())
            self.diagnosis.show_words(file_message(self._session.book, profile))
        elif before != profile or self.diagnosis.target is None:
            record = self._session.record(profile)
            self.diagnosis.show(profile.target, record)
            self.log_view.show(record.log)
        self.refresh_keys()

    def show_selected(self) -> None:
        """Show the target under the cursor again."""
        self._shown = None
        self.follow_cursor()

    def open_diagnosis(self, key: str) -> None:
        """Go to the diagnosis of the profile with this key, even if a filter hides it."""
        if all(profile_key(each) != key for each in self.targets.shown):
            self.targets.show_all()
        self.show_file(key)
        self.follow_cursor()
        self.go_to(Pane.DIAGNOSIS)

    def show_test(self, target: Target, record: Record) -> None:
        """Show the test of a target that is not in the file."""
        self._place(self.at)
        self.diagnosis.show(target, record, is_test=True)
        self.log_view.show(record.log)

    def show_changes(self, keys: Collection[str]) -> None:
        """Draw these profiles again, in every pane that shows them."""
        self.targets.refresh_profiles(keys)
        self.heading.refresh_tally()
        if self._shown_key in keys:
            self.diagnosis.update()
            self.log_view.update()
        self.refresh_keys()

    @property
    def _shown_key(self) -> str | None:
        if self._session.has_test:
            return TEST_KEY
        return profile_key(self._shown) if self._shown else None

    def reveal(self, stage: StageId) -> None:
        """Show the log lines of a stage of the shown run."""
        if (key := self._shown_key) is not None:
            self.log_view.reveal(self._session.state[key].run_id, stage)

    @property
    def _log_hides(self) -> bool:
        return self.at is Pane.LOG and self.log_view.hides

    def show_all(self) -> None:
        """Clear what hides lines of the log while it has the focus, or the filter, or the marks."""
        if self._log_hides:
            self.log_view.show_all()
        elif self.targets.hides:
            self.targets.show_all()
            self.refresh_keys()
        else:
            self._session.marks.clear()
            self.targets.marks_changed()
            self.refresh_keys()

    def open_filter(self, pane: Pane) -> None:
        """Start typing the filter of the target list or of the log."""
        text = self.targets.filter_text if pane is Pane.TARGETS else self.log_view.filter_text
        self._screen.query_one(KeyBar).display = False
        self._screen.query_one(FilterBar).open(pane, text)

    def filter(self, pane: Pane, text: str) -> None:
        """Show only what contains a text."""
        if pane is Pane.TARGETS:
            self.targets.filter(text)
        else:
            self.log_view.filter(text)

    def filter_closed(self, pane: Pane, *, back: bool) -> None:
        """Show the keys again; ``back`` returns the focus to the pane."""
        self._screen.query_one(KeyBar).display = True
        if back:
            self.go_to(pane)
