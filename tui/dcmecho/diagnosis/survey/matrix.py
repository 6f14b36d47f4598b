"""Asks about every SOP class of the catalogue with every transfer syntax."""

from __future__ import annotations

from collections.abc import Callable

from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.services.catalogue import (
    MADE_UP_SOP_CLASS,
    MADE_UP_SYNTAX,
    SERVICES,
    Catalogue,
)
from dcmecho.diagnosis.services.model import ContextReply, Matrix
from dcmecho.diagnosis.survey.associations import Associations, BudgetSpentError
from dcmecho.diagnosis.survey.contexts import (
    Answers,
    ContextQuestion,
    answers,
    batches,
    proposals,
    questions,
    row,
)
from dcmecho.standard.uids import IMPLICIT_VR_LITTLE_ENDIAN, VERIFICATION_SOP_CLASS

Names = Callable[[str], str]
"""Returns the name of a UID from the DICOM dictionary."""

_MADE_UP = {
    ContextQuestion(
        MADE_UP_SOP_CLASS, IMPLICIT_VR_LITTLE_ENDIAN
    ): "a SOP class that does not exist",
    ContextQuestion(
        VERIFICATION_SOP_CLASS, MADE_UP_SYNTAX
    ): "a transfer syntax that does not exist",
}
"""Control questions: some peers accept everything, and their acceptance proves nothing."""


def plan(catalogue: Catalogue) -> tuple[tuple[ContextQuestion, ...], ...]:
    """Return the questions of each association.

    The first association is small and asks about the services. It tells a peer that cannot be
    reached apart from a peer that cannot handle 128 presentation contexts.
    """
    services = [each for each in catalogue.sop_classes if each.group == SERVICES]
    objects = [each for each in catalogue.sop_classes if each.group != SERVICES]
    return ((*_MADE_UP, *questions(services)), *batches(questions(objects)))


class MatrixSurvey:
    """Asks one association after another; ``matrix`` holds the answers so far."""

    def __init__(self, catalogue: Catalogue, names: Names) -> None:
        self._catalogue = catalogue
        self._names = names
        self._known: dict[ContextQuestion, ContextReply] = {}
        self._broken_off = ""
        self.plan = plan(catalogue)

    def ask(self, associations: Associations) -> Report | None:
        """Ask everything, in as many associations as needed.

        Stops at the first association that cannot be opened, and returns its report. Raises
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
        """The answers so far."""
        return self._known

    @property
    def matrix(self) -> Matrix:
        """The matrix of the answers so far."""
        return Matrix(
            rows=tuple(
                row(each, self._names(each.uid), self._known)
                for each in self._catalogue.sop_classes
            ),
            names=tuple(self._names(syntax.uid) for syntax in self._catalogue.syntaxes),
            syntaxes=self._catalogue.syntaxes,
            indiscriminate=tuple(
                what
                for question, what in _MADE_UP.items()
                if self._known.get(question) is ContextReply.ACCEPTED
            ),
            broken_off=self._broken_off,
        )
