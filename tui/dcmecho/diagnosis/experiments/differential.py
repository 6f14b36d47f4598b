"""Applies the comparison rules to the answers of the experiments. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.causes.tls_reasoning import Suspects
from dcmecho.diagnosis.experiments.answers import ACCEPTED, AnswerKind, answer_of
from dcmecho.diagnosis.experiments.comparisons import RULES
from dcmecho.diagnosis.experiments.confirming import (
    INCONCLUSIVE,
    INCONCLUSIVE_TEXT,
    SAME_AGAIN_TEXT,
    UNSTEADY_TEXT,
    Difference,
    RepeatResult,
)
from dcmecho.diagnosis.experiments.families import family_of
from dcmecho.diagnosis.experiments.plans import (
    Attempt,
    Experiment,
    ExperimentId,
    OperatorSetup,
    compared_with,
)
from dcmecho.diagnosis.experiments.rule import Rule
from dcmecho.diagnosis.report import ExperimentResult
from dcmecho.diagnosis.target.target import Target

PORT_CLOSED_TEXT = (
    "the port refuses connections now, but did not before: the server stopped, or it closes its"
    " port while it is busy"
)


GREETING_ENDED_IT_TEXT = (
    "the port refuses connections since the TLS greeting, which can have ended the server: some"
    " plain DICOM programs do not survive one (CTN)"
)


def weigh(first: Suspects, attempts: Sequence[Attempt]) -> Suspects:
    """Return the suspects that are left after the experiments, the most likely first.

    The order of the experiments does not matter. Only a rule makes a cause ``PROVEN``; ruling out
    all others does not. If two causes are proven, someone changed something meanwhile. A peer that
    gives different answers to the same request makes every comparison worthless.
    """
    matched = {rule for rule, _ in _matching(attempts)}
    rules = [rule for rule in RULES if rule in matched]
    if broken(attempts):
        return _without_comparisons(first, rules)
    doubted = {cause for rule in rules for cause in rule.doubts}
    decided = tuple(dict.fromkeys(rule.proves for rule in rules if rule.proves))
    # Whatever else is wrong too, nothing is accepted before the space is gone.
    certain = {CauseId.AE_SPACES} if refuses_the_space(attempts) else set()
    is_one = len(decided) == 1 and certain <= set(decided)
    if is_one and decided[0] not in doubted and _is_confirmed(attempts):
        return ((decided[0], Confidence.PROVEN),)
    raised = dict.fromkeys(
        (*decided, *(cause for rule in rules for cause in rule.likely)), Confidence.LIKELY
    )
    raised |= dict.fromkeys(certain, Confidence.LIKELY)
    struck = {cause for rule in rules for cause in rule.rules_out} - raised.keys()
    # What one answer speaks for and another against comes after what nothing speaks against.
    disputed = doubted & raised.keys()
    doubted -= disputed | struck
    suggested = dict(_asked_about(first, attempts))
    found = [cause for cause in raised if cause not in suggested]
    # A cause that only an experiment found comes first, unless its rule names another before it.
    foremost = {rule.raises[0] for rule in rules if rule.raises}
    # What a rule names after another cause has still to be found out, once that one is mended.
    further = {cause for rule in rules for cause in rule.raises[1:]} - foremost
    left = {cause: Confidence.LIKELY for cause in found if cause in foremost}
    for cause, confidence in suggested.items():
        if cause in doubted:
            left[cause] = Confidence.POSSIBLE
        elif cause not in struck:
            rivals = bool(raised) and confidence is Confidence.PROVEN
            left[cause] = Confidence.LIKELY if rivals else raised.get(cause, confidence)
    left = {**left, **{cause: Confidence.LIKELY for cause in found if cause not in left}}
    order = list(Confidence)
    ranked = sorted(
        left.items(),
        key=lambda each: (
            order.index(each[1]),
            each[0] not in certain,
            each[0] not in decided,
            each[0] in further or each[0] in disputed,
            each[0] in doubted,
        ),
    )
    # Answers that leave no cause contradict each other, so they are ignored.
    return tuple(ranked) or first


def _asked_about(first: Suspects, attempts: Sequence[Attempt]) -> Suspects:
    """Put the causes that experiments ask about before the symptom of an abort.

    An abort by the application names nothing. Its maintainers say that it is mostly about the
    titles (fo-dicom #1681), and most peers look at the called one first.
    """
    is_asked = any(each.experiment is not None for each in attempts)
    if not is_asked or (CauseId.ASSOC_ABORTED, Confidence.LIKELY) not in first:
        return first
    behind = [each for each in first if each[0] in _TITLES_FIRST]
    ordered = sorted(behind, key=lambda each: _TITLES_FIRST.index(each[0]))
    rest = [each for each in first if each not in behind and each[0] != CauseId.ASSOC_ABORTED]
    return (
        *((cause, Confidence.LIKELY) for cause, _ in ordered[:1]),
        *ordered[1:],
        *rest,
        (CauseId.ASSOC_ABORTED, Confidence.POSSIBLE),
    )


_TITLES_FIRST = (CauseId.AE_CALLED_UNKNOWN, CauseId.AE_CALLING_UNKNOWN)


def refuses_the_space(attempts: Sequence[Attempt]) -> bool:
    """Report whether the called title begins with a space, and this software refuses any such."""
    spaced = [
        each
        for each in attempts
        if each.experiment is None or each.experiment.target.called_ae.startswith(" ")
    ]
    return all(answer_of(each.stages) not in ACCEPTED for each in spaced) and any(
        each.experiment.id is ExperimentId.FINGERPRINT
        and answer_of(attempts[0].stages) is AnswerKind.REJECTED_CALLED
        and family_of(each.stages).refuses_leading_space
        for each in spaced
        if each.experiment is not None
    )


def set_aside(first: Suspects, attempts: Sequence[Attempt]) -> frozenset[CauseId]:
    """Return the causes that the experiments speak against: ruled out, or doubted.

    ``first`` are the suspects before the experiments.
    """
    if broken(attempts):
        return frozenset()
    rules = {rule for rule, _ in _matching(attempts)}
    left = dict(weigh(first, attempts))
    gone = {cause for cause, _ in first} | {cause for rule in rules for cause in rule.rules_out}
    doubted = {cause for rule in rules for cause in rule.doubts}
    is_likely = {cause for cause, sure in left.items() if sure is not Confidence.POSSIBLE}
    return frozenset((gone - left.keys()) | (doubted - is_likely))


def confirmation(
    attempts: Sequence[Attempt], target: Target, operator_setup: OperatorSetup
) -> Experiment | None:
    """Return the request to repeat before a difference counts as proof, or ``None``."""
    options = replace(operator_setup.options, repeat=1, abort=False)
    repeats = (each.next_repeat(attempts, target, options) for each in _differences(attempts))
    return next((repeat for repeat in repeats if repeat is not None), None)


def is_repeated(experiment: Experiment) -> bool:
    """Report whether a different answer is confirmed by repeats, since it could prove a cause."""
    return experiment.turn == 1 and any(
        rule.proves for rule in RULES if rule.experiment is experiment.id
    )


def broken(attempts: Sequence[Attempt]) -> bool:
    """Report whether a repeated request got a different answer than before."""
    return any(each.state(attempts) is RepeatResult.BROKEN for each in _differences(attempts))


def unconfirmed(attempts: Sequence[Attempt]) -> bool:
    """Report whether a difference was asked about again in vain: the peer was too busy."""
    return any(each.is_given_up(attempts) for each in _differences(attempts))


def _is_confirmed(attempts: Sequence[Attempt]) -> bool:
    return any(each.state(attempts) is RepeatResult.HOLDS for each in _differences(attempts))


def _differences(attempts: Sequence[Attempt]) -> Iterable[Difference]:
    for rule, experiment in _matching(attempts):
        if rule.proves and experiment.turn == 1:
            yield Difference(experiment, rule.then)


def _without_comparisons(first: Suspects, rules: Iterable[Rule]) -> Suspects:
    """Return what the first answer suggests, and what the experiments seemed to show."""
    left = {
        cause: Confidence.LIKELY if sure is Confidence.PROVEN else sure for cause, sure in first
    }
    for cause in (each for rule in rules for each in (rule.proves, *rule.likely) if each):
        left.setdefault(cause, Confidence.POSSIBLE)
    return tuple(left.items())


def ruled_out(attempts: Sequence[Attempt]) -> frozenset[CauseId]:
    """Return the causes that an experiment has ruled out, suggested by the first answer or not."""
    if broken(attempts):
        return frozenset()
    return frozenset(cause for rule, _ in _matching(attempts) for cause in rule.rules_out)


def results(attempts: Sequence[Attempt]) -> tuple[ExperimentResult, ...]:
    """Return what each experiment sent, how it ended and what it showed, as text."""
    found = []
    for attempt in attempts:
        if attempt.experiment is None:
            continue
        answer = answer_of(attempt.stages)
        found.append(
            ExperimentResult(
                attempt.experiment.id.value,
                attempt.experiment.sends,
                answer.words,
                _split(attempts, attempt),
            )
        )
    return tuple(found)


def _split(attempts: Sequence[Attempt], attempt: Attempt) -> str:
    first, experiment = attempts[0], attempt.experiment
    assert experiment is not None, "only experiments split"
    if experiment.id is ExperimentId.FINGERPRINT:
        return family_of(attempt.stages).words
    if experiment.turn > 1 or experiment.id is ExperimentId.CONTROL_REPEAT:
        answer = answer_of(attempt.stages)
        if answer in INCONCLUSIVE and answer is not answer_of(first.stages):
            return INCONCLUSIVE_TEXT
        made = attempts[: attempts.index(attempt) + 1]
        return UNSTEADY_TEXT if broken(made) else SAME_AGAIN_TEXT
    rule = _rule_of(attempt, attempts)
    if rule is not None:
        return rule.says
    then = answer_of(attempt.stages)
    if then is AnswerKind.TCP_REFUSED and then is not answer_of(first.stages):
        return _port_closed(attempts[attempts.index(attempt) - 1])
    if then is answer_of(first.stages):
        return "same answer as the first request, so this experiment rules nothing out"
    return "a different answer, but it settles nothing"


def _port_closed(before: Attempt) -> str:
    """Return what a port that refuses now can mean, by what was sent to it just before."""
    greeted = before.experiment is not None and before.experiment.id is ExperimentId.FLIP_TLS
    return GREETING_ENDED_IT_TEXT if greeted else PORT_CLOSED_TEXT


def _matching(attempts: Sequence[Attempt]) -> Iterable[tuple[Rule, Experiment]]:
    for experiment, rule in ((each.experiment, _rule_of(each, attempts)) for each in attempts):
        if experiment is not None and rule is not None:
            yield rule, experiment


def _rule_of(attempt: Attempt, attempts: Sequence[Attempt]) -> Rule | None:
    """Return the rule for the answer to an experiment, if there is one."""
    experiment = attempt.experiment
    other = compared_with(experiment, attempts) if experiment is not None else None
    if experiment is None or other is None:
        return None
    seen, then = other.answer, attempt.answer
    rules = (rule for rule in RULES if then in rule.then and rule.is_about(experiment, seen))
    return next(rules, None)
