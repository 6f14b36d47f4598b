"""What is known of all targets, and how many are in which state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dcmecho.console.runs.state.record import Phase, Record
from dcmecho.diagnosis.conclusion.course import UNKNOWN, Course
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus


@dataclass(frozen=True, slots=True)
class Tally:
    """Number of targets in each state, for the heading."""

    ok: int = 0
    failing: int = 0
    warning: int = 0
    running: int = 0


class ConsoleState:
    """The records of all targets, by their name (unique in a profile file)."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}

    def __getitem__(self, name: str) -> Record:
        record = self._records.get(name)
        if record is None:
            record = self._records[name] = Record()
        return record

    def __contains__(self, name: str) -> bool:
        return name in self._records

    def course(self, name: str) -> Course:
        """Return how the checks of a target went."""
        return self._records[name].course if name in self._records else UNKNOWN

    def rename(self, old: str, new: str) -> None:
        """Keep the results of a target under its new name."""
        if old != new and old in self._records:
            self._records[new] = self._records.pop(old)

    def forget(self, name: str) -> None:
        """Forget a deleted target."""
        self._records.pop(name, None)

    def tally(self, targets: Iterable[tuple[str, Target | None]]) -> Tally:
        """Count the states of targets, by their names; not what is about former values."""
        known = ((self._records[name], each) for name, each in targets if name in self._records)
        records = [
            record
            for record, target in known
            if record.running or not (record.is_past or record.is_outdated(target))
        ]
        statuses = [record.status for record in records if record.status and not record.forbidden]
        return Tally(
            ok=statuses.count(VerdictStatus.OK),
            failing=statuses.count(VerdictStatus.FAILED) + statuses.count(VerdictStatus.ERROR),
            warning=statuses.count(VerdictStatus.WARNING),
            running=sum(record.running and record.phase is not Phase.WAITING for record in records),
        )
