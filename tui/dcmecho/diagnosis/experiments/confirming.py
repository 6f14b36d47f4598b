"""Whether a difference between two answers is still there when both are asked for again.

One request refused and another one accepted shows a cause only where the peer always answers each
of them so. Several servers may share an address, with different tables, and somebody may change a
table meanwhile: then the moment decides, and not what the experiment changed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from dcmecho.diagnosis.experiments.answers import AnswerKind, answer_of
from dcmecho.diagnosis.experiments.plans import Attempt, Experiment, ExperimentId
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.target.target import Target

SILENCE_S = 5.0
"""How long the first request is waited for again, where it was met with silence."""

UNSTEADY = (
    "one and the same request gets different answers: several servers behind one address, or"
    " somebody changed something meanwhile. What was compared proves nothing"
)
STILL_SO = "answered as before: the difference holds so far"
SAYS_NOTHING = "the peer was not asked, or has no room for the moment: it says nothing about this"

SAY_NOTHING = frozenset({AnswerKind.UNREACHED, AnswerKind.REJECTED_FOR_NOW})
"""Answers that neither confirm nor contradict one before them."""


class _Again(Enum):
    FIRST = auto()
    """The first request, unchanged."""
    DECIDING = auto()
    """What was answered otherwise."""


_ORDER = (_Again.FIRST, _Again.DECIDING, _Again.FIRST, _Again.FIRST)
"""With the two that differed: in a rotation of up to four servers, one of them sees both."""

REPEATS = len(_ORDER)
"""So many associations more it takes until a difference counts."""


class RepeatResult(Enum):
    """What became of a difference that was asked for again."""

    OPEN = auto()
    HOLDS = auto()
    BROKEN = auto()


@dataclass(frozen=True, slots=True)
class Difference:
    """The first request was answered in one way, and ``deciding`` as one of ``answers``."""

    deciding: Experiment
    answers: Collection[AnswerKind]

    def standing(self, attempts: Sequence[Attempt]) -> RepeatResult:
        """Whether it holds, by what was asked again so far."""
        seen = answer_of(attempts[0].stages)
        held = 0
        for attempt in self._repeats(attempts):
            kind = answer_of(attempt.stages)
            if kind in SAY_NOTHING and kind is not seen:
                continue
            expected = kind is seen if _is_first_again(attempt) else kind in self.answers
            if not expected:
                return RepeatResult.BROKEN
            held += 1
        return RepeatResult.HOLDS if held >= len(_ORDER) else RepeatResult.OPEN

    def next_repeat(
        self, attempts: Sequence[Attempt], target: Target, options: RunOptions
    ) -> Experiment | None:
        """What to ask again now, with the ``options`` of the first run; ``None`` for nothing."""
        made = len(self._repeats(attempts))
        if made >= len(_ORDER) or self.standing(attempts) is RepeatResult.BROKEN:
            return None
        turn = 1 + made
        if _ORDER[made] is _Again.DECIDING:
            sends = f"once more {self.deciding.sends}"
            return replace(self.deciding, turn=turn, sends=sends, splits=_SPLITS)
        if answer_of(attempts[0].stages) is AnswerKind.SILENT:
            target = replace(target, acse_timeout_s=min(target.acse_timeout_s, SILENCE_S))
        sends = "the first request again, with nothing changed"
        return Experiment(ExperimentId.CONTROL_REPEAT, target, sends, _SPLITS, options, turn=turn)

    def _repeats(self, attempts: Sequence[Attempt]) -> Sequence[Attempt]:
        """What was asked again since."""
        made = [attempt.experiment for attempt in attempts]
        since = attempts[made.index(self.deciding) + 1 :]
        return [each for each in since if _is_first_again(each) or self._is_again(each)]

    def _is_again(self, attempt: Attempt) -> bool:
        found = attempt.experiment
        return (
            found is not None
            and found.turn > 1
            and (found.id, found.target, found.options)
            == (self.deciding.id, self.deciding.target, self.deciding.options)
        )


_SPLITS = "whether the difference is always there, or was one of the moment or of several servers"


def _is_first_again(attempt: Attempt) -> bool:
    return attempt.experiment is not None and attempt.experiment.id is ExperimentId.CONTROL_REPEAT
