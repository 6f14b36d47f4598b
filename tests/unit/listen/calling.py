"""Calls as a listener reports them, for the tests of their judgement."""

from __future__ import annotations

from datetime import UTC, datetime

from dcmecho.diagnosis.listen.calls import (
    Accepted,
    AeTitle,
    Answer,
    AnsweredCommand,
    AssociationRequest,
    Call,
    CallEnding,
    RequestedContext,
    Uid,
)
from dcmecho.diagnosis.network.association import ContextAnswer
from dcmecho.diagnosis.network.connection import Address

PEER = "192.168.1.50"
AT = datetime(2026, 11, 23, 10, 32, 5, tzinfo=UTC)
VERIFICATION = Uid("1.2.840.10008.1.1", "Verification SOP Class")
IMPLICIT = Uid("1.2.840.10008.1.2", "Implicit VR Little Endian")
TAKEN = Accepted((ContextAnswer(1, VERIFICATION.value, 0, IMPLICIT.value, IMPLICIT.name),))
REFUSED = Accepted((ContextAnswer(1, "1.2.3", 3, IMPLICIT.value),))
ECHO = AnsweredCommand("C-ECHO-RQ", 0x0000)


def request(called: str | bytes = "MY_WORKSTATION", calling: str = "CT2") -> AssociationRequest:
    """Make the request of a caller that verifies."""
    title = AeTitle(called.ljust(16)) if isinstance(called, bytes) else AeTitle.of(called)
    contexts = (RequestedContext(1, VERIFICATION, (IMPLICIT,)),)
    application_context = Uid("1.2.840.10008.3.1.1.1", "DICOM Application Context Name")
    return AssociationRequest(210, 1, title, AeTitle.of(calling), application_context, contexts)


def call(
    sent: AssociationRequest | None = None,
    answer: Answer | None = TAKEN,
    *,
    number: int = 1,
    source: str = PEER,
    port: int = 11112,
    services: tuple[AnsweredCommand, ...] = (ECHO,),
    ending: CallEnding | None = CallEnding.RELEASED,
) -> Call:
    """Make a successful call, unless the arguments say otherwise."""
    return Call(
        number,
        AT,
        Address(source, 53412),
        Address("192.168.1.20", port),
        sent or request(),
        answer,
        services,
        ending=ending,
    )


def bare_call(ending: CallEnding | None, number: int = 1, remark: str = "") -> Call:
    """Make a connection that never sent a request."""
    source, ours = Address(PEER, 53412), Address("192.168.1.20", 11112)
    return Call(number, AT, source, ours, ending=ending, remark=remark)
