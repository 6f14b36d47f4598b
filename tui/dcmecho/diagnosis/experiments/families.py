"""Families of DICOM software, told by how they answer a nonsense application context.

Measured: a rejection that every peer gives, also one that rejects everyone, and with it the
connection is closed or left open. The family says how far its reject reasons can be trusted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dcmecho.diagnosis.evidence import EvidenceKind, JsonValue
from dcmecho.diagnosis.stage import StageResult
from dcmecho.standard.refusals import ABOUT_AE_TITLES, RejectReason, RejectResult

_BY_ANSWER: Mapping[tuple[int, int, int, bool], str] = {
    (2, 1, 2, True): (
        "answers like DCMTK's dcmqrscp or wlmscpfs: there, reason 7 can mean the called title, the"
        " calling title, the address or its reverse name"
    ),
    (2, 1, 2, False): ("answers like DCMTK's dcmrecv, which never looks at titles"),
    (1, 1, 2, False): (
        "answers like Orthanc or DCMTK's storescp: their reasons mean what they say, and the called"
        " title is looked at first"
    ),
    (1, 1, 2, True): ("answers like CTN: its reason 7 means the called title"),
}
"""By result, source, reason, and whether a close followed."""

_IGNORES = (
    "ignores the application context, as pynetdicom, PixelMed and dcmjs do; with those the reason"
    " means what it says"
)
_UNKNOWN = "answers like no family that is known"


def family_of(stages: Sequence[StageResult]) -> str:
    """The family that answers a nonsense application context so, in words for the person."""
    for evidence in (evidence for stage in stages for evidence in stage.evidence):
        if evidence.kind is EvidenceKind.ASSOCIATION_ACCEPTED:
            return _IGNORES
        if evidence.kind is EvidenceKind.ASSOCIATION_REJECTED:
            return _rejecting(evidence.data)
    return _UNKNOWN


def _rejecting(data: Mapping[str, JsonValue]) -> str:
    numbers = (data["result"], data["source"], data["reason"])
    reason = RejectReason.of(data["source"], data["reason"])
    if data["result"] == RejectResult.PERMANENT and reason in ABOUT_AE_TITLES:
        return _IGNORES
    closed = bool(data.get("closed_after"))
    known = (family for answer, family in _BY_ANSWER.items() if answer == (*numbers, closed))
    return next(known, _UNKNOWN)
