"""The PDUs that the practice peers send (PS3.8 9.3, PS3.7 9.3.5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dcmecho.dicom.pdu import build
from dcmecho.dicom.pdu.build import (
    RELEASE_RP,
    abort,
    associate_rj,
    echo_rsp,
    item,
    pdu,
)
from dcmecho.standard.context_results import ContextResult
from dcmecho.standard.pdu_types import PduType
from dcmecho.standard.uids import IMPLICIT_VR_LITTLE_ENDIAN

__all__ = [
    "RELEASE_RP",
    "ContextResult",
    "LabContextAnswer",
    "PduType",
    "abort",
    "associate_ac",
    "associate_rj",
    "echo_rsp",
    "item",
    "pdu",
]

IMPLEMENTATION_CLASS_UID = "2.25.236093705432300330315597158338954359840"
IMPLEMENTATION_VERSION = "DCMECHO_LAB"
MAX_PDU_BYTES = 16384

_IMPLEMENTATION = build.Implementation(
    IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION, MAX_PDU_BYTES
)


@dataclass(frozen=True, slots=True)
class LabContextAnswer:
    """The answer to one presentation context in an A-ASSOCIATE-AC (PS3.8 9.3.3.2).

    Only what a peer sends: the diagnosis's ``ContextAnswer`` also names what it received.
    """

    context_id: int
    result: ContextResult
    transfer_syntax: str = IMPLICIT_VR_LITTLE_ENDIAN


def associate_ac(titles: bytes, answers: Iterable[LabContextAnswer]) -> bytes:
    """A-ASSOCIATE-AC (PS3.8 9.3.3); ``titles`` are bytes 11 to 74 of the request, sent back."""
    contexts = (
        build.context_answer(answer.context_id, answer.result, answer.transfer_syntax)
        for answer in answers
    )
    return build.associate_ac(titles, contexts, _IMPLEMENTATION)
