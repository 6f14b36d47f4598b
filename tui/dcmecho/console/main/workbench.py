"""The place to the right of the list: the diagnosis, or a form while targets are edited."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container

from dcmecho.console.diagnose.pane import DiagnosisPane
from dcmecho.console.editing.form import EditForm
from dcmecho.console.editing.many_form import EditMany
from dcmecho.console.symbols import Symbols

Form = EditForm | EditMany
"""The forms that can take the place of the diagnosis."""


class Workbench(Container):
    """Shows one form at a time; below it the diagnosis while its values are tested."""

    def __init__(self, symbols: Symbols) -> None:
        super().__init__(id="workbench")
        self._symbols = symbols
        self._form: Form | None = None

    def compose(self) -> ComposeResult:
        """Yield the diagnosis; a form is mounted when it is needed."""
        yield DiagnosisPane(self._symbols)

    @property
    def form(self) -> Form | None:
        """The form that is open."""
        return self._form

    def open(self, form: Form) -> None:
        """Put a form in the place of the diagnosis."""
        self._form = form
        self.query_one(DiagnosisPane).display = False
        self.keep(form)

    def keep(self, form: Form) -> None:
        """Mount a form in advance, hidden."""
        if form.parent is None:
            self.mount(form, before=0)

    def show_test(self) -> None:
        """Give the diagnosis room below the form."""
        self.query_one(DiagnosisPane).display = True

    def close(self) -> None:
        """Show the diagnosis again."""
        if self._form is None:
            return
        if isinstance(self._form, EditForm):
            self._form.end()
        else:
            self._form.remove()
        self._form = None
        self.query_one(DiagnosisPane).display = True
