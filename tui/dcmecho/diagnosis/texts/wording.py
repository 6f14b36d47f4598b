"""The words for a failure that a text tells of."""

from __future__ import annotations

from collections.abc import Mapping

from dcmecho.diagnosis.evidence import EvidenceKind, JsonValue
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.texts.judging import Judged
from dcmecho.standard.refusals import rejection_words


def title_of(judged: Judged) -> str:
    """Return the failure in a few words, as the verdict has it."""
    data = judged.data
    if judged.kind is EvidenceKind.ASSOCIATION_REJECTED:
        return _rejection(data)
    if judged.status is not None:
        return f"{judged.service or 'the command'} answered with 0x{judged.status:04X}"
    if judged.kind is EvidenceKind.PEER_SILENT:
        if judged.stage is StageId.RELEASE:
            return "no answer to the release request"
        return "no answer" + _WHEN[judged.stage.row.after_acceptance]
    if judged.kind is EvidenceKind.ASSOCIATION_ABORTED and "source" in data:
        return f"aborted by the other side ({data['source']}/{data.get('reason', 0)})"
    return _WORDS_BY_KIND.get(judged.kind, "failed") + (
        " of a request" if judged.kind is EvidenceKind.PEER_ODD else ""
    )


_WHEN = {True: " to the command", False: " to the association request"}
_WORDS_BY_KIND: Mapping[EvidenceKind, str] = {
    EvidenceKind.PROFILE_INVALID: "a wrong value or file on the caller's side",
    EvidenceKind.NAME_FAILED: "no address for the name",
    EvidenceKind.TCP_FAILED: "no TCP connection",
    EvidenceKind.TLS_FAILED: "the TLS handshake failed",
    EvidenceKind.ASSOCIATION_ABORTED: "the association was aborted, or its connection closed",
    EvidenceKind.PEER_CLOSED: "the connection was closed",
    EvidenceKind.PEER_RESET: "the connection was reset",
    EvidenceKind.PEER_BYTES: "what came is not DICOM",
    EvidenceKind.PEER_MALFORMED: "what came is malformed",
    EvidenceKind.CONTEXT_REFUSED: "no presentation context was accepted",
    EvidenceKind.ECHO_RESPONSE: "the command was answered with a failure",
    EvidenceKind.SLOW: "the answer took seconds",
    EvidenceKind.RELEASE_MISSING: "no answer to the release request",
    EvidenceKind.PEER_ODD: "failure",
}


def _rejection(data: Mapping[str, JsonValue]) -> str:
    source, reason = data.get("source"), data.get("reason")
    if not (isinstance(source, int) and isinstance(reason, int)):
        return "the association was rejected"
    result = data.get("result")
    triple = f"{result}/{source}/{reason}: " if isinstance(result, int) else ""
    return f"rejected {triple}{rejection_words(source, reason)}"
