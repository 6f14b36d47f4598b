"""A practice archive that calls back: the C-STORE sub-operations of a C-MOVE (PS3.4 C.4.2.3.1)."""

from __future__ import annotations

import asyncio
import socket
import struct

from dcmecho.dicom.pdu.build import item
from dcmecho.dicom.pdu.framing import PduFault
from dcmecho.dicom.pdu.read import Associate, Data, Pdu
from dcmecho.lab import pdu, requests
from dcmecho.lab.behaviour import CallBack
from dcmecho.lab.connection import LabConnection
from dcmecho.lab.pdu import PduType
from dcmecho.lab.requests import Counts, LabRequest
from dcmecho.standard.statuses import SUCCESS
from dcmecho.standard.uids import (
    APPLICATION_CONTEXT,
    IMPLICIT_VR_LITTLE_ENDIAN,
    SECONDARY_CAPTURE_IMAGE_STORAGE,
)

_STUDY = "2.25.104617300423718530236191104817262390812"
CONTEXT_ID = 1
"""The id of the only presentation context proposed."""
_DEADLINE_S = 5.0
_PENDING = 0xFF00


async def call_back(
    how: CallBack, calling_ae: str, request: LabRequest, ours: LabConnection
) -> None:
    """Send the objects to the registered destination, and answer on ``ours``."""
    stored = 0
    await ours.send(requests.response(request, _PENDING, Counts(remaining=how.objects)))
    try:
        async with asyncio.timeout(_DEADLINE_S):
            stored = await _store(how, calling_ae)
    except (OSError, PduFault):
        pass
    if not how.ends:
        await ours.hold()
        return
    counts = Counts(completed=stored, failed=how.objects - stored)
    status = SUCCESS if stored == how.objects else how.failure
    await ours.send(requests.response(request, status, counts))


async def _store(how: CallBack, calling_ae: str) -> int:
    """Return how many objects were stored. Raises ``OSError`` and ``PduFault``."""
    with socket.socket() as sock:
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, (how.address, how.port))
        theirs = LabConnection(sock, how.address)
        await theirs.send(
            associate_rq(how.called_ae.encode(), calling_ae, SECONDARY_CAPTURE_IMAGE_STORAGE)
        )
        if not is_accepted(await theirs.receive_pdu()):
            return 0
        stored = 0
        for number in range(1, how.objects + 1):
            stored += await _store_one(number, theirs)
        await theirs.send(pdu.pdu(PduType.RELEASE_RQ, bytes(4)))
        await theirs.receive_pdu()
        return stored


async def _store_one(number: int, theirs: LabConnection) -> bool:
    instance = f"{_STUDY}.{number}"
    await theirs.send(
        requests.store_request(CONTEXT_ID, number, SECONDARY_CAPTURE_IMAGE_STORAGE, instance)
        + requests.dataset(CONTEXT_ID, SECONDARY_CAPTURE_IMAGE_STORAGE, instance)
    )
    answer = await theirs.receive_pdu()
    if not isinstance(answer.content, Data):
        raise PduFault("no response to a C-STORE")
    commands = (each.command for each in answer.content.fragments)
    return any(command is not None and command.status == SUCCESS for command in commands)


def is_accepted(answer: Pdu) -> bool:
    """Return true for an A-ASSOCIATE-AC that accepts the context (PS3.8 9.3.3.2)."""
    if answer.kind is not PduType.ASSOCIATE_AC or not isinstance(answer.content, Associate):
        return False
    return any(each.is_accepted for each in answer.content.answered)


def associate_rq(called_ae: bytes, calling_ae: str, sop_class_uid: str) -> bytes:
    """A-ASSOCIATE-RQ for one SOP class (PS3.8 9.3.2).

    pynetdicom's own takes a title only as valid text; practice callers send any bytes.
    """
    syntaxes = item(0x30, sop_class_uid.encode()) + item(0x40, IMPLICIT_VR_LITTLE_ENDIAN.encode())
    user_information = (
        item(0x51, struct.pack(">L", pdu.MAX_PDU_BYTES))
        + item(0x52, pdu.IMPLEMENTATION_CLASS_UID.encode())
        + item(0x55, pdu.IMPLEMENTATION_VERSION.encode())
    )
    return pdu.pdu(
        PduType.ASSOCIATE_RQ,
        struct.pack(">H2x", 1)
        + called_ae.ljust(16)
        + calling_ae.encode().ljust(16)
        + bytes(32)
        + item(0x10, APPLICATION_CONTEXT.encode())
        + item(0x20, struct.pack(">B3x", CONTEXT_ID) + syntaxes)
        + item(0x50, user_information),
    )
