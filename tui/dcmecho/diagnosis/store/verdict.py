"""Judges what stops the transfer of a test image. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.causes.findings import FINDINGS, FindingId
from dcmecho.diagnosis.duration import duration
from dcmecho.diagnosis.network.association import Ending
from dcmecho.diagnosis.network.responses import ending_inserted, status_text
from dcmecho.diagnosis.sanitize import title_bytes
from dcmecho.diagnosis.store.model import (
    StoreAnswer,
    StoreAttempt,
    StoreOutcome,
    StoreResult,
    SyntheticImage,
)
from dcmecho.diagnosis.target.target import Target
from dcmecho.standard.context_results import refusal_words
from dcmecho.standard.statuses import NOT_AUTHORIZED, SUCCESS

SLOW_BYTES_PER_S = 500_000
"""Slower than this, a CT series of 250 MB takes more than 8 minutes."""
_SLOW_FROM_MS = 2000.0

_PROVEN, _LIKELY, _POSSIBLE = Confidence.PROVEN, Confidence.LIKELY, Confidence.POSSIBLE
_ENDED = frozenset({Ending.ABORTED, Ending.CLOSED, Ending.RESET, Ending.TLS_ALERT})

Suspects = tuple[tuple[FindingId, Confidence], ...]


class Stall(Enum):
    """The reason why a transfer stalls."""

    NETWORK = auto()
    """Sent data is not acknowledged and is retransmitted."""
    READING = auto()
    """Sent data is acknowledged, but the peer reads no more."""
    ANSWER = auto()
    """The peer's machine has received everything."""
    UNKNOWN = auto()
    """The kernel has no information."""


@dataclass(frozen=True, slots=True)
class _Judged:
    outcome: StoreOutcome
    summary: str
    suspects: Suspects = ()
    remains: bool = False


def judge(sent: SyntheticImage, attempts: Sequence[StoreAttempt], target: Target) -> StoreResult:
    """Judge the attempts. There must be at least one."""
    first, last = attempts[0], attempts[-1]
    judged = _judge(first)
    stalled = stall_of(first.answer) if first.answer else None
    if judged.outcome is StoreOutcome.STALLED and len(attempts) > 1 and _is_stored(last):
        judged = _Judged(
            StoreOutcome.STALLED,
            f"{judged.summary}; stored in segments of 500 bytes",
            ((FindingId.STORE_BIG_PACKETS_LOST, _LIKELY),),
            remains=True,
        )
    elif stalled is Stall.NETWORK:
        judged = _Judged(
            judged.outcome, judged.summary, judged.suspects, remains=any(map(_may_remain, attempts))
        )
    values = _values(sent, first, target)
    findings = tuple(FINDINGS.describe(each, sure, values) for each, sure in judged.suspects)
    return StoreResult(
        judged.outcome, judged.summary, sent, tuple(attempts), judged.remains, findings
    )


def stall_of(answered: StoreAnswer) -> Stall | None:
    """Return what an unanswered transfer is waiting for, or ``None`` if it ended otherwise."""
    if answered.answer.ending is not Ending.SILENT:
        return None
    tcp, acknowledged = answered.answer.tcp, answered.acknowledged_bytes
    if tcp is None or acknowledged is None:
        return Stall.UNKNOWN
    if tcp.unacked and tcp.retransmits:
        return Stall.NETWORK
    return Stall.READING if acknowledged < answered.sent_bytes else Stall.ANSWER


def _judge(attempt: StoreAttempt) -> _Judged:
    answered = attempt.answer
    if answered is None:
        if attempt.context_result or attempt.left_unanswered:
            said = f"not offered: {refusal_words(attempt.context_result)}"
            return _Judged(StoreOutcome.REFUSED, said, ((FindingId.STORE_NOT_OFFERED, _PROVEN),))
        return _Judged(StoreOutcome.NOT_ASKED, f"not asked: {attempt.text}")
    match stall_of(answered):
        case Stall.NETWORK:
            said = f"stalled: {_progress(answered)}, then the network lost data"
            suspects: Suspects = ((FindingId.STORE_PACKETS_LOST, _LIKELY),)
            return _Judged(StoreOutcome.STALLED, said, suspects)
        case Stall.READING:
            said = f"stalled: {_progress(answered)}, then the peer stopped reading"
            suspects = ((FindingId.STORE_PEER_STOPS_READING, _LIKELY),)
            return _Judged(StoreOutcome.STALLED, said, suspects)
        case Stall.ANSWER | Stall.UNKNOWN as stall:
            sure = _LIKELY if stall is Stall.ANSWER else _POSSIBLE
            suspects = ((FindingId.STORE_NO_ANSWER, sure),)
            if stall is Stall.UNKNOWN:
                suspects = (*suspects, (FindingId.STORE_PACKETS_LOST, _POSSIBLE))
            return _Judged(
                StoreOutcome.NO_ANSWER,
                "everything was sent, but there was no answer",
                suspects,
                True,
            )
        case None:
            return _answered(attempt, answered)


def _answered(attempt: StoreAttempt, answered: StoreAnswer) -> _Judged:
    ending = answered.answer.ending
    if ending in _ENDED:
        said = f"ended early ({ending_inserted(answered.answer)}): {_progress(answered)}"
        suspects: Suspects = ((FindingId.STORE_BROKEN_OFF, _LIKELY),)
        return _Judged(StoreOutcome.BROKEN_OFF, said, suspects, _may_remain(attempt))
    if ending is not Ending.ANSWERED or answered.status is None:
        # An incomplete answer could also have been lost on the network.
        lost = answered.answer.unfinished
        suspects = ((FindingId.STORE_MALFORMED, _LIKELY if lost else _PROVEN),)
        said = f"the answer is malformed: {ending_inserted(answered.answer)}"
        return _Judged(StoreOutcome.MALFORMED, said, suspects, True)
    if not _is_stored(attempt):
        said = f"refused with {_status_text(answered)}"
        suspects = _refusal(answered.status)
        return _Judged(StoreOutcome.REFUSED, said, suspects)
    took = duration(attempt.elapsed_ms)
    said = f"stored: {answered.sent_bytes} bytes in {took}, {_rate(attempt)}"
    if answered.status:
        said += f"; {_status_text(answered)}"
    slow = ((FindingId.STORE_SLOW, _LIKELY),) if _is_slow(attempt) else ()
    return _Judged(StoreOutcome.STORED, said, slow, True)


def _is_stored(attempt: StoreAttempt) -> bool:
    """Return true for success, or for a warning after a successful transfer (PS3.4 B.2.3)."""
    status = attempt.answer.status if attempt.answer else None
    return status is not None and (status == SUCCESS or status & 0xF000 == 0xB000)


def _may_remain(attempt: StoreAttempt) -> bool:
    answered = attempt.answer
    if answered is None:
        return False
    acknowledged = answered.acknowledged_bytes
    return acknowledged is None or acknowledged >= answered.sent_bytes


def _refusal(status: int) -> Suspects:
    """Return suspects for a status. Many peers use one for everything: 0xA700 (Orthanc), 0xC000."""
    if status == NOT_AUTHORIZED:
        return ((FindingId.STORE_NOT_AUTHORISED, _PROVEN),)
    if status & 0xFF00 == 0xA700:
        return ((FindingId.STORE_OUT_OF_RESOURCES, _LIKELY), (FindingId.STORE_STATUS, _POSSIBLE))
    if status & 0xFF00 == 0xA900 or status & 0xF000 == 0xC000:
        return ((FindingId.STORE_NOT_UNDERSTOOD, _LIKELY), (FindingId.STORE_STATUS, _POSSIBLE))
    return ((FindingId.STORE_STATUS, _PROVEN),)


def _status_text(answered: StoreAnswer) -> str:
    """Return the status in words."""
    return status_text(answered.status, answered.status_words, answered.comment) or "none"


def _is_slow(attempt: StoreAttempt) -> bool:
    return attempt.elapsed_ms >= _SLOW_FROM_MS and _bytes_per_s(attempt) < SLOW_BYTES_PER_S


def _bytes_per_s(attempt: StoreAttempt) -> float:
    sent = attempt.answer.sent_bytes if attempt.answer else 0
    return sent / max(attempt.elapsed_ms / 1000, 1e-6)


def _rate(attempt: StoreAttempt) -> str:
    return f"{_bytes_per_s(attempt) / 1e6:.2f} MB/s"


def _progress(answered: StoreAnswer) -> str:
    acknowledged = answered.acknowledged_bytes
    known = "an unknown part" if acknowledged is None else str(max(acknowledged, 0))
    return f"{known} of {answered.sent_bytes} bytes acknowledged"


def _values(sent: SyntheticImage, attempt: StoreAttempt, target: Target) -> dict[str, str]:
    answered = attempt.answer
    tcp = answered.answer.tcp if answered else None
    acknowledged = answered.acknowledged_bytes if answered else None
    pdu = attempt.max_pdu_bytes
    return {
        "size": str(answered.sent_bytes if answered else sent.size_bytes),
        "acknowledged": "an unknown number" if acknowledged is None else str(max(acknowledged, 0)),
        "segment": str(tcp.segment_bytes) if tcp else "unknown",
        "mtu": str(tcp.path_mtu_bytes) if tcp else "unknown",
        "retransmits": str(tcp.total_retransmits) if tcp else "unknown",
        "rtt": f"{tcp.rtt_ms:.1f}" if tcp else "unknown",
        "elapsed": duration(attempt.elapsed_ms),
        "rate": _rate(attempt),
        "pdu": str(pdu) if pdu else "any number of",
        "status": _status_text(answered) if answered else refusal_words(attempt.context_result),
        "ending": ending_inserted(answered.answer) if answered else "",
        "uids": sent.uids,
        "called_ae": title_bytes(target.called_ae),
        "calling_ae": title_bytes(target.calling_ae),
    }
