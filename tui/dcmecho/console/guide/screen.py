"""The guide on the screen: one step, and what is known beside it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import assert_never

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from dcmecho.console.command import Need, Pane, why_not
from dcmecho.console.commands import bindings, need_of, offered
from dcmecho.console.guide import decisions
from dcmecho.console.guide.controller import GuideController
from dcmecho.console.guide.decisions import Decision
from dcmecho.console.guide.page import Page
from dcmecho.console.guide.rows import known_rows
from dcmecho.console.guide.step_pane import StepPane
from dcmecho.console.runs.runs import Runs
from dcmecho.console.runs.session import Session
from dcmecho.console.runs.writes import Writes
from dcmecho.console.saving import SaveResult
from dcmecho.console.screens.mounted import is_usable
from dcmecho.console.screens.unused_keys import Keys
from dcmecho.console.screens.wide_or_narrow import BREAKPOINTS, arrange
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.widgets.key_bar import KeyBar
from dcmecho.console.widgets.lines import Lines
from dcmecho.console.widgets.notice import Notice
from dcmecho.console.widgets.row_keys import MovesRows
from dcmecho.console.wrapping import beside

_KNOWN_ROWS = 6
"""Lines of what is known that remain below a long text on a narrow screen."""

_WRITTEN = SaveResult("Your choice in the guide was written to the file.", Mark.OK)


class GuideScreen(MovesRows, Screen[None]):
    """Shows the current page of the guide, and passes on the user's choices."""

    HORIZONTAL_BREAKPOINTS = BREAKPOINTS

    BINDINGS = bindings(Pane.GUIDE)

    def __init__(
        self,
        session: Session,
        runs: Runs,
        writes: Writes,
        show_file: Callable[[str], object],
        key: str,
        symbols: Symbols,
        report_late: Callable[[SaveResult], object],
    ) -> None:
        """``report_late`` reports the result of a write that ends after this screen was left."""
        super().__init__()
        self.controller = GuideController(
            session,
            runs,
            writes,
            key,
            show_file=show_file,
            copy=lambda text: self.app.copy_to_clipboard(text),
            tell=self._tell,
        )
        self._report_late = report_late
        self._symbols = symbols
        self._page = Page("", (), ())

    def compose(self) -> ComposeResult:
        """Yield the target's name, the step and what is known, a notice and the keys."""
        yield Static(id="guide-heading", markup=False)
        with Container(id="walk"):
            yield StepPane(self._symbols, self.controller.judge)
            yield Lines(id="known")
        yield Notice(self._symbols)
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin, or resume where the guide was left."""
        arrange(self)
        self.known.border_title = "What is known"
        self._show_heading()
        self.update()

    @property
    def step(self) -> StepPane:
        """The pane of the step."""
        return self.query_one(StepPane)

    @property
    def known(self) -> Lines:
        """The pane of what is known."""
        return self.query_one("#known", Lines)

    def show_changes(self, keys: Collection[str]) -> None:
        """Show what the runs of these keys have reported."""
        if self.controller.key in keys and is_usable(self) and self.controller.is_possible:
            self.controller.go_on()
            self.update()

    def leave_if_gone(self) -> None:
        """Go back to the console if the target was deleted or now has errors."""
        if not self.controller.is_possible:
            self.dismiss()

    def on_screen_resume(self) -> None:
        """Leave if needed: the file can have changed while a dialog was open."""
        self.leave_if_gone()

    def update(self) -> None:
        """Show the current state of the guide."""
        controller = self.controller
        target, record, guide_progress = (
            controller.target,
            controller.record,
            controller.guide_progress,
        )
        self._page = controller.page
        self.set_class(bool(self._page.handover), "-handing-over")
        self.step.show(self._page)
        self.known.show(
            lambda width: known_rows(target, record, guide_progress, width, self._symbols)
        )
        self.call_after_refresh(self._share_height)
        self._refresh_keys()

    def _show_heading(self) -> None:
        target = self.controller.target
        connection = str(target)
        room = self.app.size.width - len(" Guide  ")
        name = beside(target.name, connection, room)
        self.query_one("#guide-heading", Static).update(
            Content.assemble((" Guide ", "bold $accent"), (f" {name}", "bold"), f"  {connection}")
        )

    def _share_height(self) -> None:
        """Give the step the height it needs, but keep some lines of what is known."""
        if not self.has_class("-narrow") or self._page.handover:
            self.step.styles.height = "1fr"
            return
        room = self.query_one("#walk").size.height - _KNOWN_ROWS
        self.step.styles.height = max(_KNOWN_ROWS, min(self.step.wanted_height + 1, room))

    def on_resize(self) -> None:
        """Share the new height."""
        if self.controller.is_possible:
            self._show_heading()
        self.call_after_refresh(self._share_height)

    @property
    def _keys(self) -> Pane:
        return Pane.QUESTION if self.step.is_typing else Pane.GUIDE

    def on_descendant_focus(self) -> None:
        """Change the keys with the focus: letters typed into a field are not commands."""
        self._refresh_keys()

    def _refresh_keys(self) -> None:
        self.query_one(KeyBar).show(offered(self._keys, self.meets))

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        return self.meets(need_of(action, Pane.GUIDE, Pane.QUESTION))

    def keys_now(self) -> Keys:
        """Return the keys of the guide, or of its question."""
        return Keys((self._keys,), self.meets, self._why_not)

    def _why_not(self, need: Need) -> str:
        running = self.controller.is_possible and self.controller.record.running
        return why_not(Need.IDLE if running else need)

    def meets(self, need: Need) -> bool:
        """Return whether what a command of this screen needs is there now."""
        controller = self.controller
        if not controller.is_possible:
            return False
        idle = not controller.record.running
        match need:
            case Need.OFFER:
                return self._declining is not None
            case Need.CHANGE:
                return idle and bool(controller.guide_progress.changes)
            case Need.RESULT:
                return idle and controller.record.new_report is not None
            case Need.ANSWER:
                return idle and controller.guide_progress.can_step_back
            case Need.RUNNABLE:
                return controller.can_run
            case Need.WALK:
                return idle and controller.guide_progress.is_begun
            case (
                Need.NOTHING
                | Need.TARGETS
                | Need.TARGET
                | Need.RUN
                | Need.IDLE
                | Need.EXPERIMENT
                | Need.HIDDEN
            ):
                return True
            case _:
                assert_never(need)

    @property
    def _declining(self) -> Decision | None:
        offered = (choice.decision for choice in self._page.choices)
        return next(
            (d for d in offered if isinstance(d, decisions.Decline | decisions.Refuse)), None
        )

    def _do(self, decision: Decision) -> None:
        if isinstance(decision, decisions.Leave):
            self.dismiss()
            return
        self.controller.do(decision)

    @on(StepPane.Answered)
    def _typed(self, event: StepPane.Answered) -> None:
        event.stop()
        self.controller.answer(event.ask, event.text)

    def _tell(self, kept: SaveResult | None) -> None:
        if not is_usable(self):
            self._report_late(kept or _WRITTEN)
            return
        notice = self.query_one(Notice)
        if kept is None:
            notice.clear()
        else:
            notice.say(kept.text, kept.mark)
        if self.controller.is_possible:
            self._show_heading()
            self.update()
        else:
            self.dismiss()

    def action_choose(self) -> None:
        """Choose the item under the cursor."""
        if choice := self.step.chosen:
            self._do(choice.decision)

    def action_skip(self) -> None:
        """Skip what is proposed."""
        if decision := self._declining:
            self._do(decision)

    def action_undo(self) -> None:
        """Undo the last change to the file."""
        self._do(decisions.Undo())

    def action_copy(self) -> None:
        """Copy the message of the page, or the report."""
        self._do(decisions.Copy())

    def action_step_back(self) -> None:
        """Undo the last answer."""
        self._do(decisions.StepBack())

    def action_symptom(self) -> None:
        """Ask again what is wrong."""
        self._do(decisions.NameSymptom())

    def action_run(self) -> None:
        """Check again."""
        self._do(decisions.Run())

    def action_leave(self) -> None:
        """Cancel what is running, or go back to the console."""
        self._do(decisions.Cancel() if self.controller.record.running else decisions.Leave())

    def action_help(self) -> None:
        """Show the keys of the guide, or of the question."""
        from dcmecho.console.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self._keys, self._symbols))

    def action_next_pane(self) -> None:
        """Go from the choices to the text, to what is known, and back."""
        all_panes = (self.step.choices, self.step.text, self.known)
        panes: list[Lines] = [pane for pane in all_panes if pane.display]
        at = next((index for index, pane in enumerate(panes) if pane.has_focus), -1)
        panes[(at + 1) % len(panes)].focus()

    @property
    def _read(self) -> Lines | None:
        """The text with the focus, if any; the arrow keys scroll it and do not move the choice."""
        focused = self.focused
        return focused if isinstance(focused, Lines) and focused is not self.step.choices else None

    @property
    def moved_pane(self) -> Lines:
        """The text with the focus, or else the text of the step."""
        return self._read or self.step.text

    def action_up(self) -> None:
        """Go to the choice above, or up one line."""
        if (text := self._read) is not None:
            text.action_up()
        else:
            self.step.up()

    def action_down(self) -> None:
        """Go to the choice below, or down one line."""
        if (text := self._read) is not None:
            text.action_down()
        else:
            self.step.down()
