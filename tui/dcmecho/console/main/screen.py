"""The console's main screen: it holds the parts, and passes each key and message to one of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.dom import DOMNode
from textual.message import Message
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

from dcmecho.console.command import CommandChosen, Need, Pane
from dcmecho.console.commands import bindings, need_of
from dcmecho.console.diagnose.log_pane import LogView
from dcmecho.console.diagnose.log_text import saved_log
from dcmecho.console.diagnose.pane import DiagnosisPane
from dcmecho.console.editing.cells import CellEditor
from dcmecho.console.editing.editor import Editor
from dcmecho.console.editing.many_form import EditMany
from dcmecho.console.main.diagnosing import Diagnosing
from dcmecho.console.main.editing import Editing
from dcmecho.console.main.file_changes import FileChanges
from dcmecho.console.main.heading import HeadingBar
from dcmecho.console.main.leaving import Leaving
from dcmecho.console.main.opening import Opener
from dcmecho.console.main.panes import PANES, Panes
from dcmecho.console.main.targets import TargetList
from dcmecho.console.main.text_editing import TextEditing
from dcmecho.console.main.watch_control import WatchControl
from dcmecho.console.main.workbench import Workbench
from dcmecho.console.runs.engine import Engine
from dcmecho.console.runs.memory import ConsoleMemory
from dcmecho.console.runs.runs import Runs
from dcmecho.console.runs.session import Session
from dcmecho.console.runs.writes import Writes
from dcmecho.console.saving import SavedKind
from dcmecho.console.screens.unused_keys import Keys
from dcmecho.console.screens.wide_or_narrow import BREAKPOINTS, ROWS, arrange
from dcmecho.console.terminal.terminal import Terminal
from dcmecho.console.widgets.filter_bar import FilterBar
from dcmecho.console.widgets.key_bar import KeyBar
from dcmecho.console.widgets.notice import Notice


class MainScreen(Screen[None]):
    """Targets, diagnosis and log. Their contents come from the session."""

    HORIZONTAL_BREAKPOINTS = BREAKPOINTS

    VERTICAL_BREAKPOINTS = ROWS

    BINDINGS = bindings(Pane.ANYWHERE)

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """As in ``Screen``, but without drawing the whole screen whenever the focus moves."""

    class Wake(Message):
        """A run reported something that the screen should show at once."""

    class WatchNews(Message):
        """The watch reported something; it is shown the next time the screen is updated."""

    def __init__(
        self,
        profiles_path: Path,
        engine: Engine,
        terminal: Terminal,
        notice: str = "",
        memory: ConsoleMemory | None = None,
        *,
        lasts: bool = True,
    ) -> None:
        super().__init__()
        self._notice = notice
        self._symbols = terminal.symbols
        self.session = session = Session(
            profiles_path,
            engine,
            lambda: self.post_message(self.Wake()),
            lambda: self.post_message(self.WatchNews()),
            memory,
        )
        self.panes = panes = Panes(self, session, lambda: self.opener.file_changed())
        self.writes = writes = Writes(self, session, terminal.symbols)
        self.runs = runs = Runs(
            self,
            session,
            terminal,
            show_changes=self._show_changes,
            show_check=lambda current: self.diagnosing.show_check(current),
            show_check_end=lambda finished: self.diagnosing.show_check_end(finished),
            say=panes.say,
        )
        self.diagnosing = Diagnosing(self, session, panes, runs, lambda: self._is_waiting)
        self.editing = Editing(self, session, panes, writes, runs, terminal.symbols)
        self.leaving = Leaving(self, session, self.editing, writes, lasts=lasts)
        self.changes = FileChanges(self, session, panes, writes)
        self.text_editing = TextEditing(self, session, panes, writes)
        self.watching = WatchControl(
            self, session, panes, terminal, self._show_changes, lambda: self.opener.guided
        )
        self.opener = Opener(self, session, panes, writes, runs, engine, terminal)

    def compose(self) -> ComposeResult:
        """Yield a heading, three panes, a notice and the keys."""
        yield HeadingBar(self.session.state)
        with Container(id="body"):
            yield TargetList(self.session.state, self.session.marks, self._symbols)
            yield Workbench(self._symbols)
        yield LogView(self._symbols)
        yield Notice(self._symbols)
        yield KeyBar()
        yield FilterBar()

    def on_mount(self) -> None:
        """Show the file, with the cursor on its first target."""
        arrange(self)
        self.panes.show_file()
        self.panes.go_to(Pane.TARGETS)
        self.changes.watch()
        self.panes.say_what_is_ignored(self._notice)
        self.call_after_refresh(self.leaving.offer)
        self.call_after_refresh(self.session.recall)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Let the keys, and the room on a small screen, follow the focus."""
        self.panes.focus_moved(event.widget)

    def on_resize(self) -> None:
        """Give long names more room, and keep the editor over its row."""
        self.panes.share_width()
        self.call_after_refresh(self.editing.place_cells)

    @property
    def _is_waiting(self) -> bool:
        return self.app.screen is self and self.editing.editor is None

    def _show_changes(self, keys: Collection[str]) -> None:
        self.panes.show_changes(keys)
        self.opener.show_changes(keys)

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        return self._meets(need_of(action, Pane.ANYWHERE, *PANES))

    def keys_now(self) -> Keys:
        """Return the keys of the focused pane; none in an editor, where keys are text."""
        at = self.panes.at
        return Keys((at, Pane.ANYWHERE) if at in PANES else (), self._meets)

    def _meets(self, need: Need) -> bool:
        """Return whether a key acts; without targets, it says how to add one."""
        return need is Need.TARGETS or self.panes.meets(need)

    @on(CommandChosen)
    async def _perform(self, event: CommandChosen) -> None:
        holder: DOMNode = self
        if event.pane in PANES:
            self.panes.go_to(event.pane)
            holder = self.panes.widget(event.pane)
        await self.app.run_action(event.command.action, holder)

    @on(Wake)
    def _woken(self) -> None:
        self.runs.woken()

    @on(WatchNews)
    def _watch_told(self) -> None:
        self.watching.told()

    @on(TargetList.Selected)
    def _selected(self) -> None:
        self.panes.follow_cursor()

    @on(TargetList.Marked)
    def _marked(self) -> None:
        self.panes.refresh_keys()

    @on(DiagnosisPane.StageSelected)
    def _stage_selected(self, event: DiagnosisPane.StageSelected) -> None:
        self.panes.reveal(event.stage)

    @on(LogView.SaveRequested)
    def _save_log(self) -> None:
        profile = self.panes.shown
        if profile is not None and profile.target is not None:
            log = self.session.record(profile).log
            text = saved_log(profile.target, log, datetime.now(UTC))
            self.panes.show_save_result(self.session.saving.keep(SavedKind.LOG, profile.name, text))

    @on(FilterBar.Typed)
    def _filter_typed(self, event: FilterBar.Typed) -> None:
        self.panes.filter(event.pane, event.text)

    @on(FilterBar.Closed)
    def _filter_closed(self, event: FilterBar.Closed) -> None:
        self.panes.filter_closed(event.pane, back=event.back)

    @on(CellEditor.WholeRequested)
    def _open_whole(self, event: CellEditor.WholeRequested) -> None:
        self.editing.open_whole(event)

    @on(Editor.SaveRequested)
    def _save(self, event: Editor.SaveRequested) -> None:
        self.editing.save(event)

    @on(EditMany.SaveRequested)
    def _save_many(self, event: EditMany.SaveRequested) -> None:
        self.editing.save_many(event)

    @on(Editor.Refused)
    def _refused(self, event: Editor.Refused) -> None:
        self.editing.refused(event)

    @on(EditMany.Refused)
    def _refused_many(self, event: EditMany.Refused) -> None:
        self.editing.refused_many(event)

    @on(Editor.Left)
    @on(EditMany.Left)
    def _left(self, event: Editor.Left | EditMany.Left) -> None:
        self.editing.left(event)

    @on(Editor.TestRequested)
    def _test(self, event: Editor.TestRequested) -> None:
        self.editing.test(event)

    def action_quit(self) -> None:
        """Quit; ask first if anything typed or watched would be lost."""
        self.leaving.quit()

    def action_focus_targets(self) -> None:
        """Go to the targets."""
        self.panes.go_to(Pane.TARGETS)

    def action_focus_diagnosis(self) -> None:
        """Go to the diagnosis."""
        self.panes.go_to(Pane.DIAGNOSIS)

    def action_focus_log(self) -> None:
        """Go to the log."""
        self.panes.go_to(Pane.LOG)

    def action_next_pane(self) -> None:
        """Go to the next pane."""
        self.panes.step(1)

    def action_previous_pane(self) -> None:
        """Go to the previous pane."""
        self.panes.step(-1)

    def action_zoom(self) -> None:
        """Zoom the focused pane to the whole screen, or back."""
        self.toggle_class("-zoom")

    def action_filter_targets(self) -> None:
        """Start typing the filter of the target list."""
        self.panes.open_filter(Pane.TARGETS)

    def action_filter_log(self) -> None:
        """Start typing the filter of the log."""
        self.panes.open_filter(Pane.LOG)

    def action_show_all(self) -> None:
        """Clear the filter, or else the marks."""
        self.panes.show_all()

    def action_diagnose(self) -> None:
        """Check the selected target."""
        self.diagnosing.diagnose()

    def action_diagnose_all(self) -> None:
        """Check the marked or all shown targets."""
        self.diagnosing.diagnose_all()

    def action_cancel(self) -> None:
        """Cancel the check of many, or the selected target's run."""
        self.diagnosing.cancel()

    def action_experiment(self) -> None:
        """Run the experiment that the diagnosis proposes."""
        self.diagnosing.experiment()

    def action_edit(self) -> None:
        """Edit the selected target in its row, or one field of all marked targets."""
        self.editing.edit()

    def action_edit_whole(self) -> None:
        """Edit all fields of the selected target to the right of the list."""
        self.editing.edit_whole()

    def action_edit_text(self) -> None:
        """Open the file in the user's text editor, at the selected target."""
        self.text_editing.open()

    def action_new(self) -> None:
        """Add a target to the group of the selected one."""
        self.editing.new()

    def action_clone(self) -> None:
        """Add a target that starts as a copy of the selected one."""
        self.editing.clone()

    def action_delete(self) -> None:
        """Delete the selected target, after asking."""
        self.changes.delete()

    def action_undo(self) -> None:
        """Undo the newest change of this session."""
        self.changes.undo()

    def action_help(self) -> None:
        """Show the keys of the focused pane."""
        self.opener.help()

    def action_palette(self) -> None:
        """Open the command palette."""
        self.opener.palette()

    def action_report(self) -> None:
        """Show the last report as text."""
        self.opener.report()

    def action_history(self) -> None:
        """Show what earlier checks of the selected target found."""
        self.opener.history()

    def action_copy(self) -> None:
        """Copy the last report and save it too."""
        self.opener.copy()

    def action_import_targets(self) -> None:
        """Import targets from a file or from pasted text."""
        self.opener.import_targets()

    def action_explain(self) -> None:
        """Explain what other software wrote, and add a target for it if wanted."""
        self.opener.explain(self.editing.new)

    def action_export_targets(self) -> None:
        """Export the marked targets, or all shown, to a file for another program."""
        self.opener.export_targets()

    def action_guide(self) -> None:
        """Open the guide of the selected target."""
        self.opener.guide()

    def action_listen(self) -> None:
        """Show who calls."""
        self.opener.listen()

    def action_services(self) -> None:
        """Show what the selected target accepts beyond C-ECHO."""
        self.opener.services()

    def action_watch(self) -> None:
        """Watch the marked targets, or the selected one, besides those already watched."""
        self.watching.open()
