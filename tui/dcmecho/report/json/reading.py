"""Reads ``dcmecho.report/1`` back: a report of the journal, or of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dcmecho.diagnosis.cause import Cause, CauseId
from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.history.compared import Compared
from dcmecho.diagnosis.history.history import Change, History, State, Together
from dcmecho.diagnosis.observed.association import (
    UNKNOWN_PORT,
    UNKNOWN_TIME,
    Alike,
    EndedBy,
    NextKind,
    NextStep,
    ObservedAssociation,
    ObservedCause,
)
from dcmecho.diagnosis.report import ExperimentResult, RepeatedCheck, Report, Source
from dcmecho.diagnosis.sanitize import error_text
from dcmecho.diagnosis.stage import StageId, StageResult, Status
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import TlsSettings
from dcmecho.diagnosis.verdict import Verdict, VerdictStatus
from dcmecho.journal.times import read_utc
from dcmecho.report.json.cause_reading import cause_of
from dcmecho.report.json.diagnose import SCHEMA

if TYPE_CHECKING:
    from dcmecho.diagnosis.services.model import ServicesResult


_NOT_WHOLE = (LookupError, TypeError, AttributeError, OverflowError)


def report_of(data: object) -> Report:
    """Return the report. Raises ``ValueError`` for anything else."""
    with read_whole():
        if not isinstance(data, Mapping) or data.get("schema") != SCHEMA:
            raise ValueError(f"it is not a {SCHEMA}")
        return _report(data)


@contextmanager
def read_whole() -> Iterator[None]:
    """Turn what foreign data can be, other than a whole report, into a ``ValueError``."""
    try:
        yield
    except _NOT_WHOLE as error:
        raise ValueError(f"it is not a whole {SCHEMA}: {error_text(error)}") from error


def _report(data: Mapping[str, Any]) -> Report:
    stages = tuple(map(_stage_result, data["stages"]))
    started = _time(data["started"]) or UNKNOWN_TIME
    return Report(
        run_id=data["run_id"],
        started=started,
        elapsed_ms=data["elapsed_ms"] or 0.0,
        target=_target(data["target"], data.get("vantage", "")),
        verdict=_verdict(data["verdict"], stages),
        causes=tuple(cause for each in data["causes"] if (cause := _cause_of_check(each))),
        stages=stages,
        proven=tuple(data["proven"]),
        not_proven=tuple(data["not_proven"]),
        experiments=tuple(ExperimentResult(**each) for each in data["experiments"]),
        source=Source(data.get("source", Source.LIVE)),
        history=_history(data["history"]) if data.get("history") else None,
        repeats=tuple(_repeat(each, stages) for each in data.get("associations", ())),
        services=_services(data, started) if data.get("services") else None,
    )


def _services(data: Mapping[str, Any], started: datetime) -> ServicesResult | None:
    """Return the services; ``None`` if they cannot be told, such as those of a newer dcmecho."""
    # Imported here because most reports have no services, and start-up counts.
    from dcmecho.report.json.services_reading import services_of
    from dcmecho.report.services import render_services

    with suppress(*_NOT_WHOLE, ValueError):
        found = services_of(data["services"], data["run_id"], started)
        render_services(found)
        return found
    return None


def observed_of(data: object) -> ObservedAssociation:
    """Return an association of others. Raises ``ValueError`` for anything else."""
    report = report_of(data)
    with read_whole():
        if not isinstance(data, Mapping) or report.source not in (Source.TEXT, Source.CAPTURE):
            raise ValueError("it is not about an association of others")
        return _observed(report, data)


def _observed(report: Report, data: Mapping[str, Any]) -> ObservedAssociation:
    alike, step = data["alike"], data["next"]
    return ObservedAssociation(
        report,
        causes=tuple(map(_observed_cause, data["causes"])),
        service=data["verdict"]["service"],
        client=data["client"],
        server=data["server"],
        ended_by=EndedBy(data["ended_by"]),
        alike=Alike(
            alike["count"],
            _time(alike["since"]),
            _time(alike["until"]),
            tuple(alike["callers"]),
        ),
        next_step=step and NextStep(NextKind(step["kind"]), step["text"], step["command"]),
    )


def _time(text: str | None) -> datetime | None:
    return read_utc(text) if text is not None else None


def _target(data: Mapping[str, Any], vantage: str = "") -> Target:
    return Target(
        host=data["host"],
        port=UNKNOWN_PORT if data["port"] is None else data["port"],
        called_ae=data["called_ae"],
        calling_ae=data["calling_ae"],
        name=data["name"],
        tls=TlsSettings() if data["tls"] else None,
        vantage=vantage,
    )


def _verdict(data: Mapping[str, Any], stages: tuple[StageResult, ...]) -> Verdict:
    stage = StageId(data["stage"])
    (decided,) = (each.evidence for each in stages if each.id is stage)
    finding = decided[0].kind if decided else EvidenceKind.INTERNAL_ERROR
    return Verdict(VerdictStatus(data["status"]), stage, data["title"], finding)


def _stage_result(data: Mapping[str, Any]) -> StageResult:
    evidence = tuple(
        Evidence(EvidenceKind(each["kind"]), each["at_ms"], each["text"], each["data"])
        for each in data["evidence"]
    )
    return StageResult(
        StageId(data["id"]), Status(data["status"]), data["summary"], data["elapsed_ms"], evidence
    )


def _cause_of_check(data: Mapping[str, Any]) -> Cause[CauseId] | None:
    """Return a cause; ``None`` for a finding, which only an observed association has here."""
    return None if data["id"] in tuple(FindingId) else cause_of(data, CauseId(data["id"]))


def _observed_cause(data: Mapping[str, Any]) -> ObservedCause:
    if data["id"] in tuple(FindingId):
        return cause_of(data, FindingId(data["id"]))
    return cause_of(data, CauseId(data["id"]))


def _repeat(data: Mapping[str, Any], stages: tuple[StageResult, ...]) -> RepeatedCheck:
    return RepeatedCheck(read_utc(data["started"]), _verdict(data, stages))


def _history(data: Mapping[str, Any]) -> History:
    changes = (Change(Compared(e["what"]), e["before"], e["after"]) for e in data["since"])
    return History(
        data["days"],
        data["runs"],
        data["ok"],
        last_ok=read_utc(data["last_ok"]) if data["last_ok"] else None,
        since=tuple(changes),
        last_failure=read_utc(data["last_failure"]) if data.get("last_failure") else None,
        failing_since=read_utc(data["failing_since"]) if data.get("failing_since") else None,
        together=tuple(Together(**each) for each in data.get("together", ())),
        latest=tuple(map(_state, data.get("latest", ()))),
    )


def _state(data: Mapping[str, Any]) -> State:
    began, ended = read_utc(data["began"]), read_utc(data["ended"])
    judged = (data["status"], data["stage"], data["cause"])
    return State(began, ended, data["runs"], data["ok"], *judged)
