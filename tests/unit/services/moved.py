"""Evidence of a C-MOVE to this machine, made without a network."""

from __future__ import annotations

from dataclasses import replace

from dcmecho.diagnosis.listen.calls import AssociationRequest, Call, RequestedContext, Uid
from dcmecho.diagnosis.move.counts import SubOperations
from dcmecho.diagnosis.move.model import (
    MoveAnswer,
    MoveEvidence,
    MoveRequest,
)
from dcmecho.diagnosis.network.association import Abort, Answer, Ending
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.sanitize import PeerText
from tests.unit.listen.calling import IMPLICIT, PEER, call, request

OURS = Address("192.168.1.20", 11112)
SECONDARY_CAPTURE = Uid("1.2.840.10008.5.1.4.1.1.7", "Secondary Capture Image Storage")

NOTHING = MoveEvidence(
    MoveRequest("1.2.826.0.1", (OURS,)),
    "MY_WORKSTATION",
    "Main PACS",
    "TARGET_PACS",
    frozenset({PEER}),
    (OURS,),
    context_result=0,
    over=True,
)
"""The C-MOVE was sent, and there it ends."""


def answered(status: int, *, comment: str = "", **counts: int) -> MoveAnswer:
    return MoveAnswer(
        Answer(Ending.ANSWERED, 10.0, 5.0),
        status,
        "words",
        PeerText(comment),
        SubOperations(**counts),
    )


def ended(ending: Ending) -> MoveAnswer:
    abort = Abort(0, 0, "by service user") if ending is Ending.ABORTED else None
    return MoveAnswer(Answer(ending, 10.0, 5.0, abort=abort))


def storing(called: str = "MY_WORKSTATION", calling: str = "TARGET_PACS") -> AssociationRequest:
    """Make the request of an archive that wants to store."""
    contexts = (RequestedContext(1, SECONDARY_CAPTURE, (IMPLICIT,)),)
    return replace(request(called, calling), contexts=contexts)


def came(
    sent: AssociationRequest | None = None,
    *,
    source: str = PEER,
    port: int = 11112,
    stored: int = 0,
) -> Call:
    made = call(sent or storing(), source=source, port=port, services=())
    return replace(made, stored_objects=stored)


FAILED_TWICE = answered(0xA702, completed=0, failed=2)
REACHED = replace(NOTHING, answer=FAILED_TWICE, calls=(came(),))
WRONG_PORT = replace(NOTHING, answer=FAILED_TWICE, calls=(came(port=104),))
