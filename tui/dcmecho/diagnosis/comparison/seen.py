"""What one vantage point saw of one stage, as far as it can be compared with another."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from typing import NamedTuple

from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId, StageResult, Status
from dcmecho.diagnosis.verdict import VerdictStatus


class Seen(NamedTuple):
    """What was seen of a stage: in words for a narrow column, and what of it can differ."""

    text: str
    facts: tuple[str, ...] = ()
    """Equal for two vantage points that saw the same."""
    passed: bool = False


NOTHING = Seen("-")
"""The stage was not reached."""

_ENDINGS: Mapping[EvidenceKind, str] = {
    EvidenceKind.PEER_SILENT: "silent",
    EvidenceKind.PEER_CLOSED: "closed",
    EvidenceKind.PEER_RESET: "reset",
    EvidenceKind.PEER_BYTES: "not DICOM",
    EvidenceKind.ASSOCIATION_ABORTED: "aborted",
}

_ERRORS: Mapping[int, str] = {
    errno.ECONNREFUSED: "refused",
    errno.EHOSTUNREACH: "no route",
    errno.ENETUNREACH: "no route",
    errno.ECONNRESET: "reset",
    errno.EACCES: "prohibited",
    errno.EPERM: "prohibited",
}


def seen_of(report: Report, stage: StageId) -> Seen:
    """Return what ``report`` saw of ``stage``."""
    result = next((each for each in report.stages if each.id is stage), None)
    if result is None or result.status in (Status.NOT_REACHED, Status.SKIPPED):
        return NOTHING
    if stage is StageId.RESOLVE:
        return _name(report, result)
    if result.status is not Status.FAILED:
        time = f" {result.elapsed_ms:.1f} ms" if stage.row.measured_as and result.elapsed_ms else ""
        return Seen(f"ok{time}", ("ok",), passed=True)
    finding = result.evidence[0]
    text = _failure(finding)
    return Seen(text, (finding.kind.value, text))


def was_asked(report: Report) -> bool:
    """Report whether the peer was asked: the way to the vantage point worked to the end."""
    return report.verdict.status not in (VerdictStatus.ERROR, VerdictStatus.CANCELLED)


def addresses_of(report: Report) -> tuple[str, ...]:
    """Return the addresses of the peer's name, sorted; empty if it has none."""
    for result in report.stages:
        for evidence in result.evidence:
            if evidence.kind is EvidenceKind.NAME_LITERAL:
                return (report.target.host,)
            if evidence.kind is EvidenceKind.NAME_RESOLVED:
                found = evidence.data["addresses"]
                return tuple(sorted(map(str, found))) if isinstance(found, list) else ()
    return ()


def own_address_of(report: Report) -> str:
    """Return the address from which the peer was called, as far as it is known."""
    for result in report.stages:
        for evidence in result.evidence:
            if evidence.kind is EvidenceKind.TCP_CONNECTED:
                return str(evidence.data["local"]).rpartition(":")[0]
            if evidence.kind is EvidenceKind.TCP_FAILED:
                return str(evidence.data.get("tried_from") or "")
    return ""


def _name(report: Report, result: StageResult) -> Seen:
    addresses = addresses_of(report)
    if result.status is Status.FAILED:
        failure = str(result.evidence[0].data.get("failure", "failed"))
        return Seen(failure.replace("-", " "), (failure,))
    return Seen(", ".join(addresses), addresses, passed=True)


def _failure(finding: Evidence) -> str:
    data = finding.data
    if finding.kind is EvidenceKind.TCP_FAILED:
        number = data.get("errno")
        if data.get("timed_out") or not isinstance(number, int):
            return "no answer"
        return _ERRORS.get(number, errno.errorcode.get(number, "failed"))
    if finding.kind is EvidenceKind.ASSOCIATION_REJECTED:
        return f"{data['result']}/{data['source']}/{data['reason']}"
    return _ENDINGS.get(finding.kind, "failed")
