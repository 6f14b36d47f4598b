"""Stage ``profile``: are the values of the target valid?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind, JsonValue
from dcmecho.diagnosis.stage import Status
from dcmecho.diagnosis.stages.outcome import Outcome, failed
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.validation import Complaint, check_target
from dcmecho.diagnosis.target.value_checks import Severity

if TYPE_CHECKING:
    from dcmecho.diagnosis.target.tls import Certificate, TlsCheck, TlsFileProblem

_REFUSED = "a peer that checks it refuses it"


def judge(target: Target, tls: TlsCheck | None, today: datetime, at_ms: float) -> Outcome:
    """Judge the values before anything is sent; ``tls`` is the check of the target's TLS files."""
    if target.do_not_probe:
        return failed(Evidence(EvidenceKind.DO_NOT_PROBE, at_ms, target.not_checked))
    complaints = check_target(target)
    errors = [c for c in complaints if c.severity is Severity.ERROR]
    warnings = [
        _evidence(EvidenceKind.PROFILE_WARNING, c, at_ms)
        for c in complaints
        if c.severity is Severity.WARNING
    ]
    if tls is not None and tls.own is not None:
        warnings += _own_certificate(tls.own, today, at_ms)
    problems = tls.problems if tls is not None else ()
    if errors or problems:
        first, *others = (
            *(_evidence(EvidenceKind.PROFILE_INVALID, c, at_ms) for c in errors),
            *(_tls_evidence(problem, at_ms) for problem in problems),
        )
        return failed(first, *others, *warnings)
    if warnings:
        return Outcome(Status.WARNING, warnings[0].text, tuple(warnings))
    valid = Evidence(EvidenceKind.PROFILE_VALID, at_ms, f"the values are valid: {target}")
    return Outcome(Status.PASSED, "valid", (valid,))


def _evidence(kind: EvidenceKind, complaint: Complaint, at_ms: float) -> Evidence:
    data: dict[str, JsonValue] = {"field": complaint.field.value}
    if complaint.cause is not None:
        data["cause"] = complaint.cause.value
    return Evidence(kind, at_ms, str(complaint), data)


def _own_certificate(own: Certificate, today: datetime, at_ms: float) -> Iterator[Evidence]:
    """Yield what is wrong with the dates of the client certificate.

    Only the peer checks them, and peers seldom report them.
    """
    from dcmecho.diagnosis.target.tls import EXPIRES_SOON_DAYS, days_until

    days_left = days_until(own.not_after, today)
    day = f"{own.not_after:%Y-%m-%d}"
    if today < own.not_before:
        said = f"is valid only from {own.not_before:%Y-%m-%d %H:%M} UTC; {_REFUSED}"
    elif today > own.not_after:
        said = f"expired {count(-days_left - 1, 'day')} ago, on {day}; {_REFUSED}"
    elif days_left <= EXPIRES_SOON_DAYS:
        said = f"expires in {count(days_left, 'day')}, on {day}"
    else:
        return
    data: dict[str, JsonValue] = {"field": "tls.cert_file", "days_left": days_left}
    text = f"tls: your certificate {own.subject} {said}"
    yield Evidence(EvidenceKind.PROFILE_WARNING, at_ms, text, data)


def _tls_evidence(problem: TlsFileProblem, at_ms: float) -> Evidence:
    data: dict[str, JsonValue] = {
        "field": f"tls.{problem.key}",
        "cause": CauseId.TLS_FILE_INVALID.value,
    }
    return Evidence(EvidenceKind.PROFILE_INVALID, at_ms, f"tls: {problem}", data)
