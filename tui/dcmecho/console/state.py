"""What the console knows: for each target its run, its stages so far, its report and its log."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from time import monotonic

from dcmecho.console.log_buffer import LogBuffer
from dcmecho.console.symbols import Mark, verdict_mark
from dcmecho.diagnosis.events import Event, RunFinished, RunStarted, StageFinished, StageStarted
from dcmecho.diagnosis.model import Report, StageId, StageResult, Target, VerdictStatus


class Phase(Enum):
    """Where the latest run of a target stands."""

    NOT_RUN = auto()
    RUNNING = auto()
    CANCELLING = auto()
    FINISHED = auto()


@dataclass(slots=True)
class Record:
    """One target's latest run and its log. ``started`` is a reading of the monotonic clock, s."""

    log: LogBuffer = field(default_factory=LogBuffer)
    phase: Phase = Phase.NOT_RUN
    run_id: str = ""
    started: float = 0.0
    started_at: datetime | None = None
    stages: dict[StageId, StageResult] = field(default_factory=dict)
    current: StageId | None = None
    report: Report | None = None

    @property
    def running(self) -> bool:
        """True from the key that starts a run to its report."""
        return self.phase in (Phase.RUNNING, Phase.CANCELLING)

    @property
    def elapsed_s(self) -> float:
        """How long the run has been going."""
        return monotonic() - self.started

    @property
    def mark(self) -> Mark:
        """The one state that the target list shows."""
        if self.running:
            return Mark.RUNNING
        if self.report is None:
            return Mark.NOT_RUN
        return verdict_mark(self.report.verdict.status)

    def is_about(self, target: Target) -> bool:
        """False where the report was made with other values than ``target`` has now."""
        return self.report is None or _wire_values(self.report.target) == _wire_values(target)

    def begin(self) -> None:
        """A run was asked for: what the last one said about the stages goes, its log stays."""
        self.phase = Phase.RUNNING
        self.run_id = ""
        self.started = monotonic()
        self.started_at = None
        self.stages = {}
        self.current = None
        self.report = None

    def take(self, event: Event) -> None:
        """Apply a stage or run event of this run (log lines go to ``log``)."""
        if not isinstance(event, RunStarted) and event.run_id != self.run_id:
            return
        match event:
            case RunStarted():
                self.run_id, self.started_at = event.run_id, event.at
            case StageStarted():
                self.current = event.stage
            case StageFinished():
                self.stages[event.result.id] = event.result
                self.current = None
            case RunFinished():
                self.phase, self.report, self.current = Phase.FINISHED, event.report, None
                self.stages = {result.id: result for result in event.report.stages}


@dataclass(frozen=True, slots=True)
class Tally:
    """How the targets stand, for the heading."""

    ok: int = 0
    failing: int = 0
    warning: int = 0
    running: int = 0


class ConsoleState:
    """The records of all targets, by their name (unique in a profile file)."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}

    def __getitem__(self, name: str) -> Record:
        return self._records.setdefault(name, Record())

    def rename(self, old: str, new: str) -> None:
        """A target got another name: its results go with it."""
        if old != new and old in self._records:
            self._records[new] = self._records.pop(old)

    def forget(self, name: str) -> None:
        """A target was deleted."""
        self._records.pop(name, None)

    def tally(self, names: list[str]) -> Tally:
        """Count the states of the named targets."""
        records = [self._records[name] for name in names if name in self._records]
        statuses = [record.report.verdict.status for record in records if record.report]
        return Tally(
            ok=statuses.count(VerdictStatus.OK),
            failing=statuses.count(VerdictStatus.FAILED) + statuses.count(VerdictStatus.ERROR),
            warning=statuses.count(VerdictStatus.WARNING),
            running=sum(record.running for record in records),
        )


def _wire_values(target: Target) -> tuple[object, ...]:
    return (
        target.host,
        target.port,
        target.called_ae,
        target.calling_ae,
        target.connect_timeout_s,
        target.acse_timeout_s,
        target.dimse_timeout_s,
        target.max_pdu_bytes,
        target.do_not_probe,
    )
