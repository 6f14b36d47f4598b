"""Families of DICOM software, told by how they answer a nonsense application context.

Measured: a rejection that every peer gives, also one that rejects everyone, and with it the
connection is closed or left open. The family says how far its reject reasons can be trusted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from dcmecho.diagnosis.model import EvidenceKind, JsonValue, StageResult


class Trust(Enum):
    """How far the reject reason of a family can be taken at its word."""

    LITERAL = auto()
    AMBIGUOUS = auto()
    NO_TITLES = auto()
    """It never looks at titles."""
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Family:
    """A family of software, in words for the person, and what its reasons are worth."""

    words: str
    trust: Trust


_BY_ANSWER: Mapping[tuple[int, int, int, bool], Family] = {
    (2, 1, 2, True): Family(
        "answers like DCMTK's dcmqrscp or wlmscpfs: there, reason 7 can mean the called title, the"
        " calling title, the address or its reverse name",
        Trust.AMBIGUOUS,
    ),
    (2, 1, 2, False): Family(
        "answers like DCMTK's dcmrecv, which never looks at titles", Trust.NO_TITLES
    ),
    (1, 1, 2, False): Family(
        "answers like Orthanc or DCMTK's storescp: their reasons mean what they say, and the called"
        " title is looked at first",
        Trust.LITERAL,
    ),
    (1, 1, 2, True): Family("answers like CTN: its reason 7 means the called title", Trust.LITERAL),
}
"""By result, source, reason, and whether a close followed."""

_IGNORES = Family(
    "ignores the application context, as pynetdicom, PixelMed and dcmjs do; with those the reason"
    " means what it says",
    Trust.LITERAL,
)
_ABOUT_TITLES = ((1, 1, 3), (1, 1, 7))
_UNKNOWN = Family("answers like no family that is known", Trust.UNKNOWN)


def family_of(stages: Sequence[StageResult]) -> Family:
    """The family that answers a nonsense application context so."""
    for evidence in (evidence for stage in stages for evidence in stage.evidence):
        if evidence.kind is EvidenceKind.ASSOCIATION_ACCEPTED:
            return _IGNORES
        if evidence.kind is EvidenceKind.ASSOCIATION_REJECTED:
            return _rejecting(evidence.data)
    return _UNKNOWN


def _rejecting(data: Mapping[str, JsonValue]) -> Family:
    numbers = (data["result"], data["source"], data["reason"])
    if numbers in _ABOUT_TITLES:
        return _IGNORES
    closed = bool(data.get("closed_after"))
    known = (family for answer, family in _BY_ANSWER.items() if answer == (*numbers, closed))
    return next(known, _UNKNOWN)
