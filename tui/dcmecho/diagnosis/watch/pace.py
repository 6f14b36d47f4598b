"""The time between two checks of a peer."""

from __future__ import annotations

from dataclasses import dataclass

from dcmecho.diagnosis.watch.sample import SampleOutcome

PERIOD_S = 30.0
SHORTEST_PERIOD_S = 5.0

_LONGEST_DOUBLED = 10
LONGEST_FAILING_S = 300.0
"""A peer that is down is checked at least this often, to notice its return."""
LONGEST_BUSY_S = 600.0
"""A busy peer rejects for now; a watch should be the first to reduce its traffic."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The pace of a watch. Raises ``ValueError`` if shorter than :data:`SHORTEST_PERIOD_S`."""

    period_s: float = PERIOD_S

    def __post_init__(self) -> None:
        if not self.period_s >= SHORTEST_PERIOD_S:
            raise ValueError(
                f"a period of {self.period_s:g} s is too short."
                f" Use at least {SHORTEST_PERIOD_S:g} s"
            )

    def delay_s(self, outcome: SampleOutcome, unanswered: int) -> float:
        """Return the seconds from one start to the next, after ``unanswered`` misses in a row.

        After one lost sample the normal period applies; after that the pauses double.
        """
        if outcome is SampleOutcome.ANSWERED:
            return self.period_s
        if outcome is SampleOutcome.BUSY:
            return self._doubled(unanswered, LONGEST_BUSY_S)
        return self._doubled(unanswered - 1, LONGEST_FAILING_S)

    def _doubled(self, times: int, longest_s: float) -> float:
        doubled_s: float = self.period_s * 2 ** min(times, _LONGEST_DOUBLED)
        return max(self.period_s, min(doubled_s, longest_s))
