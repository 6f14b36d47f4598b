"""Reads the key ``services`` of ``dcmecho.report/1`` back, so that it can be told as text.

What no text tells is left out: the calls that a C-MOVE has brought, and their listener.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dcmecho.diagnosis.causes.findings import Finding, FindingId
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.move.counts import SubOperations
from dcmecho.diagnosis.move.model import (
    Leg,
    LegId,
    LegState,
    MoveAnswer,
    MoveEvidence,
    MoveOutcome,
    MoveRequest,
    MoveResult,
    StudyPresence,
)
from dcmecho.diagnosis.network.association import Answer, Ending
from dcmecho.diagnosis.network.connection import TcpInfo
from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.diagnosis.services.catalogue import SopClass, Syntax, catalogue
from dcmecho.diagnosis.services.model import (
    Cell,
    ContextReply,
    LikeOutcome,
    LikeResult,
    Matrix,
    ObjectKind,
    ProbeRequest,
    ProbeResult,
    ProbeStep,
    QueryOutcome,
    QueryResult,
    ServicesResult,
    SopClassRow,
)
from dcmecho.diagnosis.services.service import Service
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.store.model import (
    StoreAnswer,
    StoreAttempt,
    StoreOutcome,
    StoreResult,
    SyntheticImage,
)
from dcmecho.diagnosis.verdict import Verdict, VerdictStatus
from dcmecho.report.json.cause_reading import cause_of

_Data = Mapping[str, Any]

_REPLIES = {each.word: each for each in ContextReply}


def services_of(data: _Data, run_id: str, started: datetime) -> ServicesResult:
    """Return the answers. Raises what foreign data raises (``read_whole``)."""
    stopped = data["stopped"]
    # Only the title of the verdict is told.
    finding = EvidenceKind.INTERNAL_ERROR
    return ServicesResult(
        run_id,
        started,
        data["elapsed_ms"],
        data["associations"],
        data["refusal"],
        data["fault"],
        data["cancelled"],
        stopped=stopped and Verdict(VerdictStatus.FAILED, StageId.ASSOCIATE, stopped, finding),
        matrix=_matrix(answer) if (answer := data[Service.MATRIX]) else None,
        like=_like(answer) if (answer := data[Service.LIKE]) else None,
        query=_query(answer) if (answer := data[Service.QUERY]) else None,
        probe=_probe(answer) if (answer := data[Service.PROBE]) else None,
        move=_move(answer) if (answer := data[Service.MOVE]) else None,
        store=_store(answer) if (answer := data[Service.STORE]) else None,
    )


def _findings(data: _Data) -> tuple[Finding, ...]:
    return tuple(cause_of(each, FindingId(each["id"])) for each in data["findings"])


def _matrix(data: _Data) -> Matrix:
    families = {each.uid: each.family for each in catalogue().syntaxes}
    columns = [(each["name"], _syntax(each, families)) for each in data["transfer_syntaxes"]]
    by_uid = {syntax.uid: syntax for _, syntax in columns}
    return Matrix(
        tuple(_row(each, by_uid) for each in data["sop_classes"]),
        tuple(name for name, _ in columns),
        tuple(syntax for _, syntax in columns),
        tuple(data["accepts_what_does_not_exist"]),
        data["broken_off"],
    )


def _syntax(data: _Data, families: Mapping[str, str]) -> Syntax:
    family = families.get(data["uid"], data["name"])
    return Syntax(data["uid"], data["code"], family, data["short"])


def _row(data: _Data, syntaxes: Mapping[str, Syntax]) -> SopClassRow:
    cells = tuple(Cell(syntaxes[uid], _REPLIES[word]) for uid, word in data["answers"].items())
    asked = tuple(cell.syntax for cell in cells)
    sop_class = SopClass(data["uid"], data["short"], data["group"], asked)
    return SopClassRow(sop_class, data["name"], cells)


def _like(data: _Data) -> LikeResult:
    sop_class, syntax = data["sop_class"], data["transfer_syntax"]
    kind = ObjectKind(
        data["file"], sop_class["uid"], sop_class["name"], syntax["uid"], syntax["name"]
    )
    asked = {uid: Syntax(uid, "", "", "") for uid in data["answers"]}
    row = _row({**sop_class, "short": "", "group": "", "answers": data["answers"]}, asked)
    return LikeResult(kind, LikeOutcome(data["outcome"]), row, data["summary"], _findings(data))


def _query(data: _Data) -> QueryResult:
    return QueryResult(
        QueryOutcome(data["outcome"]),
        data["summary"],
        data["status"],
        data["matches"],
        data["elapsed_ms"],
        _findings(data),
    )


def _probe(data: _Data) -> ProbeResult:
    requests = tuple(map(_probe_request, data["requests"]))
    return ProbeResult(requests, data["summary"], data["passed"], _findings(data))


def _probe_request(data: _Data) -> ProbeRequest:
    return ProbeRequest(
        data["request_bytes"],
        data["contexts"],
        ProbeStep(data["outcome"]),
        data["text"],
        data["small_segments"],
        data["elapsed_ms"],
        data["tcp"] and _tcp(data["tcp"]),
    )


def _tcp(data: _Data) -> TcpInfo:
    return TcpInfo(
        data["rtt_ms"],
        0,
        data["unacked"],
        data["bytes_acked"],
        data["segment_bytes"],
        data["path_mtu_bytes"],
        data["retransmits"],
    )


def _move(data: _Data) -> MoveResult:
    order = MoveRequest(data["study"], (), data["accept"])
    seen = MoveEvidence(
        order,
        data["destination"],
        peer="the peer",
        called_ae="",
        answer=data["response"] and _move_answer(data["response"]),
        study=StudyPresence(data["study_by_query"]),
        cut_short=data["cut_short"],
        over=True,
    )
    legs = tuple(map(_leg, data["legs"]))
    return MoveResult(MoveOutcome(data["outcome"]), data["summary"], legs, seen, _findings(data))


def _leg(data: _Data) -> Leg:
    leg = LegId(data["id"])
    return Leg(leg, leg.words, LegState(data["state"]), data["text"])


def _move_answer(data: _Data) -> MoveAnswer:
    answer = Answer(Ending(data["ending"]), 0.0, data["elapsed_ms"])
    counts = SubOperations(**data["sub_operations"])
    words = data["status_words"]
    return MoveAnswer(answer, data["status"], words, PeerText(data["comment"]), counts)


def _store(data: _Data) -> StoreResult:
    sent = SyntheticImage(data["study_uid"], "", data["instance_uid"], data["size_bytes"])
    attempts = tuple(map(_attempt, data["attempts"]))
    outcome = StoreOutcome(data["outcome"])
    return StoreResult(outcome, data["summary"], sent, attempts, data["remains"], _findings(data))


def _attempt(data: _Data) -> StoreAttempt:
    return StoreAttempt(
        data["small_segments"],
        _store_answer(data) if data["ending"] else None,
        data["context_result"],
        data["max_pdu_bytes"],
        data["elapsed_ms"],
    )


def _store_answer(data: _Data) -> StoreAnswer:
    before, after = data["tcp_before"], data["tcp_at_the_end"]
    answer = Answer(Ending(data["ending"]), 0.0, data["elapsed_ms"], tcp=after and _tcp(after))
    return StoreAnswer(
        answer,
        data["sent_bytes"],
        before and _tcp(before),
        data["status"],
        data["status_words"],
        PeerText(data["comment"]),
    )
