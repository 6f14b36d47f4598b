"""The console's working screen: targets, diagnosis, log, and the form beside the list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget

from dcmecho.console.commands import ANYWHERE, CANCEL, COMMANDS, Command, Pane, bindings
from dcmecho.console.engine import Engine
from dcmecho.console.file_words import file_words
from dcmecho.console.log_buffer import LogBuffer
from dcmecho.console.log_text import saved_log
from dcmecho.console.saving import Kind, keep
from dcmecho.console.screens.diagnosing import DiagnosingScreen
from dcmecho.console.screens.room import WIDE_FROM, WideOrNarrow
from dcmecho.console.session import TEST_KEY, profile_key
from dcmecho.console.state import Record
from dcmecho.console.symbols import Mark
from dcmecho.console.terminal import Terminal
from dcmecho.console.widgets.diagnosis import DiagnosisPane
from dcmecho.console.widgets.filter_bar import FilterBar
from dcmecho.console.widgets.heading import Heading
from dcmecho.console.widgets.key_bar import KeyBar
from dcmecho.console.widgets.log import LogView
from dcmecho.console.widgets.notice import Notice
from dcmecho.console.widgets.row_view import RowView
from dcmecho.console.widgets.targets import TargetList
from dcmecho.console.widgets.workbench import Workbench
from dcmecho.diagnosis.target import Target
from dcmecho.profiles.model import Profile

_LIST_PERCENT = (32, 38)
"""The least and the most of the width that the list takes there."""

PANES = (Pane.TARGETS, Pane.DIAGNOSIS, Pane.LOG)
_PLACE_CLASSES = {
    Pane.TARGETS: "-at-targets",
    Pane.DIAGNOSIS: "-at-diagnosis",
    Pane.LOG: "-at-log",
    Pane.EDITOR: "-at-editor",
    Pane.MANY: "-at-editor",
    Pane.CELLS: "-at-cells",
}
_TEST_CLASS = "-at-test"
"""While values are tested, the form and the diagnosis share the room."""

_EDITORS = {"editor": Pane.EDITOR, "many": Pane.MANY, "cells": Pane.CELLS}


_ABOUT_A_TARGET = frozenset(
    {"edit", "edit_whole", "clone", "delete", "guide", "services", "cancel", "experiment", "report"}
    | {"copy"}
)
_ABOUT_TARGETS = frozenset({"screen.diagnose", "screen.filter_targets", "diagnose_all", "watch"})
"""Not worth a place among the keys where the file has no target."""


class MainScreen(WideOrNarrow, DiagnosingScreen):
    """Holds the panes together; what they show comes from the session."""

    BINDINGS = bindings(Pane.ANYWHERE)

    def __init__(self, profiles_path: Path, engine: Engine, terminal: Terminal) -> None:
        super().__init__(profiles_path, engine, terminal)
        self._shown: Profile | None = None

    def compose(self) -> ComposeResult:
        """A heading, three panes, a notice and the keys."""
        yield Heading(self.session.state)
        with Container(id="body"):
            yield TargetList(self.session.state, self.session.marks, self.symbols)
            yield Workbench(self.symbols)
        yield LogView(self.symbols)
        yield Notice(self.symbols)
        yield KeyBar()
        yield FilterBar()

    def on_mount(self) -> None:
        """Show the file; the cursor goes to its first target."""
        self.show_file()
        self.go_to(Pane.TARGETS)

    @property
    def targets(self) -> TargetList:
        """The target list."""
        return self.query_one(TargetList)

    @property
    def diagnosis(self) -> DiagnosisPane:
        """The diagnosis pane."""
        return self.query_one(DiagnosisPane)

    @property
    def log_view(self) -> LogView:
        """The log pane."""
        return self.query_one(LogView)

    def say(self, text: str, mark: Mark = Mark.OK) -> None:
        """Tell the user in one line what just happened."""
        self.query_one(Notice).say(text, mark)

    def _widget(self, pane: Pane) -> RowView:
        panes: dict[Pane, RowView] = {
            Pane.TARGETS: self.targets,
            Pane.DIAGNOSIS: self.diagnosis,
            Pane.LOG: self.log_view,
        }
        return panes[pane]

    def go_to(self, pane: Pane) -> None:
        """Put the focus into a pane, which gives it the most room on a small screen."""
        self._place(pane)
        self.set_focus(self._widget(pane))

    def _place(self, pane: Pane) -> None:
        self.pane = pane
        has_test = self.is_testing and pane is Pane.EDITOR
        place = _TEST_CLASS if has_test else _PLACE_CLASSES[pane]
        if not self.has_class(place):
            self.remove_class(_TEST_CLASS, *_PLACE_CLASSES.values(), update=False)
            self.add_class(place, update=False)
            self.app.stylesheet.update_nodes(self._placed)
        self.refresh_keys()

    @property
    def _placed(self) -> Sequence[Widget]:
        """What has more or less room by where the focus is. The others are not styled anew."""
        panes = (self.targets, self.log_view)
        is_zoomed = self.has_class("-zoom")
        return (*panes, self.query_one("#body"), self.query_one(Workbench)) if is_zoomed else panes

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The keys and, on a small screen, the room go with the focus."""
        for pane in PANES:
            if event.widget is self._widget(pane):
                self._place(pane)
        for node in event.widget.ancestors:
            if node.id in _EDITORS:
                self._place(_EDITORS[node.id])

    def refresh_keys(self) -> None:
        """Show the keys of the focused pane."""
        useless = frozenset[str]() if self.session.book.profiles else _ABOUT_TARGETS
        own = [
            command
            for command in COMMANDS[self.pane]
            if command.label and command.action not in useless
        ]
        general = [
            command
            for command in ANYWHERE
            if command.label
            and command is not CANCEL
            and command.action not in useless
            and self.check_action(command.action, ())
        ]
        cancel = [CANCEL] if self.check_action(CANCEL.action, ()) else []
        alone = self.pane in _EDITORS.values()
        self.query_one(KeyBar).show(own if alone else [*cancel, *own, *general])

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        if action == "undo":
            return self.session.file.history.newest is not None
        if action == "show_all":
            return self._can_show_all
        profile = self._shown
        if action == "cancel" and self.session.round is not None:
            return True
        if profile is None:
            return action not in _ABOUT_A_TARGET
        record = self.session.record(profile)
        if action in ("guide", "services"):
            return profile.target is not None
        if action == "cancel":
            return record.running
        if action == "experiment":
            return profile.target is not None and bool(record.next_experiment(profile.target))
        return True

    @property
    def _can_show_all(self) -> bool:
        profile = self._shown
        is_running = profile is not None and self.session.record(profile).running
        return not is_running and bool(self.targets.filter_text or self.session.marks)

    def show_file(self, select: str | None = None) -> None:
        """Show the profile file as it is now; the cursor goes to the profile with this key."""
        book = self.session.book
        self.targets.show(book.profiles, book.problems, select)
        self._share_width()
        self.query_one(Heading).show(book)

    def on_resize(self) -> None:
        """Give long names what room there is, and the editor its place over their rows."""
        self._share_width()
        self.call_after_refresh(self.place_cells)

    def _share_width(self) -> None:
        if self.size.width < WIDE_FROM:
            self.targets.styles.clear_rule("width")
            return
        least, most = (self.size.width * share // 100 for share in _LIST_PERCENT)
        self.targets.styles.width = max(min(least, 44), min(self.targets.wanted_width, most))

    @property
    def chosen(self) -> Profile | None:
        """The profile under the cursor. Keys can be quicker than the panes: those follow first."""
        if self.targets.selected != self._shown:
            self._display(self.targets.selected)
        return self._shown

    @on(TargetList.Selected)
    def _selected(self) -> None:
        self._display(self.targets.selected)

    def _display(self, profile: Profile | None) -> None:
        before, self._shown = self._shown, profile
        if self.is_testing:
            return
        if profile is None or profile.target is None:
            self._show_problems(profile)
        elif before != profile or self.diagnosis.target is None:
            record = self.session.record(profile)
            self.diagnosis.show(profile.target, record)
            self.log_view.show(record.log)
        self.refresh_keys()

    def _show_problems(self, profile: Profile | None) -> None:
        self.log_view.show(LogBuffer())
        self.diagnosis.show_words(file_words(self.session.book, profile))

    def show_changes(self, keys: Collection[str]) -> None:
        """Draw these profiles again, wherever they are seen."""
        self.targets.refresh_profiles(keys)
        self.query_one(Heading).refresh_tally()
        if self._shown_key in keys:
            self.diagnosis.update()
            self.log_view.update()
        self.refresh_keys()
        if self._guide is not None:
            self._guide.show_changes(keys)
        if self._services is not None:
            self._services.show_changes(keys)

    @property
    def _shown_key(self) -> str | None:
        if self.is_testing:
            return TEST_KEY
        return profile_key(self._shown) if self._shown else None

    @on(DiagnosisPane.StageSelected)
    def _stage_selected(self, event: DiagnosisPane.StageSelected) -> None:
        if (key := self._shown_key) is not None:
            self.log_view.reveal(self.session.state[key].run_id, event.stage)

    @on(LogView.SaveRequested)
    def _save_log(self) -> None:
        profile = self._shown
        if profile is None or profile.target is None:
            return
        log = self.session.record(profile).log
        text = saved_log(profile.target, log, datetime.now(UTC))
        self.say_kept(keep(Kind.LOG, profile.name, text))

    def action_focus_targets(self) -> None:
        """Go to the targets."""
        self.go_to(Pane.TARGETS)

    def action_focus_diagnosis(self) -> None:
        """Go to the diagnosis."""
        self.go_to(Pane.DIAGNOSIS)

    def action_focus_log(self) -> None:
        """Go to the log."""
        self.go_to(Pane.LOG)

    def action_next_pane(self) -> None:
        """Go to the next pane."""
        self._go_on(1)

    def action_previous_pane(self) -> None:
        """Go to the pane before."""
        self._go_on(-1)

    def _go_on(self, direction: int) -> None:
        at = PANES.index(self.pane) if self.pane in PANES else 0
        self.go_to(PANES[(at + direction) % len(PANES)])

    def action_zoom(self) -> None:
        """Give the whole screen to the focused pane, and back."""
        self.toggle_class("-zoom")

    async def perform(self, pane: Pane, command: Command) -> None:
        """Carry out a command of a pane, as if its key had been pressed there."""
        if pane in PANES:
            self.go_to(pane)
        await self.app.run_action(command.action, self._widget(pane) if pane in PANES else self)

    def file_written(self, key: str | None) -> None:
        """Show the file after a change, with the cursor in the list."""
        self.show_file(key)
        self.go_to(Pane.TARGETS)

    def show_test(self, target: Target, record: Record) -> None:
        """Show the run of a target that is not in the file."""
        self._place(self.pane)
        self.diagnosis.show(target, record, remark="Test, not saved: ")
        self.log_view.show(record.log)

    def show_selected(self) -> None:
        """Show the target under the cursor again."""
        self._shown = None
        self._display(self.targets.selected)

    def action_filter_targets(self) -> None:
        """Type what the shown targets have to contain."""
        self._open_filter(Pane.TARGETS, self.targets.filter_text)

    def action_filter_log(self) -> None:
        """Type what the shown log lines have to contain."""
        self._open_filter(Pane.LOG, self.log_view.filter_text)

    def _open_filter(self, pane: Pane, text: str) -> None:
        self.query_one(KeyBar).display = False
        self.query_one(FilterBar).open(pane, text)

    @on(FilterBar.Typed)
    def _filter_typed(self, event: FilterBar.Typed) -> None:
        if event.pane is Pane.TARGETS:
            self.targets.filter(event.text)
        else:
            self.log_view.filter(event.text)

    @on(FilterBar.Closed)
    def _filter_closed(self, event: FilterBar.Closed) -> None:
        self.query_one(KeyBar).display = True
        if event.back:
            self.go_to(event.pane)
