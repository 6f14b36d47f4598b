"""From evidence to possible causes. No I/O; mostly tables that a DICOM person can read.

A cause is ``proven`` only if no other cause can produce the same evidence. The texts are in
``causes.toml``. The answers of real peers were measured: a reject reason alone proves nothing.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Mapping, Sequence

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.causes.tls_reasoning import Suspects, tls_suspects
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.network.connection import NameFailure
from dcmecho.diagnosis.run_options import SMALL_SEGMENT_BYTES
from dcmecho.diagnosis.stage import StageId, StageResult
from dcmecho.diagnosis.target.target import Target
from dcmecho.standard.context_results import ContextResult
from dcmecho.standard.refusals import RejectReason, RejectResult

_PROVEN, _LIKELY, _POSSIBLE = Confidence.PROVEN, Confidence.LIKELY, Confidence.POSSIBLE

ARP_GIVES_UP_MS = 2000
"""EHOSTUNREACH after this time comes from the local kernel's ARP (3 s), before it from outside."""

BY_ERRNO: Mapping[int, Suspects] = {
    errno.ECONNREFUSED: ((CauseId.TCP_REFUSED, _PROVEN),),
    errno.ETIMEDOUT: ((CauseId.TCP_NO_ANSWER, _PROVEN),),
    errno.ENETUNREACH: (
        (CauseId.TCP_UNREACHABLE, _LIKELY),
        (CauseId.TCP_PROHIBITED, _POSSIBLE),
    ),
    errno.ECONNRESET: ((CauseId.TCP_RESET, _PROVEN),),
}
"""connect(2) errors whose meaning does not depend on the time; the others are local."""

TOLD_BY_ICMP = frozenset({errno.ENOPROTOOPT, errno.EHOSTDOWN, errno.ENONET, errno.EPROTO})
"""connect(2) errors that Linux reports for an ICMP refusal by a router or host."""

_PDU_HEADER_BYTES = 6
_LONGEST_ANSWER_64KIB = 16
"""1 MiB; an A-ASSOCIATE-AC is a hundred times smaller."""

ABOUT_TITLES = {
    RejectReason.CALLING_AE: (CauseId.AE_CALLING_UNKNOWN, (CauseId.AE_HOST_NOT_ALLOWED,)),
    RejectReason.CALLED_AE: (
        CauseId.AE_CALLED_UNKNOWN,
        (CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED),
    ),
}
"""By the reason of a rejection: what it means, and what peers also use it for.

``dcmqrscp`` sends 7 for a wrong called title, a wrong calling title and a wrong host. A strict
Orthanc and dcm4chee-arc send 3 if only the host is wrong.
"""

REJECTIONS: Mapping[RejectReason, Suspects] = {
    RejectReason.NO_REASON: (
        (CauseId.ASSOC_REJECTED, _LIKELY),
        (CauseId.CONTEXT_REFUSED, _POSSIBLE),
        (CauseId.AUTH_IDENTITY_REQUIRED, _POSSIBLE),
    ),
    RejectReason.APPLICATION_CONTEXT: ((CauseId.ASSOC_APP_CONTEXT, _PROVEN),),
    RejectReason.NO_REASON_OF_ACSE: (
        (CauseId.ASSOC_REJECTED, _LIKELY),
        (CauseId.AUTH_IDENTITY_REQUIRED, _POSSIBLE),
    ),
    RejectReason.PROTOCOL_VERSION: ((CauseId.ASSOC_PROTOCOL_VERSION, _PROVEN),),
    RejectReason.CONGESTION: ((CauseId.ASSOC_CONGESTION, _PROVEN),),
    RejectReason.LOCAL_LIMIT: ((CauseId.ASSOC_LIMIT, _PROVEN),),
}
"""dcmrecv also sends 1/1/1 if it refuses every context; others if no user identity is sent."""

TRANSIENT_REJECTIONS: Mapping[RejectReason, Suspects] = {
    RejectReason.NO_REASON: (
        (CauseId.ASSOC_REJECTED, _LIKELY),
        (CauseId.ASSOC_LIMIT, _POSSIBLE),
        (CauseId.CONTEXT_REFUSED, _POSSIBLE),
        (CauseId.AUTH_IDENTITY_REQUIRED, _POSSIBLE),
    ),
    RejectReason.APPLICATION_CONTEXT: (
        (CauseId.ASSOC_LIMIT, _LIKELY),
        (CauseId.ASSOC_APP_CONTEXT, _POSSIBLE),
    ),
    RejectReason.NO_REASON_OF_ACSE: (
        (CauseId.ASSOC_REJECTED, _LIKELY),
        (CauseId.ASSOC_LIMIT, _POSSIBLE),
        (CauseId.AUTH_IDENTITY_REQUIRED, _POSSIBLE),
    ),
    RejectReason.PROTOCOL_VERSION: (
        (CauseId.ASSOC_LIMIT, _LIKELY),
        (CauseId.ASSOC_PROTOCOL_VERSION, _POSSIBLE),
    ),
}
"""The reasons that mean something else if the result is transient: that proves nothing permanent.

Older dcm4che sends 2/2/2 at its limit of associations, with the number of "local limit exceeded"
and the wrong source. 2/1/2 is reported for the same. pynetdicom sends 2/2/1 if it demands another
user identity.
"""

_NAMES_ITS_CAUSE = frozenset(
    {EvidenceKind.PROFILE_INVALID, EvidenceKind.PEER_BYTES, EvidenceKind.VANTAGE_FAILED}
)
"""Proven by itself, unless its data say that it is not sure."""

CONTEXT_RESULTS: Mapping[int, Suspects] = {
    ContextResult.ABSTRACT_SYNTAX_NOT_SUPPORTED: (
        (CauseId.CONTEXT_SOP_CLASS_REFUSED, _LIKELY),
        (CauseId.CONTEXT_TRANSFER_SYNTAX_REFUSED, _POSSIBLE),
    ),
    ContextResult.TRANSFER_SYNTAXES_NOT_SUPPORTED: (
        (CauseId.CONTEXT_TRANSFER_SYNTAX_REFUSED, _PROVEN),
    ),
}
"""By the result of the refused context. CTN sends 3 for a refused transfer syntax, and
dcmqrscp does so for storage classes.
"""

_OTHER_CONTEXT_RESULT: Suspects = (
    (CauseId.CONTEXT_REFUSED, _LIKELY),
    (CauseId.CONTEXT_SOP_CLASS_REFUSED, _POSSIBLE),
)


def suspects(failed: StageResult, target: Target) -> Suspects:
    """Return the causes that can explain a failed or warning stage; empty if none is needed."""
    finding = failed.evidence[0] if failed.evidence else None
    if finding is None or finding.kind is EvidenceKind.DO_NOT_PROBE:
        return ()
    if finding.kind is EvidenceKind.LOCAL_SHORTAGE:
        return ((CauseId.TCP_LOCAL_ERROR, _PROVEN),)
    if finding.kind in _NAMES_ITS_CAUSE:
        named = [CauseId(str(e.data["cause"])) for e in failed.evidence if "cause" in e.data]
        sure = _PROVEN if finding.data.get("sure", True) else _LIKELY
        return tuple((cause, sure) for cause in dict.fromkeys(named))
    if failed.id is StageId.CONNECT:
        return _connect(failed.evidence)
    if finding.kind is EvidenceKind.TLS_FAILED:
        return tls_suspects(finding, failed.evidence)
    after_acceptance = failed.id.row.after_acceptance
    rules = _AFTER_ACCEPTANCE if after_acceptance else _BEFORE_ACCEPTANCE
    rule = rules.get(finding.kind)
    found = rule(finding, target) if rule else ()
    if target.tls is None or after_acceptance:
        return found
    return _within_tls(found, failed.evidence)


def _within_tls(found: Suspects, evidence: Sequence[Evidence]) -> Suspects:
    """Adapt ``found`` to a completed TLS handshake: the port does use TLS.

    A server that just ends the connection might be refusing the certificate that it was shown.
    """
    others = tuple(suspect for suspect in found if suspect[0] is not CauseId.PEER_IS_TLS)
    if all(each.kind is not EvidenceKind.TLS_CLIENT_CERTIFICATE for each in evidence):
        return others
    less_sure = tuple((c, _LIKELY if sure is _PROVEN else sure) for c, sure in others)
    return ((CauseId.TLS_CLIENT_CERT_REFUSED, _LIKELY), *less_sure)


def _connect(evidence: Sequence[Evidence]) -> Suspects:
    """Merge the suspects of each failed address; a cause is proven only if all agree."""
    is_connected = any(e.kind is EvidenceKind.TCP_CONNECTED for e in evidence)
    if is_connected and any(e.kind is EvidenceKind.TCP_FAMILY for e in evidence):
        return ()  # the service runs, and its evidence says which of IPv4 and IPv6 it uses
    lists = [_attempt(e) for e in evidence if e.kind is EvidenceKind.TCP_FAILED]
    merged: dict[CauseId, Confidence] = {}
    for cause, confidence in (pair for one in lists for pair in one):
        merged.setdefault(cause, confidence)
    if len(merged) > 1:
        return tuple((c, _LIKELY if conf is _PROVEN else conf) for c, conf in merged.items())
    return tuple(merged.items())


def _attempt(failure: Evidence) -> Suspects:
    if failure.data["timed_out"]:
        return BY_ERRNO[errno.ETIMEDOUT]
    code, elapsed_ms = failure.data["errno"], failure.data["elapsed_ms"]
    if code == errno.EHOSTUNREACH:
        late = isinstance(elapsed_ms, float | int) and elapsed_ms >= ARP_GIVES_UP_MS
        first, second = CauseId.TCP_PROHIBITED, CauseId.TCP_UNREACHABLE
        if late:
            first, second = second, first
        return ((first, _LIKELY), (second, _POSSIBLE))
    over_ipv6 = str(failure.data["peer"]).startswith("[")
    if code in TOLD_BY_ICMP or (code == errno.EACCES and over_ipv6):
        return ((CauseId.TCP_PROHIBITED, _LIKELY), (CauseId.TCP_LOCAL_ERROR, _POSSIBLE))
    local: Suspects = ((CauseId.TCP_LOCAL_ERROR, _PROVEN),)
    return BY_ERRNO.get(code, local) if isinstance(code, int) else local


def is_long(finding: Evidence) -> bool:
    """Report whether the request that got no answer was longer than one small segment."""
    sent = finding.data.get("request_bytes")
    return isinstance(sent, int) and sent > SMALL_SEGMENT_BYTES


def _name(finding: Evidence, _target: Target) -> Suspects:
    found_none = finding.data["failure"] == NameFailure.NOT_FOUND
    return ((CauseId.DNS_NOT_FOUND if found_none else CauseId.DNS_NO_ANSWER, _PROVEN),)


def _silent(finding: Evidence, _target: Target) -> Suspects:
    if finding.data.get("acknowledged") is False:
        by_size = ((CauseId.TCP_BIG_PACKETS_LOST, _POSSIBLE),) if is_long(finding) else ()
        return ((CauseId.TCP_NO_ANSWER, _LIKELY), *by_size, (CauseId.PEER_SILENT, _POSSIBLE))
    return (
        (CauseId.PEER_SILENT, _LIKELY),
        (CauseId.PEER_NAME_LOOKUP, _POSSIBLE),
        (CauseId.PEER_IS_HTTP, _POSSIBLE),
        (CauseId.PEER_IS_TLS, _POSSIBLE),
        (CauseId.PEER_IS_OTHER, _POSSIBLE),
    )


def _closed(finding: Evidence, _target: Target) -> Suspects:
    if finding.data["before_request"]:
        return ((CauseId.PEER_CLOSED_ON_CONNECT, _PROVEN),)
    return (
        (CauseId.PEER_CLOSED_ON_REQUEST, _LIKELY),
        (CauseId.PEER_IS_TLS, _POSSIBLE),
        (CauseId.PEER_CLOSED_ON_CONNECT, _POSSIBLE),
    )


def _reset(finding: Evidence, _target: Target) -> Suspects:
    if finding.data["before_request"]:
        return ((CauseId.TCP_RESET, _PROVEN),)
    return (
        (CauseId.PEER_RESET_ON_REQUEST, _LIKELY),
        (CauseId.PEER_IS_TLS, _POSSIBLE),
        (CauseId.PEER_CLOSED_ON_CONNECT, _POSSIBLE),
        (CauseId.TCP_RESET, _POSSIBLE),
    )


def _malformed(finding: Evidence, _target: Target) -> Suspects:
    """An incomplete PDU can also mean that the network lost the rest."""
    if finding.data.get("unfinished"):
        return ((CauseId.PEER_MALFORMED, _LIKELY), (CauseId.TCP_NO_ANSWER, _POSSIBLE))
    return ((CauseId.PEER_MALFORMED, _PROVEN),)


def _malformed_at_first(finding: Evidence, target: Target) -> Suspects:
    """Before acceptance the peer might not be DICOM: other protocols begin in the same way."""
    found = _malformed(finding, target)
    if _begins_a_pdu(bytes.fromhex(str(finding.data.get("first_bytes", "")))):
        return found
    return ((CauseId.PEER_MALFORMED, _LIKELY), (CauseId.PEER_IS_OTHER, _POSSIBLE), *found[1:])


def _begins_a_pdu(first_bytes: bytes) -> bool:
    """Report whether there is a whole header, with reserved byte 0 and a plausible length."""
    if len(first_bytes) < _PDU_HEADER_BYTES:
        return False
    _, reserved, *length = first_bytes[:_PDU_HEADER_BYTES]
    return reserved == 0 and length[0] == 0 and length[1] < _LONGEST_ANSWER_64KIB


def _aborted(finding: Evidence, target: Target) -> Suspects:
    """A-ABORT after the request. From the service user it is often about the titles."""
    if finding.data["source"] != 0:
        return ((CauseId.ASSOC_ABORTED, _PROVEN),)
    return (
        (CauseId.ASSOC_ABORTED, _LIKELY),
        (CauseId.AE_CALLING_UNKNOWN, _POSSIBLE),
        (CauseId.AE_CALLED_UNKNOWN, _POSSIBLE),
        (CauseId.AE_HOST_NOT_ALLOWED, _POSSIBLE),
        *((cause, _POSSIBLE) for cause, _ in _spelling(target)),
    )


def _rejected(finding: Evidence, target: Target) -> Suspects:
    result = finding.data["result"]
    reason = RejectReason.of(finding.data["source"], finding.data["reason"])
    unexplained = ((CauseId.ASSOC_REJECTED, _PROVEN),)
    if reason is None:
        return unexplained
    if reason in ABOUT_TITLES:
        first, others = ABOUT_TITLES[reason]
        possible = ((cause, _POSSIBLE) for cause in others)
        return _by_confidence([(first, _LIKELY), *possible, *_spelling(target)])
    if result == RejectResult.TRANSIENT and reason in TRANSIENT_REJECTIONS:
        return TRANSIENT_REJECTIONS[reason]
    return REJECTIONS[reason] if result in tuple(RejectResult) else unexplained


def _by_confidence(found: Iterable[tuple[CauseId, Confidence]]) -> Suspects:
    order = list(Confidence)
    return tuple(sorted(found, key=lambda suspect: order.index(suspect[1])))


def _spelling(target: Target) -> Suspects:
    """Return case and spaces as causes, if the titles contain letters or leading spaces."""
    titles = (target.called_ae, target.calling_ae)
    found: list[tuple[CauseId, Confidence]] = []
    if any(title.startswith(" ") for title in titles):
        found.append((CauseId.AE_SPACES, _LIKELY))
    if any(ch.islower() for title in titles for ch in title):
        # Most titles are in upper case, so lower case letters are suspicious.
        found.append((CauseId.AE_CASE, _LIKELY))
    elif any(ch.isalpha() for title in titles for ch in title):
        found.append((CauseId.AE_CASE, _POSSIBLE))
    return tuple(found)


def _context(finding: Evidence, _target: Target) -> Suspects:
    result = finding.data["result"]
    known = CONTEXT_RESULTS.get(result) if isinstance(result, int) else None
    return known or _OTHER_CONTEXT_RESULT


def _unanswered(_finding: Evidence, _target: Target) -> Suspects:
    """The standard demands an answer to each context (PS3.8 9.3.3.2)."""
    return ((CauseId.PEER_MALFORMED, _PROVEN),)


def _status(_finding: Evidence, _target: Target) -> Suspects:
    return ((CauseId.ECHO_STATUS, _PROVEN),)


def _echo_silent(finding: Evidence, _target: Target) -> Suspects:
    match finding.data.get("acknowledged"):
        case True:
            return ((CauseId.ECHO_NO_ANSWER, _PROVEN),)
        case False:
            return ((CauseId.TCP_NO_ANSWER, _LIKELY), (CauseId.ECHO_NO_ANSWER, _POSSIBLE))
        case _:
            # Not every kernel reports whether the request arrived.
            return ((CauseId.ECHO_NO_ANSWER, _LIKELY), (CauseId.TCP_NO_ANSWER, _POSSIBLE))


def _echo_aborted(finding: Evidence, _target: Target) -> Suspects:
    """A strict Orthanc accepts everyone and aborts unknown callers later, with source 0."""
    by_user = finding.data["source"] == 0
    first, second = CauseId.AUTH_PER_COMMAND, CauseId.ECHO_ABORTED
    if not by_user or finding.data.get("before_request"):
        first, second = second, first
    return ((first, _LIKELY), (second, _POSSIBLE))


def _echo_closed(_finding: Evidence, _target: Target) -> Suspects:
    return ((CauseId.ECHO_CLOSED, _LIKELY), (CauseId.AUTH_PER_COMMAND, _POSSIBLE))


def _release(_finding: Evidence, _target: Target) -> Suspects:
    return ((CauseId.RELEASE_NO_ANSWER, _PROVEN),)


Rule = Callable[[Evidence, Target], Suspects]

_BEFORE_ACCEPTANCE: Mapping[EvidenceKind, Rule] = {
    EvidenceKind.NAME_FAILED: _name,
    EvidenceKind.PEER_SILENT: _silent,
    EvidenceKind.PEER_CLOSED: _closed,
    EvidenceKind.PEER_RESET: _reset,
    EvidenceKind.PEER_MALFORMED: _malformed_at_first,
    EvidenceKind.ASSOCIATION_ABORTED: _aborted,
    EvidenceKind.ASSOCIATION_REJECTED: _rejected,
}

_AFTER_ACCEPTANCE: Mapping[EvidenceKind, Rule] = {
    EvidenceKind.CONTEXT_REFUSED: _context,
    EvidenceKind.CONTEXTS_UNANSWERED: _unanswered,
    EvidenceKind.ECHO_RESPONSE: _status,
    EvidenceKind.PEER_SILENT: _echo_silent,
    EvidenceKind.PEER_CLOSED: _echo_closed,
    EvidenceKind.PEER_RESET: _echo_closed,
    EvidenceKind.PEER_MALFORMED: _malformed,
    EvidenceKind.ASSOCIATION_ABORTED: _echo_aborted,
    EvidenceKind.RELEASE_MISSING: _release,
}
