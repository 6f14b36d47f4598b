"""How far the diagnoses of many targets are, for the console's heading and the command line."""

from __future__ import annotations

from dataclasses import dataclass

from dcmecho.diagnosis.report import Report

_MEANINGFUL_S = 1.0
"""Before that an estimate of what is left would only jump."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of one moment. Frozen: each report makes the next one."""

    total: int
    done: int = 0
    failing: int = 0

    def with_report(self, report: Report) -> Progress:
        """The counts after one more target has ended."""
        failing = report.verdict.status.is_failing
        return Progress(self.total, self.done + 1, self.failing + failing)

    def remaining_s(self, elapsed_s: float) -> float | None:
        """How long the rest takes at the pace so far; ``None`` while that tells nothing."""
        if not self.done or elapsed_s < _MEANINGFUL_S:
            return None
        return elapsed_s / self.done * (self.total - self.done)

    def words(self, elapsed_s: float) -> str:
        """``120 of 300 checked, 4 failing, about 12 s left``."""
        parts = [f"{self.done} of {self.total} checked"]
        if self.failing:
            parts.append(f"{self.failing} failing")
        remaining_s = self.remaining_s(elapsed_s)
        if remaining_s is not None and self.done < self.total:
            parts.append(f"about {_rough(remaining_s)} left")
        return ", ".join(parts)


def _rough(seconds: float) -> str:
    """A time to come, no finer than anyone can know it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min"
