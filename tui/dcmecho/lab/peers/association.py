"""Peers that reject the association, or refuse Verification."""

from __future__ import annotations

from dcmecho.diagnosis.cause import CauseId
from dcmecho.lab.behaviour import (
    Application,
    AwaitPdu,
    Script,
    abort,
    reject,
)
from dcmecho.lab.pdu import ContextResult
from dcmecho.lab.peer import Group, LabPeer

ASSOCIATION = (
    LabPeer(
        id="congestion",
        port=11121,
        group=Group.ASSOCIATION,
        name="Temporary congestion",
        story="An archive that is overloaded and rejects with 2/3/1",
        behaviour=Script((AwaitPdu(), *reject(2, 3, 1))),
        causes=(CauseId.ASSOC_CONGESTION,),
    ),
    LabPeer(
        id="limit",
        port=11122,
        group=Group.ASSOCIATION,
        name="Too many associations",
        story="An archive that has as many associations as it allows, and rejects with 2/3/2",
        behaviour=Script((AwaitPdu(), *reject(2, 3, 2))),
        causes=(CauseId.ASSOC_LIMIT,),
    ),
    LabPeer(
        id="limit-as-version",
        port=11148,
        group=Group.ASSOCIATION,
        name="Too many, called a version",
        story=(
            "Like older dcm4che at its limit of associations: rejects with 2/2/2, which reads as a "
            "wrong protocol version"
        ),
        behaviour=Script((AwaitPdu(), *reject(2, 2, 2))),
        causes=(CauseId.ASSOC_LIMIT, CauseId.ASSOC_PROTOCOL_VERSION),
    ),
    LabPeer(
        id="identity-required",
        port=11149,
        group=Group.ASSOCIATION,
        name="Requires a user identity",
        story=(
            "Like an archive on pynetdicom that demands a user name: rejects with 2/2/1, which "
            "does not mention users"
        ),
        behaviour=Script((AwaitPdu(), *reject(2, 2, 1))),
        causes=(CauseId.AUTH_IDENTITY_REQUIRED, CauseId.ASSOC_REJECTED),
    ),
    LabPeer(
        id="unlisted-rejection",
        port=11123,
        group=Group.ASSOCIATION,
        name="Rejection outside the standard",
        story="A film printer that rejects with 1/3/56, a code outside the standard",
        behaviour=Script((AwaitPdu(), *reject(1, 3, 56))),
        causes=(CauseId.ASSOC_REJECTED,),
    ),
    LabPeer(
        id="application-context",
        port=11124,
        group=Group.ASSOCIATION,
        name="Application context refused",
        story="A server that rejects the DICOM application context with 1/1/2",
        behaviour=Script((AwaitPdu(), *reject(1, 1, 2))),
        causes=(CauseId.ASSOC_APP_CONTEXT,),
    ),
    LabPeer(
        id="protocol-version",
        port=11125,
        group=Group.ASSOCIATION,
        name="Protocol version refused",
        story="A server that rejects protocol version 1 with 1/2/2",
        behaviour=Script((AwaitPdu(), *reject(1, 2, 2))),
        causes=(CauseId.ASSOC_PROTOCOL_VERSION,),
    ),
    LabPeer(
        id="aborts-request",
        port=11126,
        group=Group.ASSOCIATION,
        name="Aborts the request",
        story="A server that answers the association request with A-ABORT",
        behaviour=Script((AwaitPdu(), *abort(0, 0))),
        causes=(CauseId.ASSOC_ABORTED,),
    ),
    LabPeer(
        id="verification-refused",
        port=11127,
        group=Group.ASSOCIATION,
        name="Verification not supported",
        story="A printer that accepts the association but does not know the Verification SOP class",
        behaviour=Application(verification=ContextResult.ABSTRACT_SYNTAX_NOT_SUPPORTED),
        causes=(CauseId.CONTEXT_SOP_CLASS_REFUSED,),
    ),
    LabPeer(
        id="rejects-verification",
        port=11150,
        group=Group.ASSOCIATION,
        name="Verification rejected",
        story=(
            "Like DCMTK's dcmrecv without Verification: rejects the association with 1/1/1, as it "
            "accepts none of its services"
        ),
        behaviour=Application(
            on_other_application_context=reject(2, 1, 2),
            verification=ContextResult.ABSTRACT_SYNTAX_NOT_SUPPORTED,
            when_none_accepted=reject(1, 1, 1),
        ),
        causes=(CauseId.CONTEXT_REFUSED, CauseId.ASSOC_REJECTED),
    ),
    LabPeer(
        id="transfer-syntax-refused",
        port=11128,
        group=Group.ASSOCIATION,
        name="Transfer syntax not supported",
        story="A server that supports Verification, but none of the offered transfer syntaxes",
        behaviour=Application(verification=ContextResult.TRANSFER_SYNTAXES_NOT_SUPPORTED),
        causes=(CauseId.CONTEXT_TRANSFER_SYNTAX_REFUSED,),
    ),
    LabPeer(
        id="context-refused",
        port=11129,
        group=Group.ASSOCIATION,
        name="Verification refused",
        story="An archive that refuses Verification to this caller (context result 1)",
        behaviour=Application(verification=ContextResult.USER_REJECTION),
        causes=(CauseId.CONTEXT_REFUSED,),
    ),
)
