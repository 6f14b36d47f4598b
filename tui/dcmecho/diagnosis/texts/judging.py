"""From what a text tells of an association to its stage and its causes. No I/O."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from typing import NamedTuple

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.causes.reasoning import suspects
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind, JsonValue
from dcmecho.diagnosis.observed.association import C_ECHO, UNKNOWN_PORT
from dcmecho.diagnosis.observed.service_reasoning import (
    AnySuspects,
    after_acceptance,
    by_status,
    likely,
    proven,
)
from dcmecho.diagnosis.stage import StageId, StageResult, Status
from dcmecho.diagnosis.target.digits import is_whole
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.texts import values as words
from dcmecho.diagnosis.texts.assembling import Seen
from dcmecho.diagnosis.texts.knowledge import AnyCauseId, Message, Moment, Side
from dcmecho.standard.refusals import RejectReason, RejectResult

MOST_CAUSES = 7
_PRESENTATION = 3
"""The source of a rejection that has no reason "no reason given" (PS3.8 9.3.4)."""
_EXACT = 3
"""The rank of a message that can prove anything."""

_STAGE_BY_KIND: Mapping[EvidenceKind, StageId] = {
    EvidenceKind.PROFILE_INVALID: StageId.PROFILE,
    EvidenceKind.NAME_FAILED: StageId.RESOLVE,
    EvidenceKind.TCP_FAILED: StageId.CONNECT,
    EvidenceKind.TLS_FAILED: StageId.TLS,
    EvidenceKind.CONTEXT_REFUSED: StageId.CONTEXT,
    EvidenceKind.RELEASE_MISSING: StageId.RELEASE,
}
_ABOUT_WORDS_BY_KIND = (RejectReason.CALLING_AE, RejectReason.CALLED_AE)
_TITLE_CAUSES = frozenset(
    {CauseId.AE_CALLED_UNKNOWN, CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED}
)


class Judged(NamedTuple):
    """What a failing association comes to."""

    stage: StageId
    kind: EvidenceKind
    data: Mapping[str, JsonValue]
    found: AnySuspects
    service: str

    @property
    def status(self) -> int | None:
        """The status of an answer, if one failed."""
        status = self.data.get("status")
        return status if isinstance(status, int) else None


def judge(seen: Seen) -> Judged | None:
    """Return what a text tells of a failure; ``None`` if it tells of none after all."""
    message = seen.failure
    if message is None or (message.is_of_system and seen.released):
        return None
    kind = message.evidence or kind_of(message.causes[0])
    data = _data(kind, seen)
    if data.get("status") == 0:
        return None
    service = _service(seen, message)
    moment = _moment(seen, message)
    stage = _stage(kind, moment, service, data, message)
    found = _found(kind, data, moment, service, stage, seen)
    if seen.encrypted:
        found = _over_tls(found)
    if not found:
        return None
    return Judged(stage, kind, data, found[:MOST_CAUSES], service)


def _over_tls(found: AnySuspects) -> AnySuspects:
    """Return what it means where the handshake was complete: the peer does speak TLS."""
    ids = [cause for cause, _ in found]
    if CauseId.PEER_IS_TLS not in ids:
        return found
    ids.remove(CauseId.PEER_IS_TLS)
    return likely(CauseId.TLS_CLIENT_CERT_REFUSED, CauseId.TLS_CLIENT_CERT_REQUIRED, *ids)


def target_of(seen: Seen) -> Target:
    """Return whom the text speaks of; unknown values are empty."""
    port = seen.values.get("port", "")
    return Target(
        seen.values.get("host", ""),
        int(port) if is_whole(port) and int(port) < 1 << 16 else UNKNOWN_PORT,
        seen.values.get("called", ""),
        seen.values.get("calling", ""),
    )


def kind_of(cause: AnyCauseId) -> EvidenceKind:
    """Return the kind of evidence that stands for a cause."""
    for beginning, kind in _KINDS:
        if cause.value.startswith(beginning):
            return kind
    return EvidenceKind.PEER_ODD


_KINDS: tuple[tuple[str, EvidenceKind], ...] = (
    ("profile.", EvidenceKind.PROFILE_INVALID),
    ("dns.", EvidenceKind.NAME_FAILED),
    ("tcp.slow", EvidenceKind.SLOW),
    ("tcp.", EvidenceKind.TCP_FAILED),
    ("tls.", EvidenceKind.TLS_FAILED),
    ("ae.", EvidenceKind.ASSOCIATION_REJECTED),
    ("assoc.aborted", EvidenceKind.ASSOCIATION_ABORTED),
    ("assoc.", EvidenceKind.ASSOCIATION_REJECTED),
    ("context.", EvidenceKind.CONTEXT_REFUSED),
    ("peer.silent", EvidenceKind.PEER_SILENT),
    ("peer.slow", EvidenceKind.SLOW),
    ("peer.name-lookup", EvidenceKind.SLOW),
    ("release.", EvidenceKind.RELEASE_MISSING),
    ("peer.is-", EvidenceKind.PEER_BYTES),
    ("peer.", EvidenceKind.PEER_CLOSED),
)


def _service(seen: Seen, message: Message) -> str:
    return message.service or seen.service


def _moment(seen: Seen, message: Message) -> Moment | None:
    if seen.moment is Moment.RELEASE:
        return Moment.RELEASE
    if message.moment is Moment.REQUEST and not seen.accepted:
        return Moment.REQUEST
    return seen.moment or message.moment or (Moment.COMMAND if seen.accepted else None)


def _stage(
    kind: EvidenceKind,
    moment: Moment | None,
    service: str,
    data: Mapping[str, JsonValue],
    message: Message,
) -> StageId:
    if kind in _STAGE_BY_KIND and not (
        moment is Moment.COMMAND and kind is EvidenceKind.TCP_FAILED
    ):
        return _STAGE_BY_KIND[kind]
    if moment is Moment.RELEASE:
        return StageId.RELEASE
    if moment is Moment.COMMAND or kind is EvidenceKind.ECHO_RESPONSE:
        return StageId.ECHO if service in ("", C_ECHO) else StageId.SERVICE
    if kind is EvidenceKind.ASSOCIATION_REJECTED:
        reason = RejectReason.of(data.get("source"), data.get("reason"))
        by_words = message.rank > 1 and not data and set(message.causes[:1]) & _TITLE_CAUSES
        return StageId.AE_TITLE if reason in _ABOUT_WORDS_BY_KIND or by_words else StageId.ASSOCIATE
    return StageId.ASSOCIATE


def _found(
    kind: EvidenceKind,
    data: Mapping[str, JsonValue],
    moment: Moment | None,
    service: str,
    stage: StageId,
    seen: Seen,
) -> AnySuspects:
    message = seen.failure
    assert message is not None
    if moment is Moment.RELEASE and not message.is_proof:
        return likely(CauseId.RELEASE_NO_ANSWER)
    given = _given(message)
    if given and (message.is_proof or message.moment is not None or moment is not Moment.COMMAND):
        if kind is not EvidenceKind.ASSOCIATION_REJECTED or "reason" not in data:
            return given
        if message.rank > 2:
            return given
    if kind is EvidenceKind.ECHO_RESPONSE:
        status = data.get("status")
        known = by_status(service, status) if isinstance(status, int) else _unworded(service)
        return known if message.rank >= _EXACT else _less_sure(known)
    if moment is Moment.COMMAND or kind is EvidenceKind.CONTEXT_REFUSED:
        return after_acceptance(kind, service) or given
    if kind is EvidenceKind.PEER_BYTES:
        return _other_protocol(data, seen)
    if kind not in _AS_A_CHECK:
        return given
    found = _as_a_check(kind, data, stage, target_of(seen)) or given
    return found if message.rank >= _EXACT else _less_sure(found)


def _given(message: Message) -> AnySuspects:
    if not message.causes:
        return ()
    return proven(*message.causes) if message.is_proof else likely(*message.causes)


def _unworded(service: str) -> AnySuspects:
    """A status that is not known in numbers."""
    return tuple((cause, Confidence.LIKELY) for cause, _ in by_status(service, 0x0110)[:1])


def _as_a_check(
    kind: EvidenceKind, data: Mapping[str, JsonValue], stage: StageId, target: Target
) -> AnySuspects:
    """Return what a check with this evidence would list; only a refused port is proven."""
    whole = {**_UNTOLD.get(kind, {}), **data}
    if kind is EvidenceKind.TCP_FAILED and whole.get("errno") is None:
        return likely(
            CauseId.TCP_REFUSED,
            CauseId.TCP_NO_ANSWER,
            CauseId.TCP_UNREACHABLE,
            CauseId.TCP_PROHIBITED,
        )
    evidence = (Evidence(kind, 0.0, "", whole),)
    found: AnySuspects = suspects(StageResult(stage, Status.FAILED, "", None, evidence), target)
    if whole.get("result") == RejectResult.TRANSIENT and whole.get("source") == 1:
        found = (*found, (CauseId.ASSOC_REJECTED, Confidence.POSSIBLE))
    if kind is EvidenceKind.PEER_SILENT:
        # Of half an answer a program writes the same as of none.
        found = (*found, (CauseId.PEER_MALFORMED, Confidence.POSSIBLE))
    if whole.get("errno") == errno.ECONNREFUSED:
        return found
    if whole.get("errno") == errno.ETIMEDOUT:
        return likely(CauseId.TCP_NO_ANSWER, CauseId.TCP_UNREACHABLE)
    if whole.get("errno") == errno.ECONNRESET:
        return likely(CauseId.TCP_RESET, CauseId.TLS_PEER_IS_PLAIN, CauseId.PEER_CLOSED_ON_CONNECT)
    return _less_sure(found)


def _less_sure(found: AnySuspects) -> AnySuspects:
    """Prove nothing: the text is not exact enough for that."""
    return tuple((c, Confidence.LIKELY if sure is Confidence.PROVEN else sure) for c, sure in found)


_AS_A_CHECK = frozenset(
    {
        EvidenceKind.TCP_FAILED,
        EvidenceKind.PEER_SILENT,
        EvidenceKind.PEER_CLOSED,
        EvidenceKind.PEER_RESET,
        EvidenceKind.PEER_MALFORMED,
        EvidenceKind.ASSOCIATION_ABORTED,
        EvidenceKind.ASSOCIATION_REJECTED,
    }
)
"""Kinds of evidence that a text has whole enough for the reasoning of a check."""

_UNTOLD: Mapping[EvidenceKind, Mapping[str, JsonValue]] = {
    EvidenceKind.TCP_FAILED: {
        "peer": "",
        "tried_from": "",
        "timed_out": False,
        "errno": None,
        "error": "",
        "elapsed_ms": 0.0,
    },
    EvidenceKind.PEER_CLOSED: {"before_request": False},
    EvidenceKind.PEER_RESET: {"before_request": False},
    EvidenceKind.ASSOCIATION_ABORTED: {"source": 0, "reason": 0},
    EvidenceKind.ASSOCIATION_REJECTED: {"result": 1, "source": None, "reason": None},
}


def _other_protocol(data: Mapping[str, JsonValue], seen: Seen) -> AnySuspects:
    """Return what the first byte of a PDU that is none says, by who received it."""
    first = data.get("first_byte")
    if first == 0x16 or (first == 0x15 and seen.side is Side.CALLED):
        return likely(CauseId.TLS_PEER_IS_PLAIN, CauseId.PEER_IS_OTHER, CauseId.PEER_MALFORMED)
    if seen.side is Side.CALLED or first in _REQUESTS:
        return likely(CauseId.PEER_IS_OTHER, CauseId.PEER_MALFORMED, CauseId.PEER_IS_HTTP)
    known = _FIRST_BYTES.get(first) if isinstance(first, int) else None
    if known is not None:
        return likely(known, CauseId.PEER_IS_OTHER)
    return likely(CauseId.PEER_IS_OTHER, CauseId.PEER_MALFORMED)


_REQUESTS = (0x47, 0x50, 0x4F)
"""G(ET), P(OST) and O(PTIONS): what a browser sends."""
_FIRST_BYTES: Mapping[int, CauseId] = {
    0x48: CauseId.PEER_IS_HTTP,
    0x3C: CauseId.PEER_IS_HTTP,
    0x53: CauseId.PEER_IS_SSH,
    0x15: CauseId.PEER_IS_TLS,
}


def _data(kind: EvidenceKind, seen: Seen) -> dict[str, JsonValue]:
    """Return the values of a failure as evidence has them."""
    given = seen.failure_values
    match kind:
        case EvidenceKind.ASSOCIATION_REJECTED:
            return _triple(given)
        case EvidenceKind.ASSOCIATION_ABORTED:
            return _abort(given)
        case EvidenceKind.TCP_FAILED:
            number = words.errno_of(given["error"]) if "error" in given else None
            timed_out = number == errno.ETIMEDOUT
            return {"errno": number, "timed_out": timed_out} if number is not None else {}
        case EvidenceKind.PEER_BYTES:
            first = _first_byte(given)
            return {} if first is None else {"first_byte": first}
        case EvidenceKind.ECHO_RESPONSE:
            status = words.given_status(given)
            return {} if status is None else {"status": status}
        case _:
            return {}


def _triple(given: Mapping[str, str]) -> dict[str, JsonValue]:
    result = words.result_of(given["result"]) if "result" in given else None
    source = words.source_of(given["source"]) if "source" in given else None
    told = given.get("reason", given.get("combined_reason", ""))
    implied, reason = words.reason_of(told)
    if source is None:
        source = implied
    if source == _PRESENTATION and words.is_no_reason(told):
        reason = None  # DCMTK's words for a reason outside the standard.
    if "combined_reason" in given and reason is not None and reason >> 4 == source:
        reason &= 15
    found = {"result": result, "source": source, "reason": reason}
    return {name: number for name, number in found.items() if number is not None}


def _abort(given: Mapping[str, str]) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {}
    if (source := words.abort_source_of(given.get("abort_source", ""))) is not None:
        found["source"] = source
    if source == 2 and "abort_reason" in given:
        found["reason"] = words.abort_reason_of(given["abort_reason"])
    elif source == 0:
        found["reason"] = 0
    return found


def _first_byte(given: Mapping[str, str]) -> int | None:
    if "pdu_hex" in given:
        return words.hexadecimal(given["pdu_hex"])
    if "pdu_decimal" in given:
        return words.decimal(given["pdu_decimal"])
    length = words.decimal(given.get("length", ""))
    return _BY_LENGTH.get(length >> 16) if length is not None else None


_BY_LENGTH: Mapping[int, int] = {
    0x5450: 0x48,  # "TP/1" of HTTP
    0x482D: 0x53,  # "H-2." of SSH
    0x0100: 0x15,
    0x0105: 0x16,
    0x0101: 0x16,
    0x0102: 0x16,
}
"""By the upper half of a PDU length, which is bytes 2 to 5 of another protocol, its first byte."""
