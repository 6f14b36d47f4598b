"""How long to leave a peer alone before it is asked again."""

from __future__ import annotations

from dataclasses import dataclass

from dcmecho.diagnosis.watch.sample import SampleOutcome

PERIOD_S = 30.0
SHORTEST_PERIOD_S = 5.0

_LONGEST_DOUBLED = 10
LONGEST_FAILING_S = 300.0
"""A peer that is down is asked at least this often: its return is what the watch waits for."""
LONGEST_TURNED_AWAY_S = 600.0
"""A peer that rejects for now asks for less traffic, and a watch is the first to give way."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Raises ``ValueError`` for a period under :data:`SHORTEST_PERIOD_S`."""

    period_s: float = PERIOD_S

    def __post_init__(self) -> None:
        if not self.period_s >= SHORTEST_PERIOD_S:
            raise ValueError(
                f"a period of {self.period_s:g} s is too short:"
                f" the shortest is {SHORTEST_PERIOD_S:g} s"
            )

    def delay_s(self, outcome: SampleOutcome, unanswered: int) -> float:
        """From one start to the next, after the ``unanswered``-th sample in a row of no answer.

        One lost sample is followed up after the ordinary period; then the pauses double.
        """
        if outcome is SampleOutcome.ANSWERED:
            return self.period_s
        if outcome is SampleOutcome.TURNED_AWAY:
            return self._doubled(unanswered, LONGEST_TURNED_AWAY_S)
        return self._doubled(unanswered - 1, LONGEST_FAILING_S)

    def _doubled(self, times: int, longest_s: float) -> float:
        doubled_s: float = self.period_s * 2 ** min(times, _LONGEST_DOUBLED)
        return max(self.period_s, min(doubled_s, longest_s))
