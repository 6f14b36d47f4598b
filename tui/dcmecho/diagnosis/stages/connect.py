"""Stage ``connect``: is the port reachable over TCP?"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence

from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.network.connection import Connection
from dcmecho.diagnosis.network.shortage import shortage_text
from dcmecho.diagnosis.stage import StageId, Status
from dcmecho.diagnosis.stages import round_trip
from dcmecho.diagnosis.stages.outcome import Outcome, failed, no_turn
from dcmecho.diagnosis.stages.slowness import noting_slowness


def judge(attempts: Sequence[Connection]) -> Outcome:
    """Judge the attempts, one for each address, in order; the last one decides."""
    elapsed = sum(attempt.elapsed_ms for attempt in attempts)
    last = attempts[-1]
    if last.no_turn:
        return no_turn(last.no_turn, last.at_ms, *map(_evidence, attempts[:-1]))
    if last.forbidden:
        finding = Evidence(EvidenceKind.DO_NOT_PROBE, last.at_ms, last.forbidden)
        return failed(finding, *map(_evidence, attempts[:-1]), elapsed_ms=elapsed)
    evidence = tuple(_evidence(attempt) for attempt in attempts)
    if last.lacks:
        text = shortage_text(OSError(last.errno, last.message))
        finding = Evidence(EvidenceKind.LOCAL_SHORTAGE, last.at_ms, text)
        return failed(finding, *evidence, elapsed_ms=elapsed)
    evidence += tuple(_families(attempts))
    if not last.connected:
        return failed(*evidence, elapsed_ms=elapsed)
    if last.tcp is not None:
        evidence += (round_trip.of_path(last.tcp, last.at_ms),)
    if last.unseen:
        evidence += (Evidence(EvidenceKind.TURN_UNSEEN, last.at_ms, last.unseen),)
    if last.doubt:
        evidence += (Evidence(EvidenceKind.MAY_BE_FORBIDDEN, last.at_ms, last.doubt),)
    summary = f"connected from {last.local}"
    if len(attempts) == 1:
        connected = Outcome(Status.PASSED, summary, evidence, elapsed)
        return noting_slowness(connected, StageId.CONNECT, elapsed)
    others = ", ".join(str(attempt.address) for attempt in attempts[:-1])
    return Outcome(
        Status.WARNING, f"{summary} to {last.address}; not reachable: {others}", evidence, elapsed
    )


def _families(attempts: Sequence[Connection]) -> Iterator[Evidence]:
    """Yield what it can mean that every address of one family, and none of another, refused."""
    last = attempts[-1]
    failing = attempts[:-1] if last.connected else attempts
    refused = {_family(each) for each in failing if each.errno == errno.ECONNREFUSED}
    if len(refused) != 1 or any(each.errno != errno.ECONNREFUSED for each in failing):
        return
    (family,) = refused
    if last.connected and family != _family(last):
        other = _family(last)
        text = f"{family} is refused and {other} connects, so the peer probably listens on {other}"
        yield _about_family(f"{text} only. A program that uses {family} fails", last)
    elif not last.connected and family == "IPv6":
        text = (
            "only IPv6 was tried. DCMTK, Orthanc and pynetdicom listen on IPv4 only unless they are"
            " told otherwise: try the peer's IPv4 address"
        )
        yield _about_family(text, last)


def _family(attempt: Connection) -> str:
    return "IPv6" if ":" in attempt.address.ip else "IPv4"


def _about_family(text: str, last: Connection) -> Evidence:
    return Evidence(EvidenceKind.TCP_FAMILY, last.at_ms, text)


def _evidence(attempt: Connection) -> Evidence:
    if attempt.connected:
        return Evidence(
            EvidenceKind.TCP_CONNECTED,
            attempt.at_ms,
            f"connected to {attempt.address} from {attempt.local}",
            {"local": str(attempt.local), "peer": str(attempt.address)},
        )
    name = errno.errorcode.get(attempt.errno, "") if attempt.errno else ""
    text = f"{attempt.address}: {attempt.message}" + (f" ({name})" if name else "")
    return Evidence(
        EvidenceKind.TCP_FAILED,
        attempt.at_ms,
        text,
        {
            "peer": str(attempt.address),
            "errno": attempt.errno,
            "error": attempt.message,
            "timed_out": attempt.timed_out,
            "elapsed_ms": round(attempt.elapsed_ms, 3),
            "tried_from": attempt.tried_from,
        },
    )
