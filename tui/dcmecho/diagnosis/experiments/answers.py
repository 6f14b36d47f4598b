"""The kinds of answers of a peer, as needed to compare two runs."""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence

from dcmecho.diagnosis.causes.reasoning import is_long
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.rows import WordsEnum
from dcmecho.diagnosis.stage import StageId, StageResult, Status
from dcmecho.diagnosis.target.tls import TlsEnding
from dcmecho.standard.refusals import RejectReason, RejectResult


class AnswerKind(WordsEnum):
    """The peer's answer to one attempt."""

    SUCCESS = "green", "C-ECHO answered with success"
    """C-ECHO-RSP 0x0000."""
    REJECTED_CALLED = "rejected-called", f"rejected: {RejectReason.CALLED_AE.words}"
    """Reason 7: called AE title not recognized."""
    REJECTED_CALLING = "rejected-calling", f"rejected: {RejectReason.CALLING_AE.words}"
    """Reason 3: calling AE title not recognized."""
    REJECTED_APP_CONTEXT = "rejected-app-context", "rejected: application context not supported"
    REJECTED_APP_CONTEXT_FOR_NOW = (
        "rejected-app-context-for-now",
        "rejected for now: application context not supported",
    )
    """2/1/2: DCMTK's dcmqrscp, wlmscpfs and dcmrecv send it for a made-up application context."""
    REJECTED_FOR_NOW = "rejected-for-now", "rejected for now"
    """Congestion, local limit, or transient."""
    REJECTED_UNEXPLAINED = "rejected-unexplained", "rejected for now, no reason given"
    """Transient, and no reason given: 2/1/1 or 2/2/1."""
    REJECTED_NO_REASON = "rejected-no-reason", "rejected, no reason given"
    """1/1/1: DCMTK's dcmrecv and wlmscpfs send it if they accept no presentation context."""
    REJECTED = "rejected", "rejected"
    ABORTED = "aborted", "aborted at the association request"
    ABORTED_AT_ECHO = "aborted-at-echo", "accepted, then aborted at C-ECHO"
    CLOSED_AT_ECHO = "closed-at-echo", "accepted, then closed at C-ECHO"
    NO_ECHO = "no-echo", "accepted, but C-ECHO not answered"
    ECHO_STATUS = "echo-status", "accepted, but C-ECHO failed"
    CONTEXT_REFUSED = "context-refused", "accepted, but C-ECHO not offered"
    SILENT = "silent", "no answer"
    REQUEST_LOST = "eaten", "no answer, the network lost the request"
    """No answer, and the request was never acknowledged."""
    LONG_REQUEST_LOST = "long-request-lost", "no answer, the network lost the long request"
    """The same, and the request was longer than one small segment."""
    CLOSED = "closed", "the connection was closed or reset"
    """Closed or reset instead of an answer to the request."""
    CLOSED_TO_CERTIFICATE = (
        "closed-to-certificate",
        "the connection was closed or reset after your certificate was sent",
    )
    """The same, after a TLS handshake in which the peer asked for a certificate and got one."""
    NOT_DICOM = "not-dicom", "an answer that is not DICOM"
    TLS_DONE = "tls-done", "TLS handshake completed"
    TLS_REFUSED = "tls-refused", "the port uses TLS, but the handshake was refused"
    """The port uses TLS: an alert, or a certificate that dcmecho refused."""
    TLS_BROKEN = "tls-broken", "the TLS handshake failed"
    """Closed, reset or failed during a handshake."""
    TLS_SILENT = "tls-silent", "no answer to the TLS greeting"
    NOT_TLS = "not-tls", "an answer that is not TLS"
    TCP_REFUSED = "tcp-refused", "the connection to the port was refused"
    UNREACHED = "unreached", "failed before the association"
    """Ended before the association for another reason: values, name, TCP, or cancelled."""


_REJECTIONS: Mapping[RejectReason, AnswerKind] = {
    RejectReason.APPLICATION_CONTEXT: AnswerKind.REJECTED_APP_CONTEXT,
    RejectReason.CALLING_AE: AnswerKind.REJECTED_CALLING,
    RejectReason.CALLED_AE: AnswerKind.REJECTED_CALLED,
    RejectReason.CONGESTION: AnswerKind.REJECTED_FOR_NOW,
    RejectReason.LOCAL_LIMIT: AnswerKind.REJECTED_FOR_NOW,
}

_BEFORE_ACCEPTANCE: Mapping[EvidenceKind, AnswerKind] = {
    EvidenceKind.ASSOCIATION_ABORTED: AnswerKind.ABORTED,
    EvidenceKind.PEER_CLOSED: AnswerKind.CLOSED,
    EvidenceKind.PEER_RESET: AnswerKind.CLOSED,
    EvidenceKind.PEER_BYTES: AnswerKind.NOT_DICOM,
    EvidenceKind.PEER_MALFORMED: AnswerKind.NOT_DICOM,
}

_AFTER_ACCEPTANCE: Mapping[EvidenceKind, AnswerKind] = {
    EvidenceKind.CONTEXT_REFUSED: AnswerKind.CONTEXT_REFUSED,
    EvidenceKind.CONTEXTS_UNANSWERED: AnswerKind.CONTEXT_REFUSED,
    EvidenceKind.ASSOCIATION_ABORTED: AnswerKind.ABORTED_AT_ECHO,
    EvidenceKind.PEER_CLOSED: AnswerKind.CLOSED_AT_ECHO,
    EvidenceKind.PEER_RESET: AnswerKind.CLOSED_AT_ECHO,
    EvidenceKind.PEER_SILENT: AnswerKind.NO_ECHO,
    EvidenceKind.PEER_MALFORMED: AnswerKind.NO_ECHO,
    EvidenceKind.ECHO_RESPONSE: AnswerKind.ECHO_STATUS,
}

_TLS: Mapping[TlsEnding, AnswerKind] = {
    TlsEnding.CERTIFICATE_REFUSED: AnswerKind.TLS_REFUSED,
    TlsEnding.ALERT: AnswerKind.TLS_REFUSED,
    TlsEnding.FAILED: AnswerKind.TLS_BROKEN,
    TlsEnding.NOT_TLS: AnswerKind.NOT_TLS,
    TlsEnding.CLOSED: AnswerKind.TLS_BROKEN,
    TlsEnding.RESET: AnswerKind.TLS_BROKEN,
    TlsEnding.SILENT: AnswerKind.TLS_SILENT,
}

ACCEPTED = frozenset(
    {
        AnswerKind.SUCCESS,
        AnswerKind.ABORTED_AT_ECHO,
        AnswerKind.CLOSED_AT_ECHO,
        AnswerKind.NO_ECHO,
        AnswerKind.ECHO_STATUS,
        AnswerKind.CONTEXT_REFUSED,
    }
)
"""The association was accepted, whatever came later."""

REFUSED = frozenset(
    {
        AnswerKind.REJECTED_CALLED,
        AnswerKind.REJECTED_CALLING,
        AnswerKind.REJECTED_NO_REASON,
        AnswerKind.REJECTED,
    }
)
"""Rejected, and not because of a temporary limit."""

REJECTED_TRANSIENTLY = frozenset({AnswerKind.REJECTED_FOR_NOW, AnswerKind.REJECTED_UNEXPLAINED})
"""Rejected in a way that can pass without any change."""

DICOM = (
    ACCEPTED
    | REFUSED
    | {AnswerKind.REJECTED_APP_CONTEXT, AnswerKind.REJECTED_APP_CONTEXT_FOR_NOW}
    | {AnswerKind.ABORTED}
    | REJECTED_TRANSIENTLY
)
"""A DICOM application answered."""


UNANSWERED = frozenset(
    {AnswerKind.SILENT, AnswerKind.REQUEST_LOST, AnswerKind.LONG_REQUEST_LOST},
)
"""Nothing came within the timeout."""


def answer_of(stages: Sequence[StageResult]) -> AnswerKind:
    """Return the kind of answer in a finished run."""
    failed = next((stage for stage in stages if stage.status is Status.FAILED), None)
    if failed is None:
        return _passed(stages)
    if not failed.evidence:
        return AnswerKind.UNREACHED
    finding = failed.evidence[0]
    if finding.kind is EvidenceKind.TCP_FAILED:
        refused = all(each.data.get("errno") == errno.ECONNREFUSED for each in failed.evidence)
        return AnswerKind.TCP_REFUSED if refused else AnswerKind.UNREACHED
    if finding.kind is EvidenceKind.TLS_FAILED:
        return _TLS.get(TlsEnding(str(finding.data.get("ending", ""))), AnswerKind.UNREACHED)
    if failed.id.row.after_acceptance:
        return _AFTER_ACCEPTANCE.get(finding.kind, AnswerKind.UNREACHED)
    if finding.kind is EvidenceKind.ASSOCIATION_REJECTED:
        return _rejected(finding)
    if finding.kind is EvidenceKind.PEER_SILENT:
        return _silent(finding)
    if any(each.kind is EvidenceKind.TLS_CLIENT_CERTIFICATE for each in failed.evidence):
        return AnswerKind.CLOSED_TO_CERTIFICATE
    return _BEFORE_ACCEPTANCE.get(finding.kind, AnswerKind.UNREACHED)


def _silent(finding: Evidence) -> AnswerKind:
    if finding.data.get("acknowledged") is not False:
        return AnswerKind.SILENT
    return AnswerKind.LONG_REQUEST_LOST if is_long(finding) else AnswerKind.REQUEST_LOST


def _passed(stages: Sequence[StageResult]) -> AnswerKind:
    reached = {stage.id: stage.status for stage in stages}
    if reached.get(StageId.ECHO, Status.NOT_REACHED).is_success:
        return AnswerKind.SUCCESS
    if reached.get(StageId.TLS, Status.NOT_REACHED).is_success:
        return AnswerKind.TLS_DONE
    return AnswerKind.UNREACHED


def _rejected(finding: Evidence) -> AnswerKind:
    reason = RejectReason.of(finding.data["source"], finding.data["reason"])
    is_transient = finding.data["result"] == RejectResult.TRANSIENT
    if is_transient and reason is RejectReason.APPLICATION_CONTEXT:
        return AnswerKind.REJECTED_APP_CONTEXT_FOR_NOW
    if reason is not None and reason in _REJECTIONS:
        return _REJECTIONS[reason]
    if finding.data["result"] == RejectResult.PERMANENT and reason is RejectReason.NO_REASON:
        return AnswerKind.REJECTED_NO_REASON
    if not is_transient:
        return AnswerKind.REJECTED
    gives_none = reason in (RejectReason.NO_REASON, RejectReason.NO_REASON_OF_ACSE)
    return AnswerKind.REJECTED_UNEXPLAINED if gives_none else AnswerKind.REJECTED_FOR_NOW
