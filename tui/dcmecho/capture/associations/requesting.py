"""The association request: whether it arrived whole, and what was answered."""

from __future__ import annotations

from dcmecho.capture.associations.judged import Judged, as_a_check, failed, unknown
from dcmecho.capture.associations.proposed import not_offered, services
from dcmecho.capture.associations.surroundings import Surroundings
from dcmecho.capture.conversation import Conversation, Missing, Seen, Stream, Way
from dcmecho.capture.passed.trace import Trace
from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.network.association import Rejection
from dcmecho.diagnosis.observed.service_reasoning import AnySuspects, likely, proven
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.standard.pdu_types import PduType
from dcmecho.standard.refusals import RejectReason

_ASSOCIATE = StageId.ASSOCIATE
_LARGE = 4096
_ECHO_AND_RELEASE = 100
"""Bytes of a C-ECHO-RQ with its PDU (68 to 84), and of an A-RELEASE-RQ (10)."""
_PATIENCE_S = 5.0
_PERHAPS_SILENT: AnySuspects = ((CauseId.PEER_SILENT, Confidence.POSSIBLE),)
_TITLE_REASONS = (RejectReason.CALLING_AE, RejectReason.CALLED_AE)
_CERTAIN_REASONS = (
    RejectReason.APPLICATION_CONTEXT,
    RejectReason.PROTOCOL_VERSION,
    RejectReason.CONGESTION,
    RejectReason.LOCAL_LIMIT,
)


def judge_request(
    trace: Trace, conversation: Conversation, around: Surroundings, target: Target
) -> Judged | None:
    """Return what stopped an association before it was accepted; ``None``: nothing did."""
    if trace.rejection is not None:
        return _rejected(trace.rejection, trace, target)
    if any(each.kind == PduType.ASSOCIATE_RJ for each in trace.partials):
        found = likely(
            CauseId.ASSOC_REJECTED,
            CauseId.AE_CALLED_UNKNOWN,
            CauseId.AE_CALLING_UNKNOWN,
            CauseId.AE_HOST_NOT_ALLOWED,
        )
        title = "rejected; the capture cut the reason off"
        return failed(_ASSOCIATE, EvidenceKind.ASSOCIATION_REJECTED, title, found)
    if trace.acceptance is not None or trace.commands or trace.answers:
        return None
    if (accepted := _accepted_in_part(trace, conversation)) is not None:
        return accepted
    foreign = trace.foreign.get(Way.FROM_SERVER)
    if foreign:
        return _other_protocol(foreign)
    aborts = [abort for noted, abort in trace.aborts if noted.way is Way.FROM_SERVER]
    if aborts:
        data = {"source": aborts[0].source if aborts[0] else 2, "reason": 0}
        found = as_a_check(_ASSOCIATE, EvidenceKind.ASSOCIATION_ABORTED, data, target)
        title = "A-ABORT in answer to the request"
        return failed(_ASSOCIATE, EvidenceKind.ASSOCIATION_ABORTED, title, found[:4])
    server = conversation.server
    if server.frames and (server.received or server.gap_bytes or trace.malformed):
        return _odd_answer(trace, conversation)
    return _no_answer(trace, conversation, around, target)


def answered_in_tls() -> Judged:
    """Return what a TLS record in answer to a request means."""
    found = likely(CauseId.PEER_IS_TLS)
    return failed(_ASSOCIATE, EvidenceKind.PEER_BYTES, "answered in TLS", found)


def _accepted_in_part(trace: Trace, conversation: Conversation) -> Judged | None:
    """Return what the types of PDUs tell, where the capture cut off what is in them."""
    kinds = {(each.way, each.kind) for each in trace.partials}
    if trace.release_answer is not None:
        kinds.add((trace.release_answer.way, PduType.RELEASE_RP))
    if (Way.FROM_SERVER, PduType.ASSOCIATE_AC) not in kinds:
        return None
    if not any(gap.why is not Missing.LOST for gap in conversation.server.gaps):
        return None
    if (Way.FROM_SERVER, PduType.RELEASE_RP) in kinds and _is_only_echo(trace, conversation):
        title = "accepted and released; the capture cut off what was in between"
        return Judged(VerdictStatus.OK, StageId.RELEASE, title, EvidenceKind.RELEASE_RESPONSE)
    title = "accepted; the capture cut off the rest"
    return unknown(_ASSOCIATE, EvidenceKind.ASSOCIATION_ACCEPTED, title)


def _is_only_echo(trace: Trace, conversation: Conversation) -> bool:
    """Whether a client sent no more after its request than a C-ECHO and a release take."""
    client = conversation.client
    asked = max((gap.offset + gap.length for gap in client.gaps[:1]), default=0)
    if trace.request is not None or not asked:
        return False
    return client.end - asked <= _ECHO_AND_RELEASE


def _rejected(rejection: Rejection, trace: Trace, target: Target) -> Judged:
    kind = EvidenceKind.ASSOCIATION_REJECTED
    data = {
        "result": rejection.result,
        "source": rejection.source,
        "reason": rejection.reason,
    }
    reason = RejectReason.of(rejection.source, rejection.reason)
    about_titles = reason in _TITLE_REASONS
    found = as_a_check(_ASSOCIATE, kind, data, target)
    if reason in _CERTAIN_REASONS and len(found) == 1:
        found = proven(found[0][0])
    elif about_titles and _is_small(target.called_ae):
        found = likely(CauseId.AE_CASE, *(cause for cause, _ in found))
    elif reason is None:
        found = likely(*(cause for cause, _ in found), CauseId.PEER_MALFORMED)
    elif reason is RejectReason.NO_REASON:
        found = (*found[:1], *_offers_none_of_it(trace), *found[1:])
    stage = StageId.AE_TITLE if about_titles else _ASSOCIATE
    title = f"rejected {rejection.triple}: {rejection.words}"
    return failed(stage, kind, title, found[:4], data)


def _offers_none_of_it(trace: Trace) -> AnySuspects:
    """Return the causes of a peer that rejects because it offers none of the services."""
    asked = services(trace.request) if trace.request is not None else ()
    if not asked or trace.request is None:
        return ()
    return tuple((each, Confidence.POSSIBLE) for each in not_offered(trace.request)[: len(asked)])


def _is_small(title: str) -> bool:
    return title.islower()


def _other_protocol(data: bytes) -> Judged:
    kind = EvidenceKind.PEER_BYTES
    if data.startswith(b"HTTP/") or data.lstrip()[:1] == b"<":
        return failed(_ASSOCIATE, kind, "answered in HTTP", likely(CauseId.PEER_IS_HTTP))
    if data.startswith(b"SSH-"):
        return failed(_ASSOCIATE, kind, "greeted by SSH", likely(CauseId.PEER_IS_SSH))
    if data[0] in {0x15, 0x16} and data[1:2] == b"\3":
        return answered_in_tls()
    found = likely(CauseId.PEER_IS_OTHER, CauseId.PEER_MALFORMED)
    return failed(_ASSOCIATE, kind, "answered with bytes that are not DICOM", found)


def _odd_answer(trace: Trace, conversation: Conversation) -> Judged:
    """Return what an answer means of which a part is missing, or that cannot be read."""
    server = conversation.server
    if any(gap.why is Missing.LOST for gap in server.gaps):
        found = likely(FindingId.PATH_LOSES_BIG_ANSWERS, CauseId.PEER_SILENT)
        title = "the answer was sent, and a part of it was lost on the way"
        return failed(_ASSOCIATE, EvidenceKind.PEER_SILENT, title, found)
    if any(gap.why is not Missing.LOST for gap in server.gaps):
        title = "answered; the capture does not have all of the answer"
        return unknown(_ASSOCIATE, EvidenceKind.ASSOCIATION_ACCEPTED, title)
    kind = EvidenceKind.PEER_MALFORMED
    if trace.malformed:
        whole = not any(each.way is Way.FROM_SERVER for each in trace.partials)
        others = () if server.fin else (CauseId.PEER_SILENT,)
        found = likely(CauseId.PEER_MALFORMED, *(others if whole else ()))
        return failed(_ASSOCIATE, kind, "an answer that cannot be read", found)
    claims = [each.claimed or 0 for each in trace.partials if each.way is Way.FROM_SERVER]
    if server.fin or server.resets:
        found = likely(CauseId.PEER_MALFORMED, CauseId.PEER_CLOSED_ON_REQUEST)
        return failed(_ASSOCIATE, kind, "a part of an answer, then closed", found)
    found = likely(CauseId.PEER_MALFORMED, CauseId.PEER_SILENT)
    title = f"an answer that claims {max(claims, default=0)} bytes and does not go on"
    if conversation.client.fin or conversation.client.resets or max(claims, default=0) > 1 << 20:
        return failed(_ASSOCIATE, kind, title, found)
    return unknown(_ASSOCIATE, kind, title, found)


def _no_answer(
    trace: Trace, conversation: Conversation, around: Surroundings, target: Target
) -> Judged:
    client, server = conversation.client, conversation.server
    if not server.frames:
        title = "a request; the capture does not have what the server sent"
        return unknown(_ASSOCIATE, EvidenceKind.PEER_SILENT, title)
    if server.resets and _is_first(server.resets[0].seen, client.fin):
        found = as_a_check(
            _ASSOCIATE, EvidenceKind.PEER_RESET, {"before_request": not client.end}, target
        )
        return failed(_ASSOCIATE, EvidenceKind.PEER_RESET, "RST in answer to the request", found)
    if server.fin is not None and _is_first(server.fin, client.fin):
        found = as_a_check(
            _ASSOCIATE, EvidenceKind.PEER_CLOSED, {"before_request": not client.end}, target
        )
        return failed(
            _ASSOCIATE, EvidenceKind.PEER_CLOSED, "closed in answer to the request", found
        )
    silent = EvidenceKind.PEER_SILENT
    is_over = bool(client.fin or client.resets or trace.aborts)
    if trace.request is None and not around.facts.damaged:
        waited = around.silence_after(client.last_data and client.last_data.time)
        goes_on = not is_over and waited <= _PATIENCE_S and not _is_repeated_in_vain(client)
        return _incomplete(client, goes_on=goes_on and (client.acked or 0) < client.end)
    waited = around.silence_after(trace.requested and trace.requested.time)
    if client.acked is not None and client.acked < client.end and client.retransmissions:
        title = "the request is repeated and not acknowledged"
        if is_over or waited > _PATIENCE_S or _is_repeated_in_vain(client):
            return failed(_ASSOCIATE, silent, title, _lost(client))
        return unknown(_ASSOCIATE, silent, f"{title}, and the capture ends", _lost(client))
    found = _silent(client, around.asks_in_vain(server.endpoint.address))
    title = "no answer to the request, though TCP acknowledged it"
    if is_over or waited > _PATIENCE_S:
        return failed(_ASSOCIATE, silent, title, found)
    title = "the capture ends before an answer to the request"
    return unknown(_ASSOCIATE, silent, title, () if around.facts.damaged else _PERHAPS_SILENT)


def _is_repeated_in_vain(client: Stream) -> bool:
    """Whether a segment was sent three times or more and never acknowledged."""
    acked = client.acked or 0
    return any(
        each.times > 1 and each.offset + each.length > acked and client.end > acked
        for each in client.repeated
    )


def _incomplete(client: Stream, *, goes_on: bool) -> Judged:
    """Return what a request means of which a part never came; perhaps the capture ended first."""
    silent = EvidenceKind.PEER_SILENT
    cut = [gap for gap in client.gaps if gap.why is not Missing.LOST]
    if cut:
        title = "the capture does not have the whole request, nor an answer"
        return unknown(_ASSOCIATE, silent, title, _PERHAPS_SILENT)
    title = f"only {client.received} bytes of the request arrived"
    if goes_on:
        return unknown(_ASSOCIATE, silent, f"{title} before the capture ends", _PERHAPS_SILENT)
    return failed(_ASSOCIATE, silent, title, _lost(client))


def _lost(client: Stream) -> AnySuspects:
    if client.largest > 1000:
        return likely(
            FindingId.PATH_LOSES_REQUESTS, FindingId.PATH_LOSES_BIG_PACKETS, CauseId.PEER_SILENT
        )
    return likely(FindingId.PATH_LOSES_REQUESTS, CauseId.TCP_NO_ANSWER, CauseId.PEER_SILENT)


def _silent(client: Stream, asks_names: bool) -> AnySuspects:
    found: list[CauseId | FindingId] = [CauseId.PEER_SILENT]
    if asks_names:
        found.append(CauseId.PEER_NAME_LOOKUP)
    if client.end >= _LARGE:
        found.append(FindingId.PEER_LARGE_REQUEST_UNANSWERED)
    return likely(*found, CauseId.PEER_IS_TLS, CauseId.PEER_IS_OTHER)[:4]


def _is_first(seen: Seen, other: Seen | None) -> bool:
    return other is None or seen.frame < other.frame
