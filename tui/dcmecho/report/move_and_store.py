"""The results of a C-MOVE to this machine and of a test image, as parts of a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from dcmecho.diagnosis.duration import duration
from dcmecho.diagnosis.move.model import Leg, LegId, LegState, MoveOutcome, MoveResult
from dcmecho.diagnosis.network.connection import TcpInfo
from dcmecho.diagnosis.store.model import StoreAttempt, StoreResult
from dcmecho.report.page import Measured, Part, Step, StepState, Summary, Text, Tone
from dcmecho.standard.statuses import SUCCESS

_STAYS = (
    "DICOM storage has no delete command. Ask the peer's administrator to delete the test image:"
)


def move_parts(move: MoveResult) -> Iterator[Part]:
    """Yield the request, each leg, and the result."""
    order = move.evidence.order
    how = "images are accepted and discarded" if order.accept else "the peer's call is rejected"
    yield Text(f"study {order.study_uid}, {how}", Tone.QUIET)
    yield from (Step(_leg_state(leg, move), leg.name, leg.text) for leg in move.legs)
    if move.outcome is MoveOutcome.UNDER_WAY:
        yield Summary(move.summary, StepState.RUNNING)
    else:
        yield Summary(move.summary, _outcome(succeeded=move.succeeded))


def store_parts(store: StoreResult) -> Iterator[Part]:
    """Yield the result, the TCP figures, and what must be deleted at the peer."""
    yield Summary(store.summary, _outcome(succeeded=store.succeeded))
    yield from map(Measured, _attempts(store))
    if store.remains:
        residue = f"{_STAYS} {store.sent.uids}"
        yield Text(residue, Tone.WARNING)


def _outcome(*, succeeded: bool) -> StepState:
    return StepState.PASSED if succeeded else StepState.FAILED


def _leg_state(leg: Leg, move: MoveResult) -> StepState:
    """Return the state of a leg; an answer that says that the C-MOVE failed is not OK."""
    answer = move.evidence.answer
    answered_badly = answer is not None and answer.is_final and answer.status != SUCCESS
    if leg.id is LegId.REQUEST and answered_badly and not move.succeeded:
        return StepState.FAILED
    return _state(leg.state)


def _state(state: LegState) -> StepState:
    match state:
        case LegState.PASSED:
            return StepState.PASSED
        case LegState.FAILED:
            return StepState.FAILED
        case LegState.RUNNING:
            return StepState.RUNNING
        case LegState.UNKNOWN:
            return StepState.UNKNOWN
        case LegState.NOT_REACHED:
            return StepState.NOT_REACHED
        case _:
            assert_never(state)


def _attempts(result: StoreResult) -> Iterator[str]:
    for attempt in result.attempts:
        answered = attempt.answer
        if answered is None:
            continue
        yield f"{_how(attempt)}: {duration(attempt.elapsed_ms)}, {_pdu(attempt)}"
        for when, tcp in (("before", answered.tcp_before), ("after", answered.answer.tcp)):
            if tcp is not None:
                yield f"{when}: {_tcp(tcp)}"


def _how(attempt: StoreAttempt) -> str:
    return "in segments of 500 bytes" if attempt.small_segments else "in ordinary segments"


def _pdu(attempt: StoreAttempt) -> str:
    longest = attempt.max_pdu_bytes
    return f"the peer accepts PDUs up to {longest} bytes" if longest else "no PDU limit at the peer"


def _tcp(tcp: TcpInfo) -> str:
    return (
        f"segment {tcp.segment_bytes}, path MTU {tcp.path_mtu_bytes}, {tcp.total_retransmits}"
        f" retransmitted, {tcp.unacked} unacknowledged, round trip {tcp.rtt_ms:.1f} ms"
    )
