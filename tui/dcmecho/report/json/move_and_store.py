"""A C-MOVE to this machine and a test image as JSON, in ``services`` of ``dcmecho.report/1``."""

from __future__ import annotations

from typing import Any

from dcmecho.diagnosis.listen.calls import AssociationRequest
from dcmecho.diagnosis.move.inbound import inbound
from dcmecho.diagnosis.move.model import MoveAnswer, MoveResult
from dcmecho.diagnosis.network.connection import TcpInfo
from dcmecho.diagnosis.store.model import StoreAttempt, StoreResult
from dcmecho.report.json.values import rounded


def move_data(move: MoveResult) -> dict[str, Any]:
    """Return the C-MOVE: verdict, legs, last response and received calls."""
    seen = move.evidence
    return {
        "outcome": move.outcome.value,
        "summary": move.summary,
        "study": seen.order.study_uid,
        "destination": seen.title,
        "accept": seen.order.accept,
        "listened_on": [{"address": end.ip, "port": end.port} for end in seen.bound],
        "response": seen.answer and _response(seen.answer),
        "cut_short": seen.cut_short,
        "study_by_query": seen.study.value,
        "legs": [
            {"id": leg.id.value, "state": leg.state.value, "text": leg.text} for leg in move.legs
        ],
        "calls": [
            {
                "source": str(each.call.source),
                "arrived_at": str(each.call.arrived_at),
                **_titles(each.call.request),
                "as_registered": each.is_right,
                "title": each.verdict.title,
                "stored": each.call.stored_objects,
            }
            for each in inbound(seen)
        ],
    }


def _titles(request: AssociationRequest | None) -> dict[str, str | None]:
    if request is None:
        return {"called_ae": None, "calling_ae": None}
    return {"called_ae": request.called_ae.visible, "calling_ae": request.calling_ae.visible}


def store_data(store: StoreResult) -> dict[str, Any]:
    """Return the test image: verdict, attempts, and what must be removed at the peer."""
    return {
        "outcome": store.outcome.value,
        "summary": store.summary,
        "size_bytes": store.sent.size_bytes,
        "remains": store.remains,
        "study_uid": store.sent.study_uid,
        "instance_uid": store.sent.instance_uid,
        "attempts": [_attempt(each) for each in store.attempts],
    }


def tcp_data(tcp: TcpInfo) -> dict[str, Any]:
    """Return the kernel's figures about a connection."""
    return {
        "rtt_ms": tcp.rtt_ms,
        "segment_bytes": tcp.segment_bytes,
        "path_mtu_bytes": tcp.path_mtu_bytes,
        "retransmits": tcp.total_retransmits,
        "unacked": tcp.unacked,
        "bytes_acked": tcp.bytes_acked,
    }


def _response(answer: MoveAnswer) -> dict[str, Any]:
    counts = answer.counts
    return {
        "ending": answer.answer.ending.value,
        "status": answer.status,
        "status_words": answer.status_words,
        "comment": str(answer.comment),
        "elapsed_ms": rounded(answer.answer.elapsed_ms),
        "sub_operations": {
            "remaining": counts.remaining,
            "completed": counts.completed,
            "failed": counts.failed,
            "warning": counts.warning,
        },
    }


def _attempt(attempt: StoreAttempt) -> dict[str, Any]:
    answered = attempt.answer
    before = answered.tcp_before if answered else None
    after = answered.answer.tcp if answered else None
    return {
        "small_segments": attempt.small_segments,
        "ending": answered.answer.ending.value if answered else None,
        "status": answered.status if answered else None,
        "status_words": answered.status_words if answered else "",
        "comment": str(answered.comment) if answered else "",
        "context_result": attempt.context_result,
        "max_pdu_bytes": attempt.max_pdu_bytes,
        "elapsed_ms": rounded(attempt.elapsed_ms),
        "sent_bytes": answered.sent_bytes if answered else 0,
        "acknowledged_bytes": answered.acknowledged_bytes if answered else None,
        "tcp_before": before and tcp_data(before),
        "tcp_at_the_end": after and tcp_data(after),
    }
