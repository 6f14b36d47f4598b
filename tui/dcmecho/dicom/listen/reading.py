"""Reads an inbound A-ASSOCIATE-RQ from its bytes, as leniently as possible.

Uses the raw bytes, because pynetdicom drops a request whose titles break the standard before it
reports any event (https://github.com/pydicom/pynetdicom/issues/921).
"""

from __future__ import annotations

from dcmecho.diagnosis.listen.calls import (
    AeTitle,
    AssociationRequest,
    AsynchronousWindow,
    NonDicomCaller,
    RequestedContext,
    Role,
    Uid,
    UserIdentity,
    UserInformation,
)
from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.dicom.pdu.framing import PduFault
from dcmecho.dicom.pdu.read import Associate, read_associate
from dcmecho.dicom.pdu.uid_names import read_uid, uid_name

_IDENTITIES = {
    1: UserIdentity.USERNAME,
    2: UserIdentity.USERNAME_AND_PASSCODE,
    3: UserIdentity.KERBEROS,
    4: UserIdentity.SAML,
    5: UserIdentity.JWT,
}
"""User identity types (PS3.7 D.3.3.7.1)."""

_BEGINNINGS: tuple[tuple[bytes, NonDicomCaller], ...] = (
    (b"\x16\x03", NonDicomCaller.TLS),
    (b"GET ", NonDicomCaller.HTTP),
    (b"HEAD ", NonDicomCaller.HTTP),
    (b"POST ", NonDicomCaller.HTTP),
    (b"OPTIONS ", NonDicomCaller.HTTP),
    (b"PRI * HTTP", NonDicomCaller.HTTP),
    (b"SSH-", NonDicomCaller.SSH),
    (b"\x0bMSH", NonDicomCaller.HL7),
    (b"\x03\x00\x00", NonDicomCaller.REMOTE_DESKTOP),
)


def identify_caller(data: bytes) -> NonDicomCaller:
    """Return the protocol of a caller whose first bytes do not begin a DICOM PDU."""
    return next(
        (who for start, who in _BEGINNINGS if data.startswith(start)), NonDicomCaller.UNKNOWN
    )


def read_request(pdu: bytes) -> AssociationRequest:
    """Read the A-ASSOCIATE-RQ ``pdu``, including its header. Never raises."""
    try:
        associate = read_associate(pdu)
        user = _user_information(associate)
    except PduFault as fault:
        return AssociationRequest(
            pdu_bytes=len(pdu),
            protocol_version=int.from_bytes(pdu[6:8], "big"),
            called_ae=AeTitle(pdu[10:26]),
            calling_ae=AeTitle(pdu[26:42]),
            fault=str(fault),
        )
    return AssociationRequest(
        pdu_bytes=len(pdu),
        protocol_version=associate.protocol_version,
        called_ae=AeTitle(associate.called_ae),
        calling_ae=AeTitle(associate.calling_ae),
        application_context=_uid(associate.application_context),
        contexts=tuple(
            RequestedContext(
                context.context_id,
                _uid(context.abstract_syntax),
                tuple(map(_uid, context.transfer_syntaxes)),
            )
            for context in associate.proposed
        ),
        user=user,
    )


def _user_information(associate: Associate) -> UserInformation:
    roles: list[Role] = []
    extended: list[Uid] = []
    window, identity = None, None
    for item in associate.user_items:
        match item.kind:
            case 0x53 if len(item.data) >= 4:
                window = AsynchronousWindow(
                    int.from_bytes(item.data[:2], "big"), int.from_bytes(item.data[2:4], "big")
                )
            case 0x54:
                roles.append(_role(item.data))
            case 0x56 | 0x57:
                extended.append(_uid(read_uid(_leading_uid(item.data))))
            case 0x58 if item.data:
                identity = _IDENTITIES.get(item.data[0], UserIdentity.OTHER)
    return UserInformation(
        max_pdu_bytes=associate.max_pdu_bytes,
        implementation_class_uid=associate.implementation_class_uid,
        implementation_version=PeerText(associate.implementation_version.strip(b" \0")),
        asynchronous=window,
        roles=tuple(roles),
        extended=tuple(extended),
        user_identity=identity,
    )


def _role(data: bytes) -> Role:
    uid = _leading_uid(data)
    offered = data[2 + len(uid) :]
    return Role(_uid(read_uid(uid)), offered[:1] == b"\1", offered[1:2] == b"\1")


def _leading_uid(data: bytes) -> bytes:
    """Return the UID that follows its two bytes of length (PS3.7 D.3.3.4.1)."""
    return data[2 : 2 + int.from_bytes(data[:2], "big")]


def _uid(value: str) -> Uid:
    return Uid(value, uid_name(value))
