"""Which experiment to run next: the one that is expected to tell the causes apart best. No I/O.

The rules are the model. They say which answers speak for a cause, and how often these come if that
cause is true (``Rule.chance``). From this and the answers so far follows how likely each cause is,
and how much the answer to an experiment is expected to tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import NamedTuple

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.causes.tls_reasoning import Suspects
from dcmecho.diagnosis.experiments.answers import AnswerKind
from dcmecho.diagnosis.experiments.comparisons import RULES
from dcmecho.diagnosis.experiments.differential import refuses_the_space, ruled_out
from dcmecho.diagnosis.experiments.plans import (
    Attempt,
    Experiment,
    ExperimentId,
    compared_with,
)
from dcmecho.diagnosis.experiments.rule import Rule
from dcmecho.diagnosis.target.fields import Field

LEAST_BITS = 0.07
"""An experiment that is expected to tell less is not worth an association."""

TITLE_IN: Mapping[CauseId, Field] = {
    CauseId.AE_CALLED_UNKNOWN: Field.CALLED_AE,
    CauseId.AE_CALLING_UNKNOWN: Field.CALLING_AE,
}
"""The title that a cause is about. If the cause is ruled out, that title is right."""

_SPELLING = (CauseId.AE_CASE, CauseId.AE_SPACES)

_NOTHING_BITS = 1e-9
"""Less is nothing, but for rounding."""

_A_PROOF_COUNTS = 2.0
"""A proof ends the questions: what an experiment tells counts twice, if it can prove a cause."""

_WEIGHTS: Mapping[Confidence, float] = {
    Confidence.PROVEN: 8.0,
    Confidence.LIKELY: 4.0,
    Confidence.POSSIBLE: 1.0,
}
_IF_DOUBTED, _IF_NOT_NAMED = 0.1, 0.3
"""How much less often the answer of a rule comes if it doubts the true cause, or names others."""


class Suspicion(NamedTuple):
    """A cause that can be true. The peer answers as for ``like``, if no rule names the cause.

    A title that is wrong in its case only is rejected like any other wrong title.
    """

    cause: CauseId
    like: CauseId

    def is_ruled_out(self, struck: frozenset[CauseId]) -> bool:
        """Report whether the cause, or any fault of its title, is ruled out."""
        return not struck.isdisjoint(self)

    def chance_of(self, rule: Rule, experiment: Experiment) -> float:
        """Return how often ``experiment`` gets the answer of ``rule`` if this is true."""
        if rule.proves:
            is_other = experiment.title not in (None, TITLE_IN.get(self.like))
            return 0.0 if is_other or rule.proves is not self.cause else rule.chance
        named = {*rule.likely, *rule.doubts, *rule.rules_out}
        cause = self.cause if self.cause in named else self.like
        if cause in rule.rules_out:
            return 0.0
        if cause in rule.doubts:
            return rule.chance * _IF_DOUBTED
        return rule.chance * (1.0 if cause in rule.likely or not rule.likely else _IF_NOT_NAMED)


Beliefs = Mapping[Suspicion, float]
"""How likely each suspicion is; the sum is 1."""


class Outcome(NamedTuple):
    """An answer to an experiment: that of ``rule``, or any for which there is no rule."""

    rule: Rule | None
    chances: Mapping[Suspicion, float]
    """How often it comes, by what is true."""

    def learned(self, believed: Beliefs) -> Beliefs:
        """Return how likely each suspicion is after this answer."""
        return _normal({each: sure * self.chances[each] for each, sure in believed.items()})

    def bits(self, believed: Beliefs) -> float:
        """Return what it adds to the mutual information of cause and answer."""
        joint = [(self.chances[each], sure) for each, sure in believed.items()]
        overall = sum(chance * sure for chance, sure in joint)
        return sum(c * sure * log2(c / overall) for c, sure in joint if c * sure > 0)


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of a failure: ``first`` is what its first attempt suggests."""

    first: Suspects
    attempts: Sequence[Attempt]

    def most_telling_first(self, possible: Sequence[Experiment]) -> list[Experiment]:
        """Return the experiments sorted; of equal ones, the one planned first comes first."""
        believed = self._beliefs()
        return sorted(possible, key=lambda each: self._worth(each, believed), reverse=True)

    def worthwhile(self, possible: Sequence[Experiment]) -> list[Experiment]:
        """Return those whose answer is expected to tell enough for an association."""
        believed = self._beliefs()
        asked = [each for each in possible if not self._is_refused_anyway(each)]
        return [each for each in asked if self._bits(each, believed) >= LEAST_BITS]

    def telling(self, possible: Sequence[Experiment]) -> list[Experiment]:
        """Return those whose answer could tell something, now or after other experiments."""
        believed = self._beliefs()
        return [each for each in possible if self._bits(each, believed) > _NOTHING_BITS]

    def _is_refused_anyway(self, experiment: Experiment) -> bool:
        """Report whether the space in the called title decides the answer, or is enough to know."""
        is_about_it = _has_space(experiment) or experiment.beside is not None
        return is_about_it and refuses_the_space(self.attempts)

    def _worth(self, experiment: Experiment, believed: Beliefs) -> float:
        bits = self._bits(experiment, believed)
        proves = any(rule.proves for rule in self._rules_about(experiment))
        # The software that refuses the space whatever else is sent ends the questions too.
        ends = proves or (experiment.id is ExperimentId.FINGERPRINT and _has_space(experiment))
        return bits * _A_PROOF_COUNTS if ends and bits >= LEAST_BITS else bits

    def _bits(self, experiment: Experiment, believed: Beliefs) -> float:
        """Return how much the answer is expected to tell about the cause, in bits."""
        return sum(each.bits(believed) for each in self._outcomes(experiment, believed))

    def _beliefs(self) -> Beliefs:
        """Return how likely each suspicion is after the answers so far."""
        believed = _normal(dict(self._at_first()))
        for experiment, answer in self._answers():
            outcomes = self._outcomes(experiment, believed)
            given = (each for each in outcomes if each.rule is None or answer in each.rule.then)
            believed = next(given).learned(believed)
        struck = ruled_out(self.attempts)
        return _normal({e: sure for e, sure in believed.items() if not e.is_ruled_out(struck)})

    def _at_first(self) -> Iterator[tuple[Suspicion, float]]:
        """Yield the suspicions with their weights before any experiment."""
        found = {cause: _WEIGHTS[sure] for cause, sure in self.first}
        titles = [cause for cause in TITLE_IN if cause in found]
        for cause in (cause for rule in self._rules for cause in rule.raises):
            # Where titles are suspected, so is their spelling, if it can be wrong at all.
            if not (titles and cause in _SPELLING):
                found.setdefault(cause, _WEIGHTS[Confidence.POSSIBLE])
        for cause, weight in found.items():
            likes = titles if cause in _SPELLING and titles else [cause]
            for like in likes:
                yield Suspicion(cause, like), weight / len(likes)

    @property
    def _rules(self) -> list[Rule]:
        seen = self.attempts[0].answer
        return [rule for rule in RULES if seen in rule.first]

    def _rules_about(self, experiment: Experiment) -> list[Rule]:
        seen = (compared_with(experiment, self.attempts) or self.attempts[0]).answer
        return [rule for rule in RULES if rule.is_about(experiment, seen)]

    def _outcomes(self, experiment: Experiment, believed: Beliefs) -> list[Outcome]:
        """Return what ``experiment`` can be answered; last, anything without a rule."""
        found = [
            Outcome(rule, {each: each.chance_of(rule, experiment) for each in believed})
            for rule in self._rules_about(experiment)
        ]
        rest = {each: 1.0 - sum(one.chances[each] for one in found) for each in believed}
        return [*found, Outcome(None, rest)]

    def _answers(self) -> Iterator[tuple[Experiment, AnswerKind]]:
        for attempt in self.attempts:
            if attempt.experiment is not None and attempt.experiment.turn == 1:
                yield attempt.experiment, attempt.answer


def _has_space(experiment: Experiment) -> bool:
    return experiment.target.called_ae.startswith(" ")


def _normal(weights: Beliefs) -> Beliefs:
    total = sum(weights.values())
    return {each: weight / total for each, weight in weights.items()} if total else {}
