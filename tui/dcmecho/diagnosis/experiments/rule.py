"""One rule that compares two answers of one peer, and the sets of answers that rules name."""

from __future__ import annotations

from dataclasses import dataclass

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.experiments.answers import (
    AnswerKind,
)
from dcmecho.diagnosis.experiments.plans import Experiment, ExperimentId
from dcmecho.diagnosis.target.fields import Field


def kinds(*each: AnswerKind) -> frozenset[AnswerKind]:
    """Return a set of answers."""
    return frozenset(each)


CALLED = kinds(AnswerKind.REJECTED_CALLED)
CALLING = kinds(AnswerKind.REJECTED_CALLING)
REJECTED = CALLED | CALLING
TITLES = REJECTED | {AnswerKind.ABORTED}
BROKEN_OFF = kinds(AnswerKind.ABORTED, AnswerKind.ABORTED_AT_ECHO)
"""An abort can be a temporary error, so comparing with one proves and rules out nothing."""
ECHO_ENDED_IT = kinds(AnswerKind.ABORTED_AT_ECHO, AnswerKind.CLOSED_AT_ECHO)
APP_CONTEXT = kinds(AnswerKind.REJECTED_APP_CONTEXT, AnswerKind.REJECTED_APP_CONTEXT_FOR_NOW)
NO_ANSWER = kinds(AnswerKind.SILENT, AnswerKind.CLOSED)

OFTEN, SOMETIMES, SELDOM = 0.5, 0.3, 0.03


@dataclass(frozen=True, slots=True)
class Rule:
    """Applies if the first attempt ended as one of ``first``, the experiment as one of ``then``.

    ``proves`` leaves one cause, once both requests were repeated with the same results; until then
    that cause is likely. ``likely`` raises causes and ``doubts`` puts them last. ``rules_out``
    removes causes, only if no peer can answer like that for such a reason.
    """

    experiment: ExperimentId
    first: frozenset[AnswerKind]
    then: frozenset[AnswerKind]
    says: str
    proves: CauseId | None = None
    likely: tuple[CauseId, ...] = ()
    doubts: tuple[CauseId, ...] = ()
    rules_out: tuple[CauseId, ...] = ()
    title: Field | None = None
    """The title that the experiment must have written differently; ``None`` for any."""
    chance: float = SOMETIMES
    """How often such an answer comes if a cause is true that it speaks for."""

    @property
    def raises(self) -> tuple[CauseId, ...]:
        """Return the causes that become likely."""
        return (*self.likely, *([self.proves] if self.proves else ()))

    def is_about(self, experiment: Experiment, seen: AnswerKind) -> bool:
        """Report whether the rule can apply to ``experiment``, compared with ``seen``."""
        same_title = self.title is None or self.title is experiment.title
        return self.experiment is experiment.id and same_title and seen in self.first
