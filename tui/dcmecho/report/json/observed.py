"""An observed association as ``dcmecho.report/1``: unknown texts are empty, numbers null."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dcmecho.diagnosis.conclusion.clock import utc_time
from dcmecho.diagnosis.observed.association import (
    UNKNOWN_PORT,
    Alike,
    NextStep,
    ObservedAssociation,
)
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.exit_codes import ExitCode, failure_code
from dcmecho.report.json.cause import cause_data
from dcmecho.report.json.diagnose import SCHEMA, stage_data, target_data
from dcmecho.report.json.values import rounded


def observed_data(observed: ObservedAssociation) -> dict[str, Any]:
    """Return the report as plain data, in the order of the schema."""
    report = observed.report
    target = target_data(report.target)
    target["port"] = None if report.target.port == UNKNOWN_PORT else report.target.port
    return {
        "schema": SCHEMA,
        "source": report.source.value,
        "run_id": report.run_id,
        "started": utc_time(report.started) if observed.is_time_known else None,
        "elapsed_ms": rounded(report.elapsed_ms) if report.elapsed_ms else None,
        "target": target,
        "verdict": {
            "status": report.verdict.status.value,
            "stage": report.verdict.stage.value,
            "service": observed.service,
            "title": report.verdict.title,
            "exit_code": _exit_code(report),
            "forbidden": False,
        },
        "causes": [cause_data(cause) for cause in observed.causes],
        "stages": [stage_data(stage) for stage in report.stages],
        "experiments": [],
        "proven": list(report.proven),
        "not_proven": list(report.not_proven),
        "history": None,
        "client": observed.client,
        "server": observed.server,
        "ended_by": observed.ended_by.value,
        "alike": _alike_data(observed.alike),
        "next": _next_data(observed.next_step),
        "sub_of": observed.sub_of,
        "same_as": observed.same_as,
    }


def _exit_code(report: Report) -> int | None:
    """Return the exit code that a check with this end would have; ``None`` if that is unknown."""
    match report.verdict.status:
        case VerdictStatus.OK | VerdictStatus.WARNING:
            return int(ExitCode.OK)
        case VerdictStatus.FAILED:
            return int(failure_code(report.verdict))
        case _:
            return None


def _alike_data(alike: Alike) -> dict[str, Any]:
    return {
        "count": alike.times,
        "since": _time_if_known(alike.since),
        "until": _time_if_known(alike.until),
        "callers": list(alike.callers),
    }


def _time_if_known(at: datetime | None) -> str | None:
    return None if at is None else utc_time(at)


def _next_data(step: NextStep | None) -> dict[str, Any] | None:
    return (
        None
        if step is None
        else {
            "kind": step.kind.value,
            "text": step.text,
            "command": step.command,
        }
    )
