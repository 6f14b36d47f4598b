"""The guide: one question or one step at a time, from a failed run to its end. No I/O.

A :class:`Walk` is everything known so far; :func:`next_step` returns what to do now. To leave the
guide and return later, keep the walk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dcmecho.diagnosis.cause import Cause, CauseId, Confidence, Who
from dcmecho.diagnosis.causes.texts import CAUSES
from dcmecho.diagnosis.conclusion.conclusion import conclude, values_of
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.experiments.answers import AnswerKind, answer_of
from dcmecho.diagnosis.experiments.choosing import TITLE_IN
from dcmecho.diagnosis.experiments.differential import ruled_out
from dcmecho.diagnosis.experiments.plans import Experiment, ExperimentId
from dcmecho.diagnosis.experiments.recognition import recognized
from dcmecho.diagnosis.guide.words import Question, Symptom, question_about, symptom_text
from dcmecho.diagnosis.investigation import Investigation
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.sanitize import title_words
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus

_TELLS_A_TITLE = frozenset(
    {ExperimentId.VARIANT_CASE, ExperimentId.VARIANT_SPACES, ExperimentId.OWN_CALLING}
)
_CONFIRMED = "you checked it, and it is correct"
_TITLES = (Field.CALLED_AE, Field.CALLING_AE)


@dataclass(frozen=True, slots=True)
class Edit:
    """A value of the target to change, and why."""

    field: Field
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Propose:
    """Run this experiment: it is the most useful one now."""

    experiment: Experiment


@dataclass(frozen=True, slots=True)
class OfferEdits:
    """Change these values, which worked in an experiment, and check again."""

    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask a person the question that settles ``cause``; the answer is a value to change."""

    cause: Cause[CauseId]
    question: Question


@dataclass(frozen=True, slots=True)
class Act:
    """Follow the actions of ``cause``: it is on this machine, but not a value of the target."""

    cause: Cause[CauseId]


@dataclass(frozen=True, slots=True)
class RunAgain:
    """Check again, because C-ECHO succeeded a little later."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """Send a message to ``who``, who must act on the causes left."""

    who: Who
    causes: tuple[Cause[CauseId], ...]


@dataclass(frozen=True, slots=True)
class Fixed:
    """The check succeeded."""

    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """C-ECHO succeeded in spite of the symptom: what that does not prove, and what to do next."""

    title: str
    text: str
    next: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """The guide has no more questions: show the causes still possible, and the log."""

    causes: tuple[Cause[CauseId], ...]


Step = Propose | OfferEdits | Ask | Act | RunAgain | HandOver | Fixed | Advice | Unknown


@dataclass(frozen=True, slots=True)
class StruckOut:
    """A cause that is ruled out, and why."""

    cause: Cause[CauseId]
    why: str


@dataclass(frozen=True, slots=True)
class Walk:
    """Everything the guide knows. Frozen: each answer makes a new walk."""

    investigation: Investigation
    symptom: Symptom | None = None
    confirmed: tuple[CauseId, ...] = ()
    """Causes that a person has ruled out."""
    unanswered: tuple[CauseId, ...] = ()
    """Causes whose question the user cannot answer, so the peer's administrator is asked."""
    declined: tuple[Experiment, ...] = ()
    refused_edits: tuple[Edit, ...] = ()
    edits: tuple[Edit, ...] = ()
    """The edits applied so far, in order."""
    correcting: CauseId | None = None
    """The cause whose value the user wants to correct now."""

    @property
    def report(self) -> Report:
        """Return the diagnosis so far."""
        return self.investigation.report

    @property
    def causes(self) -> tuple[Cause[CauseId], ...]:
        """Return the causes still possible, the most likely first."""
        return tuple(c for c in self.report.causes if c.id not in self.confirmed)

    def struck_out(self) -> tuple[StruckOut, ...]:
        """Return the causes of the first run that were ruled out since, each with the reason."""
        left = {cause.id for cause in self.report.causes}
        values = _values(self.report)
        found = []
        for cause in self.investigation.first.causes:
            if cause.id in self.confirmed:
                question = question_about(cause.id, values)
                found.append(StruckOut(cause, question.confirmed if question else _CONFIRMED))
            elif cause.id not in left:
                found.append(StruckOut(cause, _ruled_out_by(self.investigation, cause.id)))
        return tuple(found)

    def after(self, investigation: Investigation) -> Walk:
        """Return the walk after an experiment."""
        return replace(self, investigation=investigation, correcting=None)

    def declining(self, experiment: Experiment) -> Walk:
        """Return the walk after the user declined an experiment."""
        return replace(self, declined=(*self.declined, experiment))

    def confirming(self, cause: CauseId) -> Walk:
        """Return the walk after the user found the value to be right."""
        return replace(self, confirmed=(*self.confirmed, cause), correcting=None)

    def leaving_open(self, cause: CauseId) -> Walk:
        """Return the walk after the user could not answer, so the peer's administrator is asked."""
        return replace(self, unanswered=(*self.unanswered, cause), correcting=None)

    def correct(self, cause: CauseId) -> Walk:
        """Return the walk after the user saw that the value asked about is wrong."""
        return replace(self, correcting=cause)

    def refusing(self, edits: tuple[Edit, ...]) -> Walk:
        """Return the walk after the user declined the edits."""
        return replace(self, refused_edits=(*self.refused_edits, *edits))

    def edited(self, edits: tuple[Edit, ...], investigation: Investigation) -> Walk:
        """Return the walk after the edits were saved and the target was checked again."""
        return Walk(investigation, self.symptom, edits=(*self.edits, *edits))


def next_step(walk: Walk) -> Step:
    """Return what to do now: an edit that works, an experiment, a question, or an end."""
    report = walk.report
    if report.verdict.status in (VerdictStatus.OK, VerdictStatus.WARNING):
        return _after_success(walk)
    if edits := tuple(
        e for e in edits_that_work(walk.investigation) if e not in walk.refused_edits
    ):
        return OfferEdits(edits)
    if _later_it_worked(walk.investigation):
        return RunAgain()
    if (
        asked := next((a for a in visible(walk) if a.cause.id is walk.correcting), None)
    ) is not None:
        return asked
    experiment = _experiment(walk)
    if experiment is not None:
        return Propose(experiment)
    return _for_a_person(walk) or _end(walk)


def visible(walk: Walk) -> tuple[Ask, ...]:
    """Return the questions about values that users can compare themselves, one for each value."""
    values = _values(walk.report)
    asked: dict[Field, Ask] = {}
    for cause in walk.causes:
        question = question_about(cause.id, values)
        if question is not None and question.field not in _shown_right(walk):
            asked.setdefault(question.field, Ask(cause, question))
    return tuple(asked.values())


def _for_a_person(walk: Walk) -> Ask | Act | None:
    """Return what the user can find out or correct. Each value is asked about only once."""
    answered = _asked_about(walk, (*walk.confirmed, *walk.unanswered)) | _shown_right(walk)
    values = _values(walk.report)
    for cause in walk.causes:
        question = question_about(cause.id, values)
        if question is not None:
            if question.field not in answered:
                return Ask(cause, question)
            continue
        if cause.who is Who.YOU:
            return Act(cause)
    return None


def edits_that_work(investigation: Investigation) -> tuple[Edit, ...]:
    """Return the titles of a successful experiment that differ from the target's."""
    target = investigation.first.target
    for attempt in investigation.attempts[1:]:
        experiment = attempt.experiment
        if experiment is None or experiment.id not in _TELLS_A_TITLE:
            continue
        if answer_of(attempt.stages) is AnswerKind.SUCCESS:
            return tuple(
                _edit(target, experiment, title) for title in _differing(target, experiment)
            )
    return ()


def _differing(target: Target, experiment: Experiment) -> list[Field]:
    return [
        title
        for title in _TITLES
        if getattr(target, title.value) != getattr(experiment.target, title.value)
    ]


def _edit(target: Target, experiment: Experiment, title: Field) -> Edit:
    now, then = getattr(target, title.value), getattr(experiment.target, title.value)
    why = f"use {title_words(then)} instead of {title_words(now)}: C-ECHO succeeds with it"
    return Edit(title, then, why)


def _after_success(walk: Walk) -> Step:
    if walk.symptom is None and not walk.edits and is_slow(walk.report):
        return _end(walk)
    if walk.symptom is None or walk.edits:
        return Fixed(walk.edits)
    text = symptom_text(walk.symptom)
    values = _values(walk.report)
    return Advice(
        text.title,
        CAUSES.fill(text.echo_works, values),
        tuple(CAUSES.fill(each, values) for each in text.next),
    )


def is_slow(report: Report) -> bool:
    """Report whether it works, but so slowly that somebody has to be told."""
    return report.verdict.finding is EvidenceKind.SLOW and bool(report.causes)


def _later_it_worked(investigation: Investigation) -> bool:
    return any(
        attempt.experiment is not None
        and attempt.experiment.id is ExperimentId.RETRY_LATER
        and answer_of(attempt.stages) is AnswerKind.SUCCESS
        for attempt in investigation.attempts
    )


def _experiment(walk: Walk) -> Experiment | None:
    """Return the most useful experiment; ``None`` if none would narrow the causes down."""
    investigation = walk.investigation
    is_clear = investigation.settled or len(walk.causes) < 2
    if is_clear and not (investigation.is_temporary or investigation.confirmation):
        return None
    return next(iter(alternatives(walk)), None)


def alternatives(walk: Walk) -> tuple[Experiment, ...]:
    """Return the experiments of the proposed kind, for the operator to choose from."""
    useful = [each for each in walk.investigation.worthwhile() if each not in walk.declined]
    return tuple(each for each in useful if each.id is useful[0].id)


def most_associations(walk: Walk) -> int:
    """Return how many associations the experiments from here on can make at most."""
    possible = [each for each in walk.investigation.possible() if each not in walk.declined]
    return walk.investigation.most_to_follow(possible)


def _end(walk: Walk) -> Step:
    """Hand over to the person who must act on the most likely of the causes left."""
    others = [(_asked(walk, cause), cause) for cause in walk.causes]
    whose = next((who for who, _ in others if who is not Who.YOU), None)
    if whose is not None:
        return HandOver(whose, tuple(cause for who, cause in others if who is whose))
    if walk.confirmed:
        # The user has confirmed every value, so the peer's administrator must check.
        causes = tuple(_again(walk, cause) for cause in walk.confirmed)
        return HandOver(Who.PEER, causes)
    return Unknown(walk.causes)


def _asked(walk: Walk, cause: Cause[CauseId]) -> Who:
    """Return who is asked about a cause: the peer's administrator if the user cannot answer."""
    left_open = _asked_about(walk, walk.unanswered) | _shown_right(walk)
    return Who.PEER if _asked_about(walk, (cause.id,)) & left_open else cause.who


def _asked_about(walk: Walk, causes: Iterable[CauseId]) -> set[Field]:
    """Return the values that the questions about ``causes`` ask for."""
    values = _values(walk.report)
    questions = (question_about(cause, values) for cause in causes)
    return {question.field for question in questions if question is not None}


def _shown_right(walk: Walk) -> set[Field]:
    """Return the titles that an experiment has shown to be right."""
    struck = ruled_out(walk.investigation.attempts)
    return {title for cause, title in TITLE_IN.items() if cause in struck}


def _ruled_out_by(investigation: Investigation, cause: CauseId) -> str:
    """Return what the experiment showed that ruled ``cause`` out."""
    first, shown = investigation.first, ""
    for made in range(2, len(investigation.attempts) + 1):
        attempts = investigation.attempts[:made]
        report = conclude(
            first.run_id, first.started, first.elapsed_ms, first.target, first.stages, attempts
        )
        if any(each.id is cause for each in report.causes):
            shown = ""
        else:
            shown = shown or report.experiments[-1].split
    return shown


def _again(walk: Walk, cause: CauseId) -> Cause[CauseId]:
    report = walk.report
    products = recognized(report.stages, walk.investigation.attempts)
    values = _values(report)
    return CAUSES.describe(cause, Confidence.POSSIBLE, values, products, report.set_aside)


def _values(report: Report) -> dict[str, str]:
    return values_of(report.target, report.started, report.stages)
