"""Clocks that a test sets, and reports with the times and facts that it wants."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Condition

from dcmecho.diagnosis.evidence import Evidence, EvidenceKind, JsonValue
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId, StageResult
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.watch.clocks import ClockReading
from tests.unit.report.reports import STARTED, TARGET, ended, green


class SetClocks:
    """Stand still until a test moves them. A wait passes at once, and all of its time with it."""

    def __init__(self) -> None:
        self._now = ClockReading(1000.0, 5000.0, STARTED)

    def read(self) -> ClockReading:
        return self._now

    def wait(self, _changed: Condition, timeout_s: float) -> None:
        self.run(timeout_s)

    def run(self, seconds: float) -> None:
        """Time passes."""
        self.set_wall(seconds)
        self._now = replace(self._now, boottime_s=self._now.boottime_s + seconds)
        self._now = replace(self._now, monotonic_s=self._now.monotonic_s + seconds)

    def suspend(self, seconds: float) -> None:
        """The machine sleeps."""
        self.set_wall(seconds)
        self._now = replace(self._now, boottime_s=self._now.boottime_s + seconds)

    def set_wall(self, seconds: float) -> None:
        """The wall clock is put forward, or back."""
        self._now = replace(self._now, wall=self._now.wall + timedelta(seconds=seconds))


class QuickClocks:
    """This machine's, so many times quicker: a period of 5 s passes in 0.1 s."""

    def __init__(self, speed: float = 50.0) -> None:
        self._speed = speed
        self._real = datetime.now(UTC)

    def read(self) -> ClockReading:
        elapsed_s = (datetime.now(UTC) - self._real).total_seconds() * self._speed
        return ClockReading(elapsed_s, elapsed_s, self._real + timedelta(seconds=elapsed_s))

    def wait(self, changed: Condition, timeout_s: float) -> None:
        changed.wait(timeout_s / self._speed)


def answered(
    echo_ms: float = 1.0,
    *,
    addresses: list[str] | None = None,
    sha256: str = "",
    version: str = "",
    target: Target = TARGET,
) -> Report:
    """Return a green report with what the test wants to have been seen."""
    more: dict[StageId, Evidence] = {}
    if addresses is not None:
        data: dict[str, JsonValue] = {"addresses": [*addresses]}
        more[StageId.RESOLVE] = Evidence(EvidenceKind.NAME_RESOLVED, 1.0, "name", data)
    if sha256:
        data = {"position": 0, "sha256": sha256, "subject": "CN=pacs", "not_after": "2027-01-01"}
        more[StageId.CONNECT] = Evidence(EvidenceKind.TLS_CERTIFICATE, 1.0, "certificate", data)
    if version:
        data = {"implementation_version": version, "implementation_class_uid": "1.2.3"}
        more[StageId.ASSOCIATE] = Evidence(EvidenceKind.ASSOCIATION_ACCEPTED, 1.0, "AC", data)
    report = green(target)
    stages = tuple(_with(stage, more.get(stage.id), echo_ms) for stage in report.stages)
    return replace(report, stages=stages)


def _with(stage: StageResult, seen: Evidence | None, echo_ms: float) -> StageResult:
    if stage.id is StageId.ECHO:
        return stage._replace(elapsed_ms=echo_ms)
    return stage if seen is None else stage._replace(evidence=(*stage.evidence, seen))


def refused() -> Report:
    """Return the report of a refused connection."""
    data: dict[str, JsonValue] = {
        "peer": "192.0.2.50:104",
        "errno": 111,
        "error": "refused",
        "timed_out": False,
        "elapsed_ms": 1.0,
    }
    return ended(StageId.CONNECT, EvidenceKind.TCP_FAILED, data, text="connection refused")


def rejected(result: int, source: int, reason: int) -> Report:
    """Return the report of an A-ASSOCIATE-RJ."""
    data: dict[str, JsonValue] = {"result": result, "source": source, "reason": reason}
    return ended(StageId.ASSOCIATE, EvidenceKind.ASSOCIATION_REJECTED, data, text="rejected")


def forbidden() -> Report:
    """Return the report of an address that another target's ``do_not_probe`` forbids."""
    text = "not checked: Other PACS must not be probed"
    return ended(StageId.CONNECT, EvidenceKind.DO_NOT_PROBE, text=text)


def cancelled() -> Report:
    """Return the report of a run that somebody ended."""
    return ended(StageId.CONNECT, EvidenceKind.CANCELLED)
