"""Families of DICOM software, recognized by their answer to a made-up application context.

All figures are measured. Every peer rejects such a request, and then closes the connection or
leaves it open. The family determines how far the reject reasons can be trusted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dcmecho.diagnosis.evidence import EvidenceKind, JsonValue
from dcmecho.diagnosis.product import Product
from dcmecho.diagnosis.stage import StageResult
from dcmecho.standard.refusals import ABOUT_AE_TITLES, RejectReason, RejectResult


class ProductFamily(NamedTuple):
    """Software that answers in the same way: in words, and the products that belong to it."""

    words: str
    products: frozenset[Product] = frozenset()
    refuses_leading_space: bool = False
    """Whether it rejects every called title with a leading space."""


_REFUSES_ALL = ProductFamily("rejects whatever it is asked, as DCMTK's servers do with --refuse")

_BY_ANSWER: Mapping[tuple[int, int, int, bool], ProductFamily] = {
    (2, 1, 2, True): ProductFamily(
        "answers like DCMTK's dcmqrscp or wlmscpfs: their reason 7 can mean the called title, the"
        " calling title, the address or its reverse DNS name",
        frozenset({Product.DCMTK}),
        refuses_leading_space=True,
    ),
    (2, 1, 2, False): ProductFamily(
        "answers like DCMTK's dcmrecv, which never checks titles", frozenset({Product.DCMTK})
    ),
    (1, 1, 2, False): ProductFamily(
        "answers like Orthanc or DCMTK's storescp: their reasons can be trusted, and they check the"
        " called title first",
        frozenset({Product.ORTHANC, Product.DCMTK}),
        refuses_leading_space=True,
    ),
    (1, 1, 2, True): ProductFamily(
        "answers like CTN or dcm4che: reason 7 of CTN means the called title; that of dcm4che also"
        " means a title that is not installed, or has no service on this port",
        frozenset({Product.DCM4CHEE_ARC}),
    ),
    (1, 1, 1, True): _REFUSES_ALL,
    (1, 1, 1, False): _REFUSES_ALL,
}
"""By result, source, reason, and whether a close followed."""

_IGNORES = ProductFamily(
    "ignores the application context, as pynetdicom, PixelMed and dcmjs do; their reasons can be"
    " trusted"
)
_TITLES_FIRST = ProductFamily(
    "looks at the titles before the application context, as CTN does, or ignores it, as pynetdicom,"
    " PixelMed and dcmjs do; their reasons can be trusted"
)
_UNKNOWN = ProductFamily("answers like no known software")


def family_of(stages: Sequence[StageResult]) -> ProductFamily:
    """Return the family that answers a made-up application context in this way."""
    for evidence in (evidence for stage in stages for evidence in stage.evidence):
        if evidence.kind is EvidenceKind.ASSOCIATION_ACCEPTED:
            return _IGNORES
        if evidence.kind is EvidenceKind.ASSOCIATION_REJECTED:
            return _rejecting(evidence.data)
    return _UNKNOWN


def _rejecting(data: Mapping[str, JsonValue]) -> ProductFamily:
    numbers = (data["result"], data["source"], data["reason"])
    reason = RejectReason.of(data["source"], data["reason"])
    if data["result"] == RejectResult.PERMANENT and reason in ABOUT_AE_TITLES:
        return _TITLES_FIRST
    closed = bool(data.get("closed_after"))
    known = (family for answer, family in _BY_ANSWER.items() if answer == (*numbers, closed))
    return next(known, _UNKNOWN)
