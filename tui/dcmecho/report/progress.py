"""The progress of a check of many targets, for the console's heading and the command line."""

from __future__ import annotations

from dataclasses import dataclass

from dcmecho.diagnosis.report import Report

_MEANINGFUL_S = 1.0
"""Time before the first estimate, in s; earlier estimates would jump."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The counts at one moment; each report makes a new object."""

    total: int
    done: int = 0
    failing: int = 0

    def with_report(self, report: Report) -> Progress:
        """Return the counts after one more target."""
        failing = report.verdict.is_failing
        return Progress(self.total, self.done + 1, self.failing + failing)

    def remaining_s(self, elapsed_s: float) -> float | None:
        """Return the estimated remaining time in s, or ``None`` while it is too early."""
        if not self.done or elapsed_s < _MEANINGFUL_S:
            return None
        return elapsed_s / self.done * (self.total - self.done)

    def words(self, elapsed_s: float, at_least_s: float = 0.0) -> str:
        """Return ``120 of 300 checked, 4 failing, about 12 s left``.

        ``at_least_s`` is how long the timeouts that are waited for can still take.
        """
        parts = [f"{self.done} of {self.total} checked"]
        if self.failing:
            parts.append(f"{self.failing} failing")
        remaining_s = self.remaining_s(elapsed_s)
        if at_least_s:
            remaining_s = max(remaining_s or 0.0, at_least_s)
        if remaining_s is not None and self.done < self.total:
            parts.append(f"about {_rough(remaining_s)} left")
        return ", ".join(parts)


def _rough(seconds: float) -> str:
    """Return an estimated time, rounded to s or min."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min"
