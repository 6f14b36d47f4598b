"""The causes of a failure at any command, where only an observer's evidence is known. No I/O.

C-ECHO has its own rules (``causes.reasoning``); what differs for other commands is here.
"""

from __future__ import annotations

from collections.abc import Mapping

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.observed.association import C_ECHO

AnyCauseId = CauseId | FindingId
AnySuspects = tuple[tuple[AnyCauseId, Confidence], ...]

_PROVEN, _LIKELY, _POSSIBLE = Confidence.PROVEN, Confidence.LIKELY, Confidence.POSSIBLE

C_STORE, C_FIND, C_MOVE, C_GET = "C-STORE", "C-FIND", "C-MOVE", "C-GET"
NOT_SUPPORTED, NOT_AUTHORIZED, PROCESSING_FAILURE = 0x0122, 0x0124, 0x0110
DESTINATION_UNKNOWN, SUB_OPERATIONS, SOME_FAILED = 0xA801, 0xA702, 0xB000

BROKEN_OFF: Mapping[str, tuple[AnyCauseId, ...]] = {
    C_ECHO: (CauseId.AUTH_PER_COMMAND, CauseId.ECHO_ABORTED, CauseId.ECHO_CLOSED),
    C_STORE: (
        FindingId.STORE_BROKEN_OFF,
        FindingId.STORE_NOT_AUTHORISED,
        CauseId.AUTH_PER_COMMAND,
    ),
    C_FIND: (
        FindingId.QUERY_NOT_AUTHORISED,
        FindingId.QUERY_CRASHED,
        CauseId.AUTH_PER_COMMAND,
    ),
    C_MOVE: (
        FindingId.MOVE_NOT_AUTHORISED,
        FindingId.MOVE_CRASHED,
        CauseId.AUTH_PER_COMMAND,
    ),
}
"""By command what an abort or a closed connection after acceptance can mean."""

BROKEN_OFF_UNKNOWN: tuple[AnyCauseId, ...] = (
    CauseId.AUTH_PER_COMMAND,
    CauseId.ECHO_ABORTED,
    FindingId.STORE_BROKEN_OFF,
    FindingId.QUERY_NOT_AUTHORISED,
    CauseId.ECHO_CLOSED,
    CauseId.ASSOC_ABORTED,
)

NO_ANSWER: Mapping[str, AnyCauseId] = {
    C_ECHO: CauseId.ECHO_NO_ANSWER,
    C_STORE: FindingId.STORE_NO_ANSWER,
    C_FIND: FindingId.QUERY_NO_ANSWER,
    C_MOVE: FindingId.MOVE_NO_ANSWER,
}

NOT_OFFERED: Mapping[str, tuple[AnyCauseId, ...]] = {
    C_STORE: (
        FindingId.STORE_NOT_OFFERED,
        FindingId.OBJECT_SOP_CLASS_REFUSED,
        FindingId.OBJECT_NO_SYNTAX_TAKEN,
        CauseId.CONTEXT_REFUSED,
        CauseId.CONTEXT_SOP_CLASS_REFUSED,
    ),
    C_FIND: (FindingId.QUERY_NOT_OFFERED, CauseId.CONTEXT_SOP_CLASS_REFUSED),
    C_MOVE: (FindingId.MOVE_NOT_OFFERED, CauseId.CONTEXT_SOP_CLASS_REFUSED),
    C_ECHO: (
        CauseId.CONTEXT_SOP_CLASS_REFUSED,
        CauseId.CONTEXT_REFUSED,
        CauseId.CONTEXT_TRANSFER_SYNTAX_REFUSED,
    ),
}
NOT_OFFERED_UNKNOWN: tuple[AnyCauseId, ...] = (
    CauseId.CONTEXT_SOP_CLASS_REFUSED,
    CauseId.CONTEXT_REFUSED,
    CauseId.CONTEXT_TRANSFER_SYNTAX_REFUSED,
    FindingId.STORE_NOT_OFFERED,
    FindingId.QUERY_NOT_OFFERED,
    FindingId.OBJECT_SOP_CLASS_REFUSED,
    FindingId.MOVE_NOT_OFFERED,
)


def after_acceptance(kind: EvidenceKind, service: str) -> AnySuspects:
    """Return what a failure after acceptance can mean, the most likely first; often nothing."""
    command = C_MOVE if service == C_GET else service
    match kind:
        case EvidenceKind.PEER_SILENT:
            return likely(NO_ANSWER.get(command, CauseId.ECHO_NO_ANSWER))
        case EvidenceKind.CONTEXT_REFUSED:
            return likely(*NOT_OFFERED.get(command, NOT_OFFERED_UNKNOWN))
        case EvidenceKind.ASSOCIATION_ABORTED:
            return likely(*BROKEN_OFF.get(command, BROKEN_OFF_UNKNOWN))
        case EvidenceKind.PEER_CLOSED | EvidenceKind.PEER_RESET:
            found = BROKEN_OFF.get(command, BROKEN_OFF_UNKNOWN)
            first = (CauseId.ECHO_CLOSED,) if CauseId.ECHO_CLOSED in found else ()
            return likely(*first, *found)
        case _:
            return ()


def by_status(service: str, status: int) -> AnySuspects:
    """Return what the status of an answer means."""
    match service:
        case "C-STORE":
            return _stored(status)
        case "C-FIND":
            return _found(status)
        case "C-MOVE" | "C-GET":
            return _moved(status)
        case _:
            return proven(CauseId.ECHO_STATUS)


def _stored(status: int) -> AnySuspects:
    if status == NOT_SUPPORTED:
        return likely(FindingId.OBJECT_SOP_CLASS_REFUSED, FindingId.STORE_STATUS)
    if status == NOT_AUTHORIZED:
        return proven(FindingId.STORE_NOT_AUTHORISED)
    if status >> 8 == 0xA7:
        return likely(FindingId.STORE_OUT_OF_RESOURCES, FindingId.STORE_STATUS)
    if status >> 12 == 0xC or status >> 8 == 0xA9:
        return likely(FindingId.STORE_NOT_UNDERSTOOD, FindingId.STORE_STATUS)
    return proven(FindingId.STORE_STATUS)


def _found(status: int) -> AnySuspects:
    if status == NOT_SUPPORTED:
        return likely(FindingId.QUERY_NOT_OFFERED, FindingId.QUERY_STATUS)
    if status == NOT_AUTHORIZED:
        return likely(FindingId.QUERY_NOT_AUTHORISED, FindingId.QUERY_STATUS)
    return likely(FindingId.QUERY_STATUS)


def _moved(status: int) -> AnySuspects:
    if status == DESTINATION_UNKNOWN:
        # pynetdicom's qrscp answers so too where it knows the destination and cannot reach it.
        return likely(
            FindingId.MOVE_DESTINATION_UNKNOWN,
            FindingId.MOVE_NOT_REACHED,
            FindingId.MOVE_NOT_AUTHORISED,
        )
    if status == NOT_SUPPORTED:
        return likely(FindingId.MOVE_NOT_OFFERED, FindingId.MOVE_STATUS)
    if status == NOT_AUTHORIZED:
        return likely(FindingId.MOVE_NOT_AUTHORISED, FindingId.MOVE_STATUS)
    if status in (SUB_OPERATIONS, SOME_FAILED):
        return likely(
            FindingId.MOVE_NOT_STORED, FindingId.MOVE_CANNOT_SEND, FindingId.MOVE_NOT_REACHED
        )
    if status >> 8 == 0xA7:
        return likely(FindingId.MOVE_STATUS, FindingId.MOVE_CANNOT_SEND, FindingId.MOVE_NOT_REACHED)
    if status == 0xC000:
        return likely(
            FindingId.MOVE_STATUS,
            FindingId.MOVE_DESTINATION_UNKNOWN,
            FindingId.MOVE_NOT_REACHED,
            FindingId.MOVE_CANNOT_SEND,
        )
    return likely(FindingId.MOVE_STATUS)


def likely(*causes: AnyCauseId) -> AnySuspects:
    """Return causes of which none is proven: the first is likely."""
    return tuple(
        (cause, _POSSIBLE if place else _LIKELY)
        for place, cause in enumerate(dict.fromkeys(causes))
    )


def proven(cause: AnyCauseId, *others: AnyCauseId) -> AnySuspects:
    """Return a cause that is proven, and what may be behind it."""
    return ((cause, _PROVEN), *((each, _POSSIBLE) for each in others))
