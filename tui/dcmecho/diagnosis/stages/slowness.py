"""Marks a stage that passed, but took so long that other programs would have given up."""

from __future__ import annotations

from dcmecho.diagnosis.duration import duration
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.stage import StageId, Status
from dcmecho.diagnosis.stages.outcome import Outcome, timer_remark

SLOW_FROM_MS = 2000.0
"""A stage that takes this long is a warning.

A lost packet costs 1 s (RFC 6298 2.1), TLS 1.2 over a satellite 1.2 s: neither is worth a warning.
Servers with a name server that does not answer took 2 to 15 s.
"""

OTHERS_GIVE_UP_AFTER_S = (5, 10)
"""Timers of other programs. dcm4chee-arc gives up after the first."""


def noting_slowness(outcome: Outcome, stage: StageId, took_ms: float) -> Outcome:
    """Return ``outcome``, as a warning if ``stage`` passed and ``took_ms`` is slow."""
    if not outcome.status.is_success or took_ms < SLOW_FROM_MS:
        return outcome
    first, second = OTHERS_GIVE_UP_AFTER_S
    slow = Evidence(
        EvidenceKind.SLOW,
        outcome.evidence[0].at_ms,
        f"{stage.row.label} took {duration(took_ms)}{timer_remark(took_ms / 1000)};"
        f" other programs give up after {first} or {second} s",
        {"elapsed_ms": round(took_ms, 3)},
    )
    if outcome.status is Status.WARNING:
        # What is wrong already stays the first: it decides what the warning is about.
        return outcome._replace(evidence=(*outcome.evidence, slow))
    return outcome._replace(status=Status.WARNING, evidence=(slow, *outcome.evidence))
