"""What can lie behind a stage that passed, but took seconds. No I/O.

Nothing here is proven: a server that waits for its name server, one that is busy with somebody
else and a network that loses packets can all take the same time.
"""

from __future__ import annotations

from collections.abc import Sequence

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.causes.tls_reasoning import Suspects
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.stage import StageId, StageResult, Status
from dcmecho.diagnosis.stages.slowness import SLOW_FROM_MS

_LIKELY, _POSSIBLE = Confidence.LIKELY, Confidence.POSSIBLE

_QUICK_PART = 10
"""C-ECHO is quick if it takes less than this part of the slow stage, and is not slow itself."""


def slow_suspects(
    slow: StageResult,
    stages: Sequence[StageResult],
    later: Sequence[Sequence[StageResult]] = (),
) -> Suspects:
    """Return the causes of a slow stage, the most likely first; empty if it was not slow.

    ``stages`` are those of the same run, ``later`` those of the experiments after it.
    """
    if all(each.kind is not EvidenceKind.SLOW for each in slow.evidence):
        return ()
    match slow.id:
        case StageId.RESOLVE:
            # The name server is this machine's, which the stage says itself.
            return ()
        case StageId.CONNECT:
            return ((CauseId.TCP_SLOW, _LIKELY), (CauseId.PEER_SLOW, _POSSIBLE))
        case StageId.TLS | StageId.ASSOCIATE:
            return _before_it_answered(slow, stages, later)
        case _ if _loses_packets(stages):
            return ((CauseId.TCP_SLOW, _LIKELY), (CauseId.PEER_SLOW, _POSSIBLE))
        case _:
            return ((CauseId.PEER_SLOW, _LIKELY),)


def _before_it_answered(
    slow: StageResult, stages: Sequence[StageResult], later: Sequence[Sequence[StageResult]]
) -> Suspects:
    """DCMTK's servers look the caller up before TLS and association, once a connection."""
    if _loses_packets(stages):
        return (
            (CauseId.TCP_SLOW, _LIKELY),
            (CauseId.PEER_NAME_LOOKUP, _POSSIBLE),
            (CauseId.PEER_SLOW, _POSSIBLE),
        )
    if _answers_quickly_later(slow, stages) and not _was_quick_again(slow.id, later):
        return ((CauseId.PEER_NAME_LOOKUP, _LIKELY), (CauseId.PEER_SLOW, _POSSIBLE))
    return ((CauseId.PEER_SLOW, _LIKELY), (CauseId.PEER_NAME_LOOKUP, _POSSIBLE))


def _answers_quickly_later(slow: StageResult, stages: Sequence[StageResult]) -> bool:
    slow_ms = slow.elapsed_ms or 0.0
    return any(
        each.id is StageId.ECHO
        and each.status is Status.PASSED
        and (each.elapsed_ms or 0.0) < min(slow_ms / _QUICK_PART, SLOW_FROM_MS)
        for each in stages
    )


def _was_quick_again(stage: StageId, later: Sequence[Sequence[StageResult]]) -> bool:
    """Report whether another connection was quick: a name lookup takes its time for each."""
    return any(
        each.id is stage and each.status.is_success and (each.elapsed_ms or 0.0) < SLOW_FROM_MS
        for stages in later
        for each in stages
    )


def _loses_packets(stages: Sequence[StageResult]) -> bool:
    """Report whether the kernel sent something again on this connection."""
    return any(
        bool(seen.data.get("total_retransmits"))
        for each in stages
        for seen in each.evidence
        if seen.kind is EvidenceKind.TCP_INFO
    )
