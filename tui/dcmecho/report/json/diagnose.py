"""Reports and events as JSON: the schema ``dcmecho.report/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcmecho.diagnosis.conclusion.clock import utc_time
from dcmecho.diagnosis.events import (
    Event,
    LogLine,
    RunFinished,
    RunStarted,
    ServicesFinished,
    ServicesProgressed,
    StageFinished,
    StageStarted,
)
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageResult
from dcmecho.diagnosis.target.target import Target
from dcmecho.exit_codes import exit_code
from dcmecho.report.json.cause import cause_data
from dcmecho.report.json.layout import indented, one_line
from dcmecho.report.json.values import rounded, rounded_if_known

if TYPE_CHECKING:
    from dcmecho.diagnosis.history.history import History
    from dcmecho.diagnosis.services.model import ServicesResult

SCHEMA = "dcmecho.report/1"


def render(report: Report) -> str:
    """Return a report as an indented JSON object, ending with a newline."""
    return indented(report_data(report))


def render_event(event: Event) -> str:
    """Return an event as one line of JSON, without newline; the last event is the report itself."""
    return one_line(_event_data(event))


def report_data(report: Report) -> dict[str, Any]:
    """Return the report as plain data, in the order of the schema."""
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "source": report.source.value,
        "vantage": report.target.vantage,
        "run_id": report.run_id,
        "started": utc_time(report.started),
        "elapsed_ms": rounded(report.elapsed_ms),
        "target": target_data(report.target),
        "verdict": {
            "status": report.verdict.status.value,
            "stage": report.verdict.stage.value,
            "title": report.verdict.title,
            "exit_code": int(exit_code(report)),
            "forbidden": report.verdict.is_forbidden,
        },
        "causes": [cause_data(cause) for cause in report.causes],
        "stages": [stage_data(stage) for stage in report.stages],
        "experiments": [
            {"id": each.id, "sent": each.sent, "outcome": each.outcome, "split": each.split}
            for each in report.experiments
        ],
        "proven": list(report.proven),
        "not_proven": list(report.not_proven),
        "history": None if report.history is None else _history_data(report.history),
    }
    if report.repeats:
        data["associations"] = [
            {
                "started": utc_time(each.started),
                "status": each.verdict.status.value,
                "stage": each.verdict.stage.value,
                "title": each.verdict.title,
            }
            for each in report.repeats
        ]
    if report.services is not None:
        data["services"] = _services_data(report.services)
    return data


def target_data(target: Target) -> dict[str, Any]:
    """Return the target: its address, both AE titles, and whether it uses TLS."""
    return {
        "name": target.name,
        "host": target.host,
        "port": target.port,
        "called_ae": target.called_ae,
        "calling_ae": target.calling_ae,
        "tls": target.tls is not None,
    }


def stage_data(stage: StageResult) -> dict[str, Any]:
    """Return one stage with its evidence."""
    return {
        "id": stage.id.value,
        "status": stage.status.value,
        "elapsed_ms": rounded_if_known(stage.elapsed_ms),
        "summary": stage.summary,
        "evidence": [
            {
                "kind": evidence.kind.value,
                "at_ms": rounded(evidence.at_ms),
                "text": evidence.text,
                "data": dict(evidence.data),
            }
            for evidence in stage.evidence
        ],
    }


def _history_data(history: History) -> dict[str, Any]:
    from dcmecho.report.json.history import history_data

    return history_data(history)


def _services_data(result: ServicesResult) -> dict[str, Any]:
    # Imported here because most reports have no services, and start-up counts.
    from dcmecho.report.json.services import services_data

    return services_data(result)


def _event_data(event: Event) -> dict[str, Any]:
    match event:
        case RunStarted():
            return {
                "event": "run-started",
                "run_id": event.run_id,
                "at": utc_time(event.at),
                "target": target_data(event.target),
            }
        case StageStarted():
            return {
                "event": "stage-started",
                "run_id": event.run_id,
                "stage": event.stage.value,
                "at_ms": rounded(event.at_ms),
            }
        case StageFinished():
            return {"event": "stage-finished", "run_id": event.run_id} | stage_data(event.result)
        case LogLine():
            return {
                "event": "log",
                "run_id": event.run_id,
                "stage": event.stage.value,
                "at_ms": rounded(event.at_ms),
                "layer": event.layer.value,
                "direction": event.direction.value,
                "text": event.text,
                "details": list(event.details),
                "raw": event.raw.hex(),
            }
        case RunFinished():
            return report_data(event.report)
        case ServicesProgressed():
            return {
                "event": "services-progressed",
                "run_id": event.run_id,
                "at": utc_time(event.at),
                "doing": event.doing,
            }
        case ServicesFinished():
            return {
                "event": "services-finished",
                "run_id": event.run_id,
                "services": _services_data(event.result),
            }
