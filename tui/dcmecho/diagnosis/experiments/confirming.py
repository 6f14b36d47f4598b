"""Repeats two requests to confirm that the peer answers them differently.

A rejected and an accepted request show a cause only if the peer always answers each of them in the
same way. Several servers with different settings can share an address, and someone can change a
setting between two requests. Then the answers depend on the time, not on the experiment.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from dcmecho.diagnosis.experiments.answers import (
    REJECTED_TRANSIENTLY,
    UNANSWERED,
    AnswerKind,
    answer_of,
)
from dcmecho.diagnosis.experiments.plans import (
    Attempt,
    Experiment,
    ExperimentId,
    compared_with,
)
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.target.target import Target

SILENCE_S = 5.0
"""How long to wait for the repeated first request if it got no answer before, in seconds."""

UNSTEADY_TEXT = (
    "the same request gets different answers: several servers share the address, or someone changed"
    " something meanwhile. The comparisons prove nothing"
)
SAME_AGAIN_TEXT = "same answer as before, so the difference holds so far"
INCONCLUSIVE_TEXT = "the peer was not reached or too busy, so this repeat shows nothing"

INCONCLUSIVE = frozenset(
    {AnswerKind.UNREACHED, AnswerKind.TCP_REFUSED, *REJECTED_TRANSIENTLY},
)
"""Answers that neither confirm nor contradict one before them."""


class _Again(Enum):
    FIRST = auto()
    """The first request, unchanged."""
    DECIDING = auto()
    """The request that got the other answer."""


_ORDER = (_Again.FIRST, _Again.DECIDING, _Again.FIRST, _Again.FIRST)
"""With the two that differed, this exposes a rotation of up to four servers:

one of them gets both requests.
"""

REPEATS = len(_ORDER)
"""Number of further associations until a difference counts."""


class RepeatResult(Enum):
    """The state of a difference while its requests are repeated."""

    OPEN = auto()
    HOLDS = auto()
    BROKEN = auto()


@dataclass(frozen=True, slots=True)
class Difference:
    """The first request got one answer, and ``deciding`` got one of ``answers``.

    Instead of the first it can be the one that ``deciding`` is compared with.
    """

    deciding: Experiment
    answers: Collection[AnswerKind]

    def state(self, attempts: Sequence[Attempt]) -> RepeatResult:
        """Return whether the difference holds, according to the repeats so far."""
        seen = self._other(attempts).answer
        held = 0
        for attempt in self._repeats(attempts):
            kind = answer_of(attempt.stages)
            if kind in INCONCLUSIVE and kind is not seen:
                continue
            expected = kind is seen if _is_first_again(attempt) else kind in self.answers
            if not expected:
                return RepeatResult.BROKEN
            held += 1
        return RepeatResult.HOLDS if held >= len(_ORDER) else RepeatResult.OPEN

    def is_given_up(self, attempts: Sequence[Attempt]) -> bool:
        """Report whether all repeats were made, and too few of them were answered."""
        made = len(self._repeats(attempts))
        return made >= len(_ORDER) and self.state(attempts) is RepeatResult.OPEN

    def next_repeat(
        self, attempts: Sequence[Attempt], target: Target, options: RunOptions
    ) -> Experiment | None:
        """Return the next repeat, with the ``options`` of the first run, or ``None``."""
        made = len(self._repeats(attempts))
        if made >= len(_ORDER) or self.state(attempts) is RepeatResult.BROKEN:
            return None
        turn = 1 + made
        if _ORDER[made] is _Again.DECIDING:
            sends = f"again, {self.deciding.sends}"
            return replace(self.deciding, turn=turn, sends=sends, splits=_SPLITS)
        if self._other(attempts).answer in UNANSWERED:
            target = replace(target, acse_timeout_s=min(target.acse_timeout_s, SILENCE_S))
        sends = "the first request again, unchanged"
        if self.deciding.beside is not None:
            target, sends = self.deciding.beside, "again, the titles without leading spaces"
        return Experiment(ExperimentId.CONTROL_REPEAT, target, sends, _SPLITS, options, turn=turn)

    def _other(self, attempts: Sequence[Attempt]) -> Attempt:
        """Return the attempt that got the other answer."""
        return compared_with(self.deciding, attempts) or attempts[0]

    def _repeats(self, attempts: Sequence[Attempt]) -> Sequence[Attempt]:
        """Return the repeats made so far."""
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


_SPLITS = "whether the difference is permanent, or due to timing or to several servers"


def _is_first_again(attempt: Attempt) -> bool:
    return attempt.experiment is not None and attempt.experiment.id is ExperimentId.CONTROL_REPEAT
