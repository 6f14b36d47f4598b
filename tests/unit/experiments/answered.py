"""A minimal list of stages for each kind of answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dcmecho.diagnosis.evidence import Evidence, EvidenceKind, JsonValue
from dcmecho.diagnosis.experiments.answers import AnswerKind
from dcmecho.diagnosis.stage import StageId, StageResult, Status
from dcmecho.diagnosis.target.tls import TlsEnding

Stages = tuple[StageResult, ...]


@dataclass(frozen=True)
class Answered:
    """The stage at which a run ended, and the evidence."""

    stage: StageId
    finding: EvidenceKind
    data: Mapping[str, JsonValue] = field(default_factory=dict)
    status: Status = Status.FAILED
    further: tuple[EvidenceKind, ...] = ()

    @property
    def stages(self) -> Stages:
        first = Evidence(self.finding, 2.0, "what was seen", self.data)
        evidence = (first, *(Evidence(kind, 2.0, "what was seen") for kind in self.further))
        return (StageResult(self.stage, self.status, "what was seen", 1.0, evidence),)


def rejected(result: int, source: int, reason: int, **more: JsonValue) -> Answered:
    """An A-ASSOCIATE-RJ."""
    stage = StageId.AE_TITLE if (source, reason) in ((1, 3), (1, 7)) else StageId.ASSOCIATE
    data = {"result": result, "source": source, "reason": reason, **more}
    return Answered(stage, EvidenceKind.ASSOCIATION_REJECTED, data)


def closed(*, before_request: bool = False) -> Answered:
    """FIN instead of an answer to the request."""
    data: dict[str, JsonValue] = {"before_request": before_request}
    return Answered(StageId.ASSOCIATE, EvidenceKind.PEER_CLOSED, data)


def handshake(ending: TlsEnding) -> Answered:
    """A TLS handshake that failed."""
    data: dict[str, JsonValue] = {
        "ending": ending.value,
        "alert": "handshake_failure",
        "error": "",
        "first_bytes": "485454502f31",
        "our_alerts": [],
        "own_certificate": "",
        "server_name": "pacs",
        "missing": "",
        "verify_code": 0,
        **dict.fromkeys(
            ("after_handshake", "certificate_asked", "certificate_sent", "peer_spoke_tls"), False
        ),
    }
    return Answered(StageId.TLS, EvidenceKind.TLS_FAILED, data)


ABORT: Mapping[str, JsonValue] = {"source": 0, "reason": 0}

EXAMPLES: Mapping[AnswerKind, Answered] = {
    AnswerKind.SUCCESS: Answered(
        StageId.ECHO, EvidenceKind.ECHO_RESPONSE, {"status": 0}, Status.PASSED
    ),
    AnswerKind.REJECTED_CALLED: rejected(1, 1, 7),
    AnswerKind.REJECTED_CALLING: rejected(1, 1, 3),
    AnswerKind.REJECTED_APP_CONTEXT: rejected(1, 1, 2),
    AnswerKind.REJECTED_APP_CONTEXT_FOR_NOW: rejected(2, 1, 2),
    AnswerKind.REJECTED_FOR_NOW: rejected(2, 3, 2),
    AnswerKind.REJECTED_UNEXPLAINED: rejected(2, 2, 1),
    AnswerKind.REJECTED_NO_REASON: rejected(1, 1, 1),
    AnswerKind.REJECTED: rejected(1, 3, 56),
    AnswerKind.ABORTED: Answered(StageId.ASSOCIATE, EvidenceKind.ASSOCIATION_ABORTED, ABORT),
    AnswerKind.ABORTED_AT_ECHO: Answered(StageId.ECHO, EvidenceKind.ASSOCIATION_ABORTED, ABORT),
    AnswerKind.CLOSED_AT_ECHO: Answered(StageId.ECHO, EvidenceKind.PEER_RESET),
    AnswerKind.NO_ECHO: Answered(StageId.ECHO, EvidenceKind.PEER_SILENT),
    AnswerKind.ECHO_STATUS: Answered(StageId.ECHO, EvidenceKind.ECHO_RESPONSE, {"status": 0x0122}),
    AnswerKind.CONTEXT_REFUSED: Answered(
        StageId.CONTEXT, EvidenceKind.CONTEXT_REFUSED, {"result": 4}
    ),
    AnswerKind.SILENT: Answered(
        StageId.ASSOCIATE, EvidenceKind.PEER_SILENT, {"acknowledged": True}
    ),
    AnswerKind.REQUEST_LOST: Answered(
        StageId.ASSOCIATE, EvidenceKind.PEER_SILENT, {"acknowledged": False}
    ),
    AnswerKind.LONG_REQUEST_LOST: Answered(
        StageId.ASSOCIATE,
        EvidenceKind.PEER_SILENT,
        {"acknowledged": False, "request_bytes": 3172},
    ),
    AnswerKind.CLOSED: closed(),
    AnswerKind.CLOSED_TO_CERTIFICATE: Answered(
        StageId.ASSOCIATE,
        EvidenceKind.PEER_CLOSED,
        {"before_request": True},
        further=(EvidenceKind.TLS_CLIENT_CERTIFICATE,),
    ),
    AnswerKind.NOT_DICOM: Answered(StageId.ASSOCIATE, EvidenceKind.PEER_BYTES),
    AnswerKind.TLS_DONE: Answered(StageId.TLS, EvidenceKind.TLS_ESTABLISHED, {}, Status.WARNING),
    AnswerKind.TLS_REFUSED: handshake(TlsEnding.ALERT),
    AnswerKind.TLS_BROKEN: handshake(TlsEnding.RESET),
    AnswerKind.TLS_SILENT: handshake(TlsEnding.SILENT),
    AnswerKind.NOT_TLS: handshake(TlsEnding.NOT_TLS),
    AnswerKind.TCP_REFUSED: Answered(
        StageId.CONNECT,
        EvidenceKind.TCP_FAILED,
        {
            "errno": 111,
            "timed_out": False,
            "elapsed_ms": 0.3,
            "peer": "192.0.2.1:104",
            "error": "Connection refused",
        },
    ),
    AnswerKind.UNREACHED: Answered(StageId.CONNECT, EvidenceKind.TCP_FAILED),
}
