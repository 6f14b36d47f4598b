"""The answers about services as JSON: the key ``services`` of ``dcmecho.report/1``."""

from __future__ import annotations

from typing import Any, assert_never

from dcmecho.diagnosis.causes.findings import Finding
from dcmecho.diagnosis.move.model import MoveResult
from dcmecho.diagnosis.services.model import (
    Answer,
    LikeResult,
    Matrix,
    ProbeRequest,
    ProbeResult,
    QueryResult,
    ServicesResult,
)
from dcmecho.diagnosis.services.service import Service
from dcmecho.diagnosis.store.model import StoreResult
from dcmecho.report.json.cause import cause_data
from dcmecho.report.json.move_and_store import move_data, store_data, tcp_data
from dcmecho.report.json.values import rounded, rounded_if_known


def services_data(result: ServicesResult) -> dict[str, Any]:
    """Return the result as plain data; a service that was not asked is ``null``."""
    return {
        "elapsed_ms": rounded(result.elapsed_ms),
        "associations": result.associations,
        "refusal": result.refusal,
        "fault": result.fault,
        "cancelled": result.cancelled,
        "stopped": result.stopped and result.stopped.title,
        **{
            service.value: _data(answer) if (answer := result.answer(service)) else None
            for service in Service
        },
    }


def _data(answer: Answer) -> dict[str, Any]:
    match answer:
        case Matrix():
            return _matrix(answer)
        case LikeResult():
            return _with_findings(_like(answer), answer)
        case QueryResult():
            return _with_findings(_query(answer), answer)
        case ProbeResult():
            return _with_findings(_probe(answer), answer)
        case MoveResult():
            return _with_findings(move_data(answer), answer)
        case StoreResult():
            return _with_findings(store_data(answer), answer)
        case _:
            assert_never(answer)


def _with_findings(data: dict[str, Any], answer: Answer) -> dict[str, Any]:
    return {**data, "findings": _findings(answer.findings)}


def _matrix(matrix: Matrix) -> dict[str, Any]:
    return {
        "transfer_syntaxes": [
            {"uid": syntax.uid, "name": name, "code": syntax.code, "short": syntax.short}
            for syntax, name in zip(matrix.syntaxes, matrix.names, strict=True)
        ],
        "sop_classes": [
            {
                "uid": row.sop_class.uid,
                "name": row.name,
                "short": row.sop_class.short,
                "group": row.sop_class.group,
                "answers": {cell.syntax.uid: cell.reply.word for cell in row.cells},
            }
            for row in matrix.rows
        ],
        "accepts_what_does_not_exist": list(matrix.indiscriminate),
        "broken_off": matrix.broken_off,
    }


def _like(like: LikeResult) -> dict[str, Any]:
    return {
        "file": like.kind.file,
        "sop_class": {"uid": like.kind.sop_class_uid, "name": like.kind.sop_class_name},
        "transfer_syntax": {
            "uid": like.kind.transfer_syntax_uid,
            "name": like.kind.transfer_syntax_name,
        },
        "outcome": like.outcome.value,
        "summary": like.summary,
        "answers": {cell.syntax.uid: cell.reply.word for cell in like.row.cells},
    }


def _query(query: QueryResult) -> dict[str, Any]:
    return {
        "outcome": query.outcome.value,
        "summary": query.summary,
        "status": query.status,
        "matches": query.matches,
        "elapsed_ms": rounded_if_known(query.elapsed_ms),
    }


def _probe(probe: ProbeResult) -> dict[str, Any]:
    return {
        "passed": probe.passed,
        "summary": probe.summary,
        "requests": [_probe_request(request) for request in probe.requests],
    }


def _probe_request(request: ProbeRequest) -> dict[str, Any]:
    return {
        "request_bytes": request.request_bytes,
        "contexts": request.contexts,
        "small_segments": request.small_segments,
        "outcome": request.step.value,
        "text": request.text,
        "elapsed_ms": rounded(request.elapsed_ms),
        "tcp": request.tcp and tcp_data(request.tcp),
    }


def _findings(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    return [cause_data(finding) for finding in findings]
