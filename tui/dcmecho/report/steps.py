"""The steps of a check, in the style of DCMTK's ``-v``, and in full for ``-d``."""

from __future__ import annotations

from collections.abc import Iterator

from dcmecho.diagnosis.events import (
    Event,
    LogLine,
    RunFinished,
    RunStarted,
    ServicesProgressed,
    StageFinished,
    StageStarted,
)
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.stage import StageId, StageResult, Status
from dcmecho.report.hexdump import hex_dump

_PDV_OVERHEAD_BYTES = 12
"""Header bytes of a P-DATA-TF with one PDV; DCMTK subtracts them for "Max Send PDV"."""


def steps(event: Event) -> Iterator[str]:
    """Yield the lines of ``-v`` for one event; most events have none."""
    match event:
        case StageStarted(stage=StageId.ASSOCIATE):
            yield "I: Requesting Association"
        case StageStarted(stage=StageId.ECHO):
            yield _sending(1)
        case StageStarted(stage=StageId.RELEASE):
            yield "I: Releasing Association"
        case StageFinished():
            yield from _finished(event.result)
        case ServicesProgressed():
            yield f"I: Services: {event.doing}"
        case _:
            return


def details(event: Event) -> Iterator[str]:
    """Yield the lines of ``-d`` for one event: every PDU, decoded and as bytes."""
    match event:
        case RunStarted():
            yield f"D: run {event.run_id}: {event.target}"
        case LogLine():
            arrow = event.direction.arrow
            yield f"D: {event.at_ms:9.2f} ms {event.layer:5} {arrow} {event.text}"
            yield from (f"D:                    {line}" for line in event.details)
            yield from (f"D:                    {line}" for line in hex_dump(event.raw))
        case RunFinished():
            yield f"D: {event.report.elapsed_ms:9.2f} ms finished"
        case _:
            return


def _finished(result: StageResult) -> Iterator[str]:
    if result.status is Status.NOT_REACHED:
        return
    if result.id is StageId.ASSOCIATE:
        yield from map(_accepted, _of_kind(result, EvidenceKind.ASSOCIATION_ACCEPTED))
    if result.id is StageId.ECHO:
        yield from _responses(result)
    if result.status is Status.FAILED and not _of_kind(result, EvidenceKind.DO_NOT_PROBE):
        yield f"E: {result.summary}"
    elif result.status in (Status.WARNING, Status.FAILED):
        yield f"W: {result.summary}"


def _accepted(evidence: Evidence) -> str:
    limit = evidence.data["max_pdu_bytes"]
    if not isinstance(limit, int) or not limit:
        return "I: Association Accepted (Max Send PDV: unlimited)"
    return f"I: Association Accepted (Max Send PDV: {limit - _PDV_OVERHEAD_BYTES})"


def _responses(result: StageResult) -> Iterator[str]:
    """Yield a line for each response; the start of the stage already gave the first request."""
    responses = sorted(_of_kind(result, EvidenceKind.ECHO_RESPONSE), key=lambda e: e.at_ms)
    for number, response in enumerate(responses, start=1):
        if number > 1:
            yield _sending(number)
        status = str(response.data["status_words"])
        yield f"I: Received Echo Response ({status[:1].upper()}{status[1:]})"


def _sending(message_id: int) -> str:
    return f"I: Sending Echo Request (MsgID {message_id})"


def _of_kind(result: StageResult, kind: EvidenceKind) -> list[Evidence]:
    return [evidence for evidence in result.evidence if evidence.kind is kind]
