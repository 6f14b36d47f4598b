"""Reports of checks that pass, with a stage that takes long."""

from __future__ import annotations

from datetime import UTC, datetime

from dcmecho.diagnosis.conclusion.conclusion import conclude
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId, StageResult, Status, ladder_of
from dcmecho.diagnosis.stages.outcome import Outcome
from dcmecho.diagnosis.stages.slowness import noting_slowness
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import TlsSettings

PLAIN = Target("192.0.2.10", 104, "PACS", "WS")
SECURED = Target("192.0.2.10", 2762, "PACS", "WS", tls=TlsSettings())
SLOW_MS = 15000.0

SENT_AGAIN = Evidence(EvidenceKind.TCP_INFO, 1.0, "sent again", {"total_retransmits": 2})
SENT_ONCE = Evidence(EvidenceKind.TCP_INFO, 1.0, "sent once", {"total_retransmits": 0})
CONNECTED = Evidence(
    EvidenceKind.TCP_CONNECTED,
    1.0,
    "connected",
    {"local": "192.0.2.1:50000", "peer": "192.0.2.10:104"},
)
UNVERIFIED = Evidence(EvidenceKind.TLS_NOT_AUTHENTICATED, 1.0, "peer not authenticated")


def checked(
    took_ms: dict[StageId, float], *seen: Evidence, target: Target = PLAIN, warned: bool = False
) -> Report:
    """Return the report of a check that passed, with these times and what the kernel has seen.

    With ``warned``, the stage ``tls`` has a warning of its own.
    """
    stages = []
    for stage in ladder_of(target):
        has_warning = warned and stage is StageId.TLS
        found: tuple[Evidence, ...] = (UNVERIFIED if has_warning else CONNECTED,)
        if stage is StageId.ECHO:
            found = (*found, *seen)
        elapsed_ms = took_ms.get(stage, 1.0)
        passed = Outcome(
            Status.WARNING if has_warning else Status.PASSED, "passed", found, elapsed_ms
        )
        judged = noting_slowness(passed, stage, elapsed_ms)
        stages.append(
            StageResult(stage, judged.status, judged.summary, judged.elapsed_ms, judged.evidence)
        )
    return conclude("run", datetime.now(UTC), 1.0, target, tuple(stages))
