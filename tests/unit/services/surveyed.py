"""Results of surveys, made without a network."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from dcmecho.diagnosis.services.catalogue import SopClass, Syntax, catalogue
from dcmecho.diagnosis.services.model import ContextReply, Matrix, ServicesResult
from dcmecho.diagnosis.survey.contexts import ContextQuestion, row
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.pdu.uid_names import uid_name
from dcmecho.lab.offers import PRINTING
from dcmecho.standard.uids import EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN

STARTED = datetime(2026, 11, 23, 10, 32, 5, 118000, UTC)
TARGET = Target("192.0.2.1", 104, "TARGET_PACS", "MY_WORKSTATION")

Answer = Callable[[SopClass, Syntax], ContextReply]


def uncompressed_only(sop_class: SopClass, syntax: Syntax) -> ContextReply:
    """Answer like an archive that accepts nothing compressed, and is no RIS and no printer."""
    if sop_class.short in ("Modality Worklist", "MPPS") or sop_class.uid in PRINTING:
        return ContextReply.ABSTRACT_SYNTAX
    plain = (IMPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN)
    return ContextReply.ACCEPTED if syntax.uid in plain else ContextReply.TRANSFER_SYNTAX


def matrix(answer: Answer) -> Matrix:
    """Return the whole matrix of a peer that answers so."""
    known = {
        ContextQuestion(sop_class.uid, syntax.uid): answer(sop_class, syntax)
        for sop_class in catalogue().sop_classes
        for syntax in sop_class.syntaxes
    }
    return Matrix(
        rows=tuple(row(each, uid_name(each.uid), known) for each in catalogue().sop_classes),
        names=tuple(uid_name(syntax.uid) for syntax in catalogue().syntaxes),
        syntaxes=catalogue().syntaxes,
    )


def surveyed(answer: Answer = uncompressed_only) -> ServicesResult:
    """Return a finished survey of the matrix."""
    return ServicesResult("run-s", STARTED, 5310.0, associations=4, matrix=matrix(answer))
