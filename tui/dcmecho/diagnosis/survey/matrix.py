"""The matrix: every SOP class of the catalogue with every transfer syntax."""

from __future__ import annotations

from collections.abc import Callable

from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.services.catalogue import (
    NOBODYS_SOP_CLASS,
    NOBODYS_SYNTAX,
    SERVICES,
    Catalogue,
)
from dcmecho.diagnosis.services.model import ContextReply, Matrix
from dcmecho.diagnosis.survey.associations import Associations, BudgetSpentError
from dcmecho.diagnosis.survey.contexts import (
    Answers,
    Question,
    answers,
    batches,
    proposals,
    questions,
    row,
)
from dcmecho.standard.uids import IMPLICIT_VR_LITTLE_ENDIAN, VERIFICATION_SOP_CLASS

Names = Callable[[str], str]
"""Gives the dictionary's name of a UID."""

_NOBODYS = {
    Question(NOBODYS_SOP_CLASS, IMPLICIT_VR_LITTLE_ENDIAN): "a SOP class that does not exist",
    Question(VERIFICATION_SOP_CLASS, NOBODYS_SYNTAX): "a transfer syntax that does not exist",
}
"""Asked besides: some peers accept whatever is proposed, and their acceptance proves nothing."""


def plan(catalogue: Catalogue) -> tuple[tuple[Question, ...], ...]:
    """Give the questions of each association.

    The first one is small: it holds the services, so that a peer that cannot be reached, or does
    not stand 128 contexts, is told apart.
    """
    services = [each for each in catalogue.sop_classes if each.group == SERVICES]
    objects = [each for each in catalogue.sop_classes if each.group != SERVICES]
    return ((*_NOBODYS, *questions(services)), *batches(questions(objects)))


class MatrixSurvey:
    """Asks association by association; ``matrix`` is what is known so far."""

    def __init__(self, catalogue: Catalogue, names: Names) -> None:
        self._catalogue = catalogue
        self._names = names
        self._known: dict[Question, ContextReply] = {}
        self._broken_off = ""
        self.plan = plan(catalogue)

    def ask(self, associations: Associations) -> Report | None:
        """Ask everything, in as many associations as it takes.

        Ends at the first one that does not come about, and returns its report. Raises
        ``CancelledError``.
        """
        for number, batch in enumerate(self.plan, start=1):
            purpose = (
                f"association {number} of {len(self.plan)}:"
                f" {count(len(batch), 'presentation context')}"
            )
            try:
                associated = associations.open(purpose, proposals(batch))
            except BudgetSpentError as error:
                self._broken_off = str(error)
                return None
            self._known |= answers(batch, associated.acceptance)
            if associated.acceptance is None:
                title = associated.report.verdict.title
                size = f"a request with {count(len(batch), 'presentation context')}"
                self._broken_off = f"{size}: {title}" if number > 1 else title
                return associated.report
        return None

    @property
    def answers(self) -> Answers:
        """Every answer so far."""
        return self._known

    @property
    def matrix(self) -> Matrix:
        """The matrix as far as it is known."""
        return Matrix(
            rows=tuple(
                row(each, self._names(each.uid), self._known)
                for each in self._catalogue.sop_classes
            ),
            names=tuple(self._names(syntax.uid) for syntax in self._catalogue.syntaxes),
            syntaxes=self._catalogue.syntaxes,
            indiscriminate=tuple(
                what
                for question, what in _NOBODYS.items()
                if self._known.get(question) is ContextReply.ACCEPTED
            ),
            broken_off=self._broken_off,
        )
