"""A C-MOVE to ourselves and a test object as plain lines, for the text report and the screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from dcmecho.diagnosis.duration import duration
from dcmecho.diagnosis.move.model import Leg, LegState, MoveResult
from dcmecho.diagnosis.network.connection import TcpInfo
from dcmecho.diagnosis.sanitize import printable
from dcmecho.diagnosis.store.model import StoreAttempt, StoreResult

LEG_WIDTH = 12


def _mark(state: LegState) -> str:
    match state:
        case LegState.PASSED:
            return "ok"
        case LegState.FAILED:
            return "FAIL"
        case LegState.RUNNING:
            return ".."
        case LegState.UNKNOWN:
            return "?"
        case LegState.NOT_REACHED:
            return "--"
        case _:
            assert_never(state)


def leg_line(leg: Leg) -> str:
    """One leg with its mark in ASCII."""
    return f"{_mark(leg.state):<4}  {leg.name:<{LEG_WIDTH}}  {printable(leg.text)}"


def asked_line(move: MoveResult) -> str:
    """What was asked."""
    how = "let in and dropped" if move.evidence.order.accept else "rejected on purpose"
    return f"study {printable(move.evidence.order.study_uid)}, what comes is {how}"


def attempt_lines(result: StoreResult) -> Iterator[str]:
    """What the kernel saw of each attempt, before it and at its end."""
    for attempt in result.attempts:
        answered = attempt.answer
        if answered is None:
            continue
        yield f"{_how(attempt)}: {duration(attempt.elapsed_ms)}, {_pdu(attempt)}"
        for when, tcp in (("before", answered.tcp_before), ("at the end", answered.answer.tcp)):
            if tcp is not None:
                yield f"{when}: {_tcp(tcp)}"


def residue_line(result: StoreResult) -> str:
    """What is left at the peer and has to be removed there; empty where nothing can be."""
    if not result.remains:
        return ""
    return f"DICOM has no delete. Have it removed at the archive: {result.sent.uids}"


def _how(attempt: StoreAttempt) -> str:
    return "in segments of 500 bytes" if attempt.small_segments else "as usual"


def _pdu(attempt: StoreAttempt) -> str:
    longest = attempt.max_pdu_bytes
    return f"the peer takes PDUs of {longest} bytes" if longest else "the peer takes any PDU"


def _tcp(tcp: TcpInfo) -> str:
    return (
        f"segment {tcp.segment_bytes}, path MTU {tcp.path_mtu_bytes}, {tcp.total_retransmits} sent"
        f" again, {tcp.unacked} unacknowledged, round trip {tcp.rtt_ms:.1f} ms"
    )
