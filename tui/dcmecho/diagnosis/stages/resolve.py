"""Stage ``resolve``: does the name resolve?"""

from __future__ import annotations

from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.network.connection import NameFailure, Resolution
from dcmecho.diagnosis.stage import StageId, Status
from dcmecho.diagnosis.stages.outcome import Outcome, failed
from dcmecho.diagnosis.stages.slowness import noting_slowness


def judge(host: str, resolution: Resolution) -> Outcome:
    """Judge the result of the name lookup for ``host``."""
    addresses = [address.ip for address in resolution.addresses]
    if resolution.failure is not None or not addresses:
        if resolution.failure is NameFailure.NOT_ASKED:
            text = resolution.message
            return failed(Evidence(EvidenceKind.LOCAL_SHORTAGE, resolution.at_ms, text))
        failure = resolution.failure or NameFailure.NOT_FOUND
        not_found = failure is NameFailure.NOT_FOUND
        found_nothing = "no address" if not_found else "no usable answer from the name lookup"
        finding = Evidence(
            EvidenceKind.NAME_FAILED,
            resolution.at_ms,
            f"{found_nothing} for {host}: {resolution.message}",
            {"failure": failure.value, "error": resolution.message},
        )
        return failed(finding, elapsed_ms=resolution.elapsed_ms)
    if addresses == [host]:
        literal = Evidence(EvidenceKind.NAME_LITERAL, resolution.at_ms, f"{host} is an IP address")
        return Outcome(Status.PASSED, "IP address", (literal,), resolution.elapsed_ms)
    shown = ", ".join(addresses)
    resolved = Evidence(
        EvidenceKind.NAME_RESOLVED,
        resolution.at_ms,
        f"{host} is {shown}",
        {"addresses": list(addresses)},
    )
    found = Outcome(Status.PASSED, f"{host} is {shown}", (resolved,), resolution.elapsed_ms)
    return noting_slowness(found, StageId.RESOLVE, resolution.elapsed_ms)
