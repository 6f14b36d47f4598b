"""The console's working screen: targets, diagnosis, log, and the form beside the list."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container

from dcmecho.console.commands import ANYWHERE, CANCEL, COMMANDS, Command, Pane, bindings
from dcmecho.console.editing import Draft, draft_clone, draft_new, draft_of
from dcmecho.console.engine import Engine
from dcmecho.console.file_words import file_words
from dcmecho.console.log_buffer import LogBuffer
from dcmecho.console.log_text import saved_log
from dcmecho.console.round import Round
from dcmecho.console.round_words import Choice, choose, result_of
from dcmecho.console.saving import Kind, keep
from dcmecho.console.screens.opening import OpeningScreen
from dcmecho.console.session import profile_key
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
from dcmecho.console.words import count, problem_text
from dcmecho.diagnosis.sanitize import printable
from dcmecho.profiles.model import Profile

PANES = (Pane.TARGETS, Pane.DIAGNOSIS, Pane.LOG)
_PLACE_CLASSES = {
    Pane.TARGETS: "-at-targets",
    Pane.DIAGNOSIS: "-at-diagnosis",
    Pane.LOG: "-at-log",
    Pane.EDITOR: "-at-editor",
}


_ABOUT_A_TARGET = frozenset(
    {"edit", "clone", "delete", "guide", "services", "cancel", "experiment", "report", "copy"}
)


class MainScreen(OpeningScreen):
    """Holds the panes together; what they show comes from the session."""

    BINDINGS = bindings(Pane.ANYWHERE)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012

    def __init__(self, profiles_path: Path, engine: Engine, terminal: Terminal) -> None:
        super().__init__(profiles_path, engine, terminal)
        self._shown: Profile | None = None

    def compose(self) -> ComposeResult:
        """A heading, three panes, a notice and the keys."""
        yield Heading(self.session.state)
        with Container(id="body"):
            yield TargetList(self.session.state, self.symbols)
            yield Workbench(self.session, self.symbols)
        yield LogView(self.symbols)
        yield Notice(self.symbols)
        yield KeyBar()
        yield FilterBar()

    def on_mount(self) -> None:
        """Show the file; the cursor goes to its first target."""
        self.show_file()
        self.go_to(Pane.TARGETS)

    # What is where

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
        self._widget(pane).focus()

    def _place(self, pane: Pane) -> None:
        self.pane = pane
        # At once, because each change of a class styles the whole screen anew.
        classes = self.classes.difference(_PLACE_CLASSES.values()) | {_PLACE_CLASSES[pane]}
        if classes != self.classes:
            self.set_classes(classes)
        self.refresh_keys()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The keys and, on a small screen, the room go with the focus."""
        for pane in PANES:
            if event.widget is self._widget(pane):
                self._place(pane)
        if "editor" in {node.id for node in event.widget.ancestors}:
            self._place(Pane.EDITOR)

    def refresh_keys(self) -> None:
        """Show the keys of the focused pane."""
        own = [command for command in COMMANDS[self.pane] if command.label]
        general = [
            command
            for command in ANYWHERE
            if command.label and command is not CANCEL and self.check_action(command.action, ())
        ]
        cancel = [CANCEL] if self.check_action(CANCEL.action, ()) else []
        self.query_one(KeyBar).show(own if self.pane is Pane.EDITOR else [*cancel, *own, *general])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
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

    # The file and the selection

    def show_file(self, select: str | None = None) -> None:
        """Show the profile file as it is now; the cursor goes to the profile with this key."""
        book = self.session.book
        self.targets.show(book.profiles, book.problems, select)
        self.query_one(Heading).show(book)

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
        if profile is None or profile.target is None:
            self._show_problems(profile)
        elif before != profile or self.diagnosis.target is None:
            record = self.session.record(profile)
            self.diagnosis.show(profile.target, record)
            self.log_view.show(record.log)
        self.refresh_keys()

    def _show_problems(self, profile: Profile | None) -> None:
        self.log_view.show(LogBuffer())
        words = file_words(self.session.book, profile)
        self.diagnosis.show_problems(words.title, words.head, words.problems)

    # Runs

    def action_diagnose(self) -> None:
        """Start a run of the selected target."""
        profile = self.chosen
        if profile is None:
            self.say(self.targets.empty_text.strip(), Mark.WARNING)
        elif profile.target is None:
            reason = f": {problem_text(profile.problems[0])}" if profile.problems else ""
            self.say(f"{printable(profile.name)} cannot run{reason}", Mark.FAILED)
        elif self.session.record(profile).running:
            self.say(f"{printable(profile.name)} is running: esc cancels it.", Mark.RUNNING)
        else:
            self.query_one(Notice).clear()
            self.diagnosis.begin()
            self.start_run(profile)

    def action_diagnose_all(self) -> None:
        """Start a round through the shown targets that may be probed."""
        if self.session.round is not None:
            self.say(f"{self.session.round.words}: esc cancels.", Mark.RUNNING)
            return
        choice = choose(self.targets.shown, self.session.state)
        if choice.profiles:
            self.targets.show_failing(())
            self.start_round(choice.profiles)
            self.show_round_begin(choice)
        else:
            self.say(choice.left_out or self.targets.empty_text.strip(), Mark.WARNING)

    def show_round_begin(self, choice: Choice) -> None:
        """Tell what begins, and what is left out."""
        targets = count(len(choice.profiles), "target")
        left_out = f" Left out: {choice.left_out}." if choice.left_out else ""
        self.say(f"Checking {targets}: esc cancels.{left_out}", Mark.RUNNING)

    def show_round(self, current: Round) -> None:
        """Say in the heading how far it is; the failing ones go to the top of the list."""
        self.query_one(Heading).show_progress(current.words)
        self.targets.show_failing(current.failing)

    def show_round_end(self, finished: Round) -> None:
        """The tally comes back; one line says what it came to."""
        self.query_one(Heading).show_progress("")
        self.targets.show_failing(finished.failing)
        self.refresh_keys()
        result = result_of(finished)
        self.say(result.text, result.mark)

    def action_cancel(self) -> None:
        """End the round, or the selected target's run; the screen says so at once."""
        if self.session.round is not None:
            self.session.round.cancel()
            self.show_round(self.session.round)
            return
        if (profile := self.chosen) is not None:
            self.cancel_run(profile)

    def action_experiment(self) -> None:
        """Make the experiment that the diagnosis announces; where it is not seen, show it first."""
        profile = self.chosen
        if profile is None or profile.target is None:
            return
        experiment = self.session.record(profile).next_experiment(profile.target)
        if experiment is None:
            return
        if self.diagnosis.is_announcing(experiment):
            self.query_one(Notice).clear()
            self.start_experiment(profile, experiment)
        else:
            self.go_to(Pane.DIAGNOSIS)
            self.diagnosis.announce()

    def show_changes(self, keys: Collection[str]) -> None:
        """Draw these profiles again, wherever they are seen."""
        self.targets.refresh_profiles(keys)
        self.query_one(Heading).refresh_tally()
        if self._shown is not None and profile_key(self._shown) in keys:
            self.diagnosis.update()
            self.log_view.update()
        self.refresh_keys()
        if self._guide is not None:
            self._guide.show_changes(keys)
        if self._services is not None:
            self._services.show_changes(keys)

    @on(DiagnosisPane.StageSelected)
    def _stage_selected(self, event: DiagnosisPane.StageSelected) -> None:
        if self._shown is not None:
            self.log_view.reveal(self.session.record(self._shown).run_id, event.stage)

    @on(LogView.SaveRequested)
    def _save_log(self) -> None:
        profile = self._shown
        if profile is None or profile.target is None:
            return
        log = self.session.record(profile).log
        text = saved_log(profile.target, log, datetime.now(UTC))
        self.say_kept(keep(Kind.LOG, profile.name, text))

    # Moving about

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

    # Editing and filtering

    def action_edit(self) -> None:
        """Edit the selected target beside the list."""
        if (profile := self.chosen) is not None:
            self._open_form(draft_of(self.session.book, profile))

    def action_new(self) -> None:
        """Add a target, in the group of the selected one."""
        group = self.chosen.group if self.chosen else ""
        self._open_form(draft_new(self.session.book, group))

    def action_clone(self) -> None:
        """Add a target that starts as a copy of the selected one."""
        if (profile := self.chosen) is not None:
            self._open_form(draft_clone(self.session.book, profile))

    def _open_form(self, draft: Draft) -> None:
        self.query_one(Notice).clear()
        self.remove_class("-zoom")
        self.query_one(Workbench).edit(draft)

    def action_delete(self) -> None:
        """Delete the selected target, after asking."""
        if (profile := self.chosen) is not None:
            self.query_one(Workbench).delete(profile)

    @on(Workbench.Closed)
    def _form_closed(self, event: Workbench.Closed) -> None:
        self.query_one(Notice).clear()
        if event.file_changed:
            self.show_file(event.saved)
        self.go_to(Pane.TARGETS)

    @on(Workbench.Said)
    def _said(self, event: Workbench.Said) -> None:
        self.say(event.text, event.mark)

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
