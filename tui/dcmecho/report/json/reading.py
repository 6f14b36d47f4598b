"""Reads ``dcmecho.report/1`` back: a report of the journal, or of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from dcmecho.diagnosis.cause import Behind, Cause, CauseId, Confidence, Who
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.history.compared import Compared
from dcmecho.diagnosis.history.history import Change, History, State, Together
from dcmecho.diagnosis.product import Hint, Product
from dcmecho.diagnosis.report import ExperimentResult, RepeatedCheck, Report, Source
from dcmecho.diagnosis.sanitize import error_text
from dcmecho.diagnosis.stage import StageId, StageResult, Status
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import TlsSettings
from dcmecho.diagnosis.verdict import Verdict, VerdictStatus
from dcmecho.journal.times import read_utc
from dcmecho.report.json.diagnose import SCHEMA

_WHO = {each.value: each for each in Who}
_PRODUCTS = {each.value: each for each in Product}


def report_of(data: object) -> Report:
    """Return the report; its services are left out. Raises ``ValueError`` for anything else."""
    with read_whole():
        if not isinstance(data, Mapping) or data.get("schema") != SCHEMA:
            raise ValueError(f"it is not a {SCHEMA}")
        return _report(data)


@contextmanager
def read_whole() -> Iterator[None]:
    """Turn what foreign data can be, other than a whole report, into a ``ValueError``."""
    try:
        yield
    except (LookupError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"it is not a whole {SCHEMA}: {error_text(error)}") from error


def _report(data: Mapping[str, Any]) -> Report:
    stages = tuple(map(_stage_result, data["stages"]))
    return Report(
        run_id=data["run_id"],
        started=read_utc(data["started"]),
        elapsed_ms=data["elapsed_ms"],
        target=_target(data["target"]),
        verdict=_verdict(data["verdict"], stages),
        causes=tuple(map(_cause, data["causes"])),
        stages=stages,
        proven=tuple(data["proven"]),
        not_proven=tuple(data["not_proven"]),
        experiments=tuple(ExperimentResult(**each) for each in data["experiments"]),
        source=Source(data.get("source", Source.LIVE)),
        history=_history(data["history"]) if data.get("history") else None,
        repeats=tuple(_repeat(each, stages) for each in data.get("associations", ())),
    )


def _target(data: Mapping[str, Any]) -> Target:
    return Target(
        host=data["host"],
        port=data["port"],
        called_ae=data["called_ae"],
        calling_ae=data["calling_ae"],
        name=data["name"],
        tls=TlsSettings() if data["tls"] else None,
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


def _cause(data: Mapping[str, Any]) -> Cause[CauseId]:
    return Cause(
        CauseId(data["id"]),
        Confidence(data["confidence"]),
        data["title"],
        data["explanation"],
        _WHO[data["who"]],
        tuple(data["actions"]),
        data["reference"],
        tuple(Hint(_PRODUCTS[product], text) for product, text in data["where"].items()),
        tuple(Behind(_WHO[each["who"]], each["text"]) for each in data.get("behind", ())),
    )


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
        together=tuple(Together(**each) for each in data.get("together", ())),
        latest=tuple(map(_state, data.get("latest", ()))),
    )


def _state(data: Mapping[str, Any]) -> State:
    began, ended = read_utc(data["began"]), read_utc(data["ended"])
    judged = (data["status"], data["stage"], data["cause"])
    return State(began, ended, data["runs"], data["ok"], *judged)
