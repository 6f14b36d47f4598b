"""The outcome of a stage, and the judgement that several stages share."""

from __future__ import annotations

from typing import NamedTuple

from dcmecho.diagnosis.evidence import Evidence, EvidenceKind, JsonValue
from dcmecho.diagnosis.network.association import Answer, Ending
from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.diagnosis.stage import Status
from dcmecho.diagnosis.stages import round_trip
from dcmecho.diagnosis.vantage.vantage import VantageFailure, VantageReached


class Outcome(NamedTuple):
    """A judged stage. If it failed, its first evidence is the deciding one."""

    status: Status
    summary: str
    evidence: tuple[Evidence, ...] = ()
    elapsed_ms: float = 0.0


def failed(finding: Evidence, *further: Evidence, elapsed_ms: float = 0.0) -> Outcome:
    """Return a failure that has ``finding`` as its summary."""
    return Outcome(Status.FAILED, finding.text, (finding, *further), elapsed_ms)


def cancelled(at_ms: float) -> Outcome:
    """Return the outcome of a cancelled run. It says nothing about the peer."""
    finding = Evidence(EvidenceKind.CANCELLED, at_ms, "cancelled")
    return Outcome(Status.SKIPPED, "cancelled", (finding,))


def from_vantage(judged: Outcome, reached: VantageReached | None, at_ms: float) -> Outcome:
    """Return ``judged``, with the vantage point from which it was seen, if there is one."""
    if reached is None:
        return judged
    data: dict[str, JsonValue] = {
        "vantage": reached.vantage,
        "far_socket": reached.far_socket,
        "way_and_back_ms": round(reached.way_and_back_ms, 3),
    }
    text = f"asked from {reached.vantage}, {reached.way_and_back_ms:.1f} ms away and back by ssh"
    seen = Evidence(EvidenceKind.VANTAGE_REACHED, at_ms, text, data)
    return judged._replace(evidence=(*judged.evidence, seen))


def vantage_failed(failure: VantageFailure, at_ms: float) -> Outcome:
    """Return the outcome of a run whose vantage point failed. It says nothing about the peer."""
    data: dict[str, JsonValue] = {
        "cause": failure.cause.value,
        "vantage": failure.vantage,
        "said": failure.said,
        "login": failure.login,
        "sure": failure.is_sure,
    }
    text = f"{failure.text}: {failure.said}" if failure.said else failure.text
    finding = Evidence(EvidenceKind.VANTAGE_FAILED, at_ms, text, data)
    return Outcome(Status.SKIPPED, failure.text, (finding,))


def no_turn(why: str, at_ms: float, *further: Evidence) -> Outcome:
    """Return the outcome of a run that got no turn at the peer. It says nothing about the peer."""
    return Outcome(Status.SKIPPED, why, (Evidence(EvidenceKind.NO_TURN, at_ms, why), *further))


def no_pdu(answer: Answer, awaited: str, unasked: str = "before dcmecho sent anything") -> Outcome:
    """Return the failure that the ``awaited`` PDU did not arrive.

    ``answer`` has any ending but ``ANSWERED``. ``unasked`` is the text for an answer that came
    before the request.
    """
    when = (
        unasked if answer.before_request else f"after {_duration(answer.elapsed_ms)}: no {awaited}"
    )
    seconds = answer.elapsed_ms / 1000
    match answer.ending:
        case Ending.CANCELLED:
            return cancelled(answer.at_ms)
        case Ending.SILENT:
            return failed(*_silence(answer, awaited), elapsed_ms=answer.elapsed_ms)
        case Ending.CLOSED:
            text = f"the peer closed the connection {when}"
            finding = _seen(EvidenceKind.PEER_CLOSED, answer, text + timer_remark(seconds))
        case Ending.RESET:
            text = f"the connection was reset {when}"
            finding = _seen(EvidenceKind.PEER_RESET, answer, text + timer_remark(seconds))
        case Ending.TLS_ALERT:
            text = f"the peer ended TLS with the alert {answer.message}: no {awaited}"
            finding = _seen(EvidenceKind.PEER_RESET, answer, text)
        case Ending.ABORTED:
            abort = answer.abort
            assert abort is not None, "an ABORTED answer carries its A-ABORT"
            finding = Evidence(
                EvidenceKind.ASSOCIATION_ABORTED,
                answer.at_ms,
                f"the peer aborted: A-ABORT {abort.source}/{abort.reason} {abort.words},"
                f" {unasked if answer.before_request else f'no {awaited}'}",
                {
                    "source": abort.source,
                    "reason": abort.reason,
                    "before_request": answer.before_request,
                },
            )
        case Ending.NOT_DICOM:
            finding = _bytes(answer)
        case _:
            finding = Evidence(
                EvidenceKind.PEER_MALFORMED,
                answer.at_ms,
                f"the answer breaks the standard: {answer.message}",
                {
                    "seen": answer.message,
                    "unfinished": answer.unfinished,
                    "first_bytes": answer.data[:32].hex(" "),
                },
            )
    return failed(finding, elapsed_ms=answer.elapsed_ms)


def no_pdu_within(answer: Answer, awaited: str, unasked: str = "") -> Outcome:
    """Return the same failure on an accepted association, where every byte is DICOM's."""
    if answer.ending is Ending.NOT_DICOM:
        shown = PeerText(answer.data[:32]).brief
        message = f"bytes that are not a PDU instead of {awaited}: {shown}"
        answer = answer._replace(ending=Ending.MALFORMED, message=message)
    return no_pdu(answer, awaited, unasked)


def _seen(kind: EvidenceKind, answer: Answer, text: str) -> Evidence:
    return Evidence(kind, answer.at_ms, text, {"before_request": answer.before_request})


def _silence(answer: Answer, awaited: str) -> tuple[Evidence, ...]:
    text = f"no {awaited} within {_duration(answer.elapsed_ms)}"
    tcp = answer.tcp
    if tcp is None:
        return (Evidence(EvidenceKind.PEER_SILENT, answer.at_ms, text),)
    lost = tcp.unacked > 0
    data: dict[str, JsonValue] = {"acknowledged": not lost}
    if answer.request_bytes:
        data["request_bytes"] = answer.request_bytes
    said = (
        f"the request was not acknowledged (retransmissions: {tcp.retransmits},"
        f" lost segments: {tcp.unacked})"
        if lost
        else "the peer's machine acknowledged the request, but its program does not answer"
    )
    return (
        Evidence(EvidenceKind.PEER_SILENT, answer.at_ms, text, data),
        Evidence(
            EvidenceKind.TCP_INFO,
            answer.at_ms,
            said,
            round_trip.facts(tcp),
        ),
    )


def _bytes(answer: Answer) -> Evidence:
    from dcmecho.diagnosis.stages.identify import identify

    family = identify(answer.data)
    said = answer.message or PeerText(answer.data.split(b"\n")[0].strip()).brief
    greeting = f": {said}" if answer.message or family.greets else ""
    return Evidence(
        EvidenceKind.PEER_BYTES,
        answer.at_ms,
        f"{family.words} answers, not DICOM{greeting}",
        {
            "cause": family.cause.value,
            "seen": said,
            "first_bytes": answer.data[:32].hex(" "),
            "before_request": answer.before_request,
        },
    )


def _duration(elapsed_ms: float) -> str:
    return f"{elapsed_ms / 1000:.1f} s" if elapsed_ms >= 1000 else f"{elapsed_ms:.1f} ms"


def timer_remark(seconds: float) -> str:
    """Return a remark if ``seconds`` is a round number, which suggests a timer."""
    nearest = round(seconds / 5) * 5
    if nearest >= 5 and abs(seconds - nearest) < 0.15:
        return f" (a round {nearest} s, probably a timer)"
    return ""
