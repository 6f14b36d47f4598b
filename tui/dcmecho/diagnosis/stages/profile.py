"""Stage ``profile``: can these values work at all?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dcmecho.diagnosis.model import CauseId, Evidence, EvidenceKind, JsonValue, Status, Target
from dcmecho.diagnosis.sanitize import printable
from dcmecho.diagnosis.stages.outcome import Outcome, failed
from dcmecho.diagnosis.validation import Complaint, Severity, check_target

if TYPE_CHECKING:
    from dcmecho.diagnosis.tls import TlsFileProblem


def judge(target: Target, tls_problems: Sequence[TlsFileProblem], at_ms: float) -> Outcome:
    """Judge the values as written, before anything is sent."""
    if target.do_not_probe:
        reason = printable(target.do_not_probe)
        return failed(Evidence(EvidenceKind.DO_NOT_PROBE, at_ms, f"not probed: {reason}"))
    complaints = check_target(target)
    errors = [c for c in complaints if c.severity is Severity.ERROR]
    warnings = [
        _evidence(EvidenceKind.PROFILE_WARNING, c, at_ms)
        for c in complaints
        if c.severity is Severity.WARNING
    ]
    if errors or tls_problems:
        first, *others = (
            *(_evidence(EvidenceKind.PROFILE_INVALID, c, at_ms) for c in errors),
            *(_tls_evidence(problem, at_ms) for problem in tls_problems),
        )
        return failed(first, *others, *warnings)
    if warnings:
        return Outcome(Status.WARNING, warnings[0].text, tuple(warnings))
    valid = Evidence(EvidenceKind.PROFILE_VALID, at_ms, f"the values can work: {target}")
    return Outcome(Status.PASSED, "valid", (valid,))


def _evidence(kind: EvidenceKind, complaint: Complaint, at_ms: float) -> Evidence:
    data: dict[str, JsonValue] = {"field": complaint.field.value}
    if complaint.cause is not None:
        data["cause"] = complaint.cause.value
    return Evidence(kind, at_ms, str(complaint), data)


def _tls_evidence(problem: TlsFileProblem, at_ms: float) -> Evidence:
    data: dict[str, JsonValue] = {
        "field": f"tls.{problem.key}",
        "cause": CauseId.TLS_FILE_INVALID.value,
    }
    return Evidence(EvidenceKind.PROFILE_INVALID, at_ms, f"tls: {problem}", data)
