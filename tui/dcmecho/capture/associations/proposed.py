"""Which services a client asks for, by the SOP classes that it proposes."""

from __future__ import annotations

import re

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.observed.service_reasoning import (
    C_FIND,
    C_GET,
    C_MOVE,
    C_STORE,
    NOT_OFFERED,
    NOT_OFFERED_UNKNOWN,
    AnyCauseId,
)
from dcmecho.dicom.pdu.read import Associate
from dcmecho.standard.uids import MODALITY_WORKLIST_FIND, is_storage

_QUERY = re.compile(r"1\.2\.840\.10008\.5\.1\.4\.1\.2\.[1-3]\.([1-3])")
"""Patient root, study root and patient/study only, each with FIND, MOVE and GET (PS3.4 C.6)."""
_BY_LAST = {"1": C_FIND, "2": C_MOVE, "3": C_GET}


def services(request: Associate) -> tuple[str, ...]:
    """Return the commands that a request is for, without C-ECHO; each once."""
    found = (_service(each.abstract_syntax) for each in request.proposed)
    return tuple(dict.fromkeys(filter(None, found)))


def not_offered(request: Associate) -> tuple[AnyCauseId, ...]:
    """Return what it can mean that none of its contexts is accepted, the most likely first."""
    asked = services(request)
    if len(asked) == 1:
        return NOT_OFFERED.get(asked[0], NOT_OFFERED_UNKNOWN)
    firsts = [NOT_OFFERED[each][0] for each in asked if each in NOT_OFFERED]
    return (*firsts, CauseId.CONTEXT_SOP_CLASS_REFUSED) if firsts else NOT_OFFERED_UNKNOWN


def _service(sop_class: str) -> str:
    if is_storage(sop_class):
        return C_STORE
    if sop_class == MODALITY_WORKLIST_FIND:
        return C_FIND
    query = _QUERY.fullmatch(sop_class)
    return _BY_LAST[query[1]] if query else ""
