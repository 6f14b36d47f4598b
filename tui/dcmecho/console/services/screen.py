"""The services screen of one target: the matrix, a query, large requests."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import assert_never

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from dcmecho.console.command import Need, Pane
from dcmecho.console.commands import bindings, need_of, offered
from dcmecho.console.runs.runs import Runs
from dcmecho.console.runs.session import Session
from dcmecho.console.runs.state.record import Record
from dcmecho.console.saving import SavedKind, SaveResult
from dcmecho.console.screens.confirm import ConfirmScreen
from dcmecho.console.screens.mounted import is_usable
from dcmecho.console.screens.unused_keys import Keys
from dcmecho.console.screens.wide_or_narrow import BREAKPOINTS, arrange
from dcmecho.console.services.forms import MOVE, STORE, ServiceForm, ServiceRequest
from dcmecho.console.services.matrix import MatrixView
from dcmecho.console.services.object_form import OBJECT
from dcmecho.console.services.rows import beside_rows, like_line
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.widgets.key_bar import KeyBar
from dcmecho.console.widgets.lines import Lines
from dcmecho.console.widgets.notice import Notice
from dcmecho.console.widgets.row_keys import MovesRows
from dcmecho.console.wrapping import beside
from dcmecho.diagnosis.services.model import LikeResult, ServicesResult
from dcmecho.diagnosis.services.service import Service
from dcmecho.diagnosis.survey.probe import CONTEXTS, MOST_ASSOCIATIONS, PATIENCE_S
from dcmecho.diagnosis.survey.survey import SurveyRequest, refusal
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.book.model import Profile

_QUERY = (
    "dcmecho opens one association and sends one C-FIND for a random Study Instance UID. No study"
    " has that UID, so nothing can match and nothing is kept. The peer might log a query from your"
    " AE title."
)
_PROBE = (
    f"Sends {len(CONTEXTS)} association requests of 0.3 to 16 kB, 1 s apart. If one gets no answer,"
    f" up to {MOST_ASSOCIATIONS - len(CONTEXTS)} more follow (waiting at most {PATIENCE_S:g} s"
    " each). Sends no data. The peer might log the requests."
)


class ServicesScreen(MovesRows, Screen[None]):
    """Shows the answers so far, and requests more when a key is pressed."""

    HORIZONTAL_BREAKPOINTS = BREAKPOINTS

    BINDINGS = bindings(Pane.SERVICES)

    def __init__(self, session: Session, runs: Runs, key: str, symbols: Symbols) -> None:
        super().__init__()
        self._session = session
        self._runs = runs
        self._key = key
        self._symbols = symbols

    def compose(self) -> ComposeResult:
        """Yield the target's name, the matrix, its explanation, a notice and the keys."""
        yield Static(id="services-heading", markup=False)
        yield Static(id="like", markup=False)
        with Container(id="services"):
            yield MatrixView(self._symbols)
            yield Lines(id="beside")
        yield Notice(self._symbols)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show what is known already."""
        arrange(self)
        self._show_heading()
        self.matrix.border_title = Service.MATRIX.row.title
        self.beside.border_title = "Explanation"
        self.matrix.focus()
        self.update()

    def on_resize(self) -> None:
        """Fit the heading to the new width."""
        self._show_heading()

    def _show_heading(self) -> None:
        connection = str(self._target)
        room = self.app.size.width - len(" Services  ")
        name = beside(self._target.name, connection, room)
        self.query_one("#services-heading", Static).update(
            Content.assemble(
                (" Services ", "bold $accent"), (f" {name}", "bold"), f"  {connection}"
            )
        )

    @property
    def matrix(self) -> MatrixView:
        """The matrix."""
        return self.query_one(MatrixView)

    @property
    def beside(self) -> Lines:
        """The explanation beside the matrix."""
        return self.query_one("#beside", Lines)

    @property
    def _profile(self) -> Profile:
        profile = self._session.find(self._key)
        assert profile is not None, "only while it is possible"
        return profile

    @property
    def _target(self) -> Target:
        target = self._profile.target
        assert target is not None, "only a target that can run has services"
        return target

    @property
    def _record(self) -> Record:
        return self._session.record(self._profile)

    @property
    def _result(self) -> ServicesResult | None:
        return self._record.services_of(self._target)

    def show_changes(self, keys: Collection[str]) -> None:
        """Show what the runs of these keys have reported."""
        if self._key in keys and is_usable(self) and self._is_possible:
            self.update()

    def leave_if_gone(self) -> None:
        """Go back to the console if the target was deleted or now has errors."""
        if not self._is_possible:
            self.dismiss()

    def on_screen_resume(self) -> None:
        """Leave if needed: the file can have changed while a dialog was open."""
        self.leave_if_gone()

    @property
    def _is_possible(self) -> bool:
        profile = self._session.find(self._key)
        return profile is not None and profile.target is not None

    def update(self) -> None:
        """Show what is known now."""
        result = self._result
        self._show_like(result.like if result else None)
        self.matrix.show(result.matrix if result else None)
        self._show_beside()
        self._refresh_keys()

    def _show_like(self, like: LikeResult | None) -> None:
        line = self.query_one("#like", Static)
        line.display = like is not None
        if like is not None:
            line.update(like_line(like, self._symbols))

    def _show_beside(self) -> None:
        target, record, about = self._target, self._record, self.matrix.about
        self.beside.show(lambda width: beside_rows(target, record, about, width, self._symbols))

    @on(MatrixView.Moved)
    def _moved(self) -> None:
        self.remove_class("-answers")
        self._show_beside()
        self.beside.scroll_to(y=0, animate=False, force=True)

    def _refresh_keys(self) -> None:
        self.query_one(KeyBar).show(offered(Pane.SERVICES, self.meets))

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        return self.meets(need_of(action, Pane.SERVICES))

    def keys_now(self) -> Keys:
        """Return the keys of the services."""
        return Keys((Pane.SERVICES,), self.meets)

    def meets(self, need: Need) -> bool:
        """Return whether what a command of this screen needs is there now."""
        if not self._is_possible:
            return False
        match need:
            case Need.IDLE:
                return not self._record.running
            case Need.RESULT:
                return self._result is not None and not self._record.running
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

    def action_ask(self) -> None:
        """Ask for the matrix."""
        self._start(SurveyRequest(matrix=True))

    def action_like(self) -> None:
        """Ask whether the peer would accept an object like a file. Needs no consent."""
        self._order(OBJECT)

    def action_query(self) -> None:
        """Send the C-FIND, after asking."""
        question = "Send one C-FIND query?"
        self._confirm(question, _QUERY, "send", SurveyRequest(query=True))

    def action_probe(self) -> None:
        """Send the requests of growing size, after asking."""
        question = "Send association requests of growing size?"
        self._confirm(question, _PROBE, "send", SurveyRequest(probe=True))

    def action_move(self) -> None:
        """Have a study sent to this machine, after a form and a question."""
        self._order(MOVE)

    def action_store(self) -> None:
        """Store a test image, after a form and a question."""
        self._order(STORE)

    def _order(self, kind: ServiceForm) -> None:
        from dcmecho.console.services.form_screen import ServiceFormScreen

        if not self._says_refusal():
            self.app.push_screen(
                ServiceFormScreen(kind, self._target), partial(self._ordered, kind)
            )

    def _ordered(self, kind: ServiceForm, order: ServiceRequest | None) -> None:
        if order is not None and not order.sentence:
            self._start(order.asked)
        elif order is not None:
            screen = ConfirmScreen(kind.question, order.sentence, "send", "cancel")
            self.app.push_screen(screen, partial(self._answered, order.asked))

    def _confirm(self, question: str, details: str, yes: str, asked: SurveyRequest) -> None:
        if self._says_refusal():
            return
        details = f"{details}\n\n{self._target}"
        screen = ConfirmScreen(question, details, yes, "cancel")
        self.app.push_screen(screen, partial(self._answered, asked))

    def _answered(self, asked: SurveyRequest, answer: bool | None) -> None:
        if answer:
            self._start(asked)

    def _start(self, asked: SurveyRequest) -> None:
        if not self._says_refusal():
            self.query_one(Notice).clear()
            self.set_class(not asked.matrix, "-answers")
            self.beside.scroll_to(y=0, animate=False, force=True)
            self._runs.start_survey(self._profile, asked)

    def _says_refusal(self) -> bool:
        why = refusal(self._target)
        if why:
            self.query_one(Notice).say(why, Mark.SKIPPED)
        return bool(why)

    def action_save(self) -> None:
        """Save the answers to a new file and say where."""
        self._say(self._session.saving.keep(SavedKind.SERVICES, self._target.name, self._text()))

    def action_copy(self) -> None:
        """Copy the answers and save them too."""
        copy = self.app.copy_to_clipboard
        self._say(
            self._session.saving.copy_and_keep(
                copy, SavedKind.SERVICES, self._target.name, self._text()
            )
        )

    def _text(self) -> str:
        from dcmecho.report.services import render_services

        result = self._result
        assert result is not None, "offered only where there is something to save"
        return f"{self._target}\n{render_services(result)}"

    def _say(self, kept: SaveResult) -> None:
        self.query_one(Notice).say(kept.text, kept.mark)

    def action_leave(self) -> None:
        """Cancel what is running, or go back to the console."""
        if self._record.running:
            self._runs.cancel_run(self._profile)
        else:
            self.dismiss()

    def action_help(self) -> None:
        """Show the keys of this screen."""
        from dcmecho.console.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(Pane.SERVICES, self._symbols))

    def action_next_pane(self) -> None:
        """Go from the matrix to the explanation, and back."""
        (self.matrix if self.beside.has_focus else self.beside).focus()

    @property
    def moved_pane(self) -> MatrixView | Lines:
        """The explanation if it has the focus, else the matrix."""
        return self.beside if self.beside.has_focus else self.matrix
